/* SPDX-License-Identifier: MIT */
/* show_output.c: numbers and texts as they are written. */
#include "show/output.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "../support/scale.h"

TestSuite(show_output, .timeout = SCALE_TIMEOUT);

static char text[512];
static pp_output begin(void) { return pp_output_to(-1, text, sizeof text); }
static const char *end(pp_output *out) {
  cr_assert(pp_output_end(out));
  return text;
}

static const char *real(double number, int digits) {
  pp_output out = begin();
  pp_put_real(&out, number, digits);
  return end(&out);
}

static const char *time_of(double ns) {
  pp_output out = begin();
  pp_put_time(&out, ns);
  return end(&out);
}

Test(show_output, numbers) {
  pp_output out = begin();
  pp_put_number(&out, UINT64_MAX);
  pp_put_char(&out, ' ');
  pp_put_signed(&out, INT64_MIN);
  pp_put_char(&out, ' ');
  pp_put_hex(&out, 0xdeadbeef);
  cr_assert_str_eq(end(&out), "18446744073709551615 -9223372036854775808 deadbeef");
}

Test(show_output, reals_are_rounded) {
  cr_assert_str_eq(real(3.14159, 2), "3.14");
  cr_assert_str_eq(real(2.9999, 2), "3.00");
  cr_assert_str_eq(real(-0.5, 0), "-1");
  cr_assert_str_eq(real(-0.001, 2), "0.00");
  cr_assert_str_eq(real(1234567.891, 3), "1234567.891");
  cr_assert_str_eq(real(0.05, 1), "0.1");
  cr_assert_str_eq(real((double)NAN, 1), "nan");
  cr_assert_str_eq(real(-(double)INFINITY, 1), "-inf");
}

Test(show_output, times_have_the_unit_that_fits) {
  cr_assert_str_eq(time_of(0), "0 ns");
  cr_assert_str_eq(time_of(412), "412 ns");
  cr_assert_str_eq(time_of(3210), "3.21 us");
  cr_assert_str_eq(time_of(15.04e6), "15.0 ms");
  cr_assert_str_eq(time_of(999.7e3), "1.00 ms");
  cr_assert_str_eq(time_of(2.5e9), "2.50 s");
  cr_assert_str_eq(time_of(250e9), "250 s");
}

Test(show_output, formats) {
  pp_output out = begin();
  pp_putf(&out, "%5d|%-5d|%s|%4s|%-4s|%c|%6.2f|%llu|%lld|%%", 42, 42, "text", "ab", "ab", 'c', 3.14159, 7ull, -7ll);
  cr_assert_str_eq(end(&out), "   42|42   |text|  ab|ab  |c|  3.14|7|-7|%");
}

Test(show_output, other_formats_texts) {
  pp_output out = begin();
  pp_put_json(&out, "a\"b\\c\n\x01\xc3\xa9\xff");
  cr_assert_str_eq(end(&out), "a\\\"b\\\\c\\u000a\\u0001\xc3\xa9?");
  out = begin();
  pp_put_xml(&out, "<a & \"b'>\x01\xc3\xa9\x80");
  cr_assert_str_eq(end(&out), "&#60;a &#38; &#34;b&#39;&#62;?\xc3\xa9?");
}

Test(show_output, what_looks_like_utf_8_and_is_not) {
  static const char *const wrong[] = {"\xed\xa0\x80", "\xed\xbf\xbf", "\xc1\xbf",         "\xe0\x9f\xbf",
                                      "\xef\xbf\xbf", "\xef\xbf\xbe", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80"};
  static const char *const right[] = {"\xed\x9f\xbf", "\xee\x80\x80",     "\xc2\x80",        "\xe0\xa0\x80",
                                      "\xef\xbf\xbd", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"};
  for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
    pp_output out = begin();
    pp_put_json(&out, wrong[k]);
    cr_assert_eq(strspn(end(&out), "?"), strlen(wrong[k]), "text %zu", k);
  }
  for (size_t k = 0; k < sizeof right / sizeof right[0]; k++) {
    pp_output out = begin();
    pp_put_xml(&out, right[k]);
    cr_assert_str_eq(end(&out), right[k], "text %zu", k);
  }
}

Test(show_output, what_does_not_fit_is_cut_off) {
  char room[8];
  pp_output out = pp_output_to(-1, room, sizeof room);
  pp_put(&out, "0123456789");
  cr_assert(pp_output_end(&out));
  cr_assert_str_eq(room, "0123456");
  cr_assert_eq(out.written, 10);
}

Test(show_output, a_file_gets_all_of_it_and_an_error_is_kept) {
  char buffer[64], back[300];
  int ends[2], full = open("/dev/full", O_WRONLY);
  pp_output out;
  cr_assert_eq(pipe(ends), 0);
  out = pp_output_to(ends[1], buffer, sizeof buffer);
  for (int k = 0; k < 100; k++) pp_put(&out, "ab");
  cr_assert(pp_output_end(&out));
  cr_assert_eq(read(ends[0], back, sizeof back), 200);
  (void)close(ends[0]);
  (void)close(ends[1]);
  if (full < 0) return;
  out = pp_output_to(full, buffer, sizeof buffer);
  for (int k = 0; k < 100; k++) pp_put(&out, "ab");
  cr_assert_not(pp_output_end(&out));
  cr_assert_neq(out.error, 0);
  (void)close(full);
}

static bool is_waiting(int number) {
  sigset_t waiting;
  cr_assert_eq(sigpending(&waiting), 0);
  return sigismember(&waiting, number) == 1;
}

/* What the signal would do to the program does not happen, and one of its own is left to it. */
Test(show_output, a_pipe_that_nobody_reads) {
  char buffer[64];
  int ends[2], taken;
  sigset_t pipes, after;
  cr_assert_eq(pipe(ends), 0);
  (void)close(ends[0]);
  (void)sigemptyset(&pipes);
  (void)sigaddset(&pipes, SIGPIPE);
  for (int round = 0; round < 2; round++) {
    pp_output out = pp_output_to(ends[1], buffer, sizeof buffer);
    pp_put(&out, "text");
    cr_assert_not(pp_output_end(&out));
    cr_assert_eq(out.error, EPIPE);
    cr_assert_eq(is_waiting(SIGPIPE), round == 1);
    cr_assert_eq(pthread_sigmask(SIG_BLOCK, &pipes, &after), 0);
    cr_assert_eq(sigismember(&after, SIGPIPE), round);
    if (round == 0) cr_assert_eq(raise(SIGPIPE), 0);
  }
  cr_assert_eq(sigwait(&pipes, &taken), 0);
  cr_assert_eq(pthread_sigmask(SIG_UNBLOCK, &pipes, NULL), 0);
  (void)close(ends[1]);
}

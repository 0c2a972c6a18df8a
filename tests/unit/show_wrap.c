/* SPDX-License-Identifier: MIT */
/* show_wrap.c: lines, and the numbers along an axis. */
#include "show/wrap.h"

#include <criterion/criterion.h>

#include "show/axis.h"

TestSuite(show_wrap);

static char text[512];
static pp_output out;

static const char *wrapped(const char *from, int columns, int indent) {
  out = pp_output_to(-1, text, sizeof text);
  pp_put_wrapped(&out, from, columns, indent);
  (void)pp_output_end(&out);
  return text;
}

static const char *times(uint64_t ns, int columns) {
  out = pp_output_to(-1, text, sizeof text);
  pp_put_time_axis(&out, ns, columns);
  (void)pp_output_end(&out);
  return text;
}

static const char *indices(int64_t index, int64_t step, uint64_t count, int columns) {
  out = pp_output_to(-1, text, sizeof text);
  pp_put_index_axis(&out, index, step, count, columns);
  (void)pp_output_end(&out);
  return text;
}

Test(show_wrap, lines_are_broken_at_spaces) {
  cr_expect_str_eq(wrapped("one two three", 80, 2), "one two three\n");
  cr_expect_str_eq(wrapped("one two three", 8, 2), "one two\n  three\n");
  cr_expect_str_eq(wrapped("  one two three", 8, 2), "  one\n  two\n  three\n");
  cr_expect_str_eq(wrapped("", 8, 2), "\n");
}

Test(show_wrap, what_is_longer_than_a_line_is_broken_anywhere) {
  cr_expect_str_eq(wrapped("abcdefghij", 4, 1), "abcd\n efg\n hij\n");
}

Test(show_wrap, letters_of_several_bytes_are_one_column) {
  cr_expect_eq(pp_wrap_width("\303\244\303\266\303\274"), 3);
  cr_expect_str_eq(wrapped("\303\244\303\266 \303\274", 4, 0), "\303\244\303\266 \303\274\n");
}

Test(show_wrap, what_commands_a_terminal_is_not_written) {
  cr_expect_str_eq(wrapped("a\tb\033[1m\n\177", 80, 0), "a?b?[1m??\n");
}

Test(show_wrap, times_have_one_unit_and_round_distances) {
  cr_expect_str_eq(times(100000, 40), "0 us    20      40      60      80");
  cr_expect_str_eq(times(1500, 40), "0 us         0.5           1.0");
  cr_expect_str_eq(times(0, 40), "0 ns    0.2     0.4     0.6     0.8");
}

Test(show_wrap, indices_have_the_last_one_at_the_end) {
  cr_expect_str_eq(indices(0, 1, 1000, 30), "0     200   400   600      999");
  cr_expect_str_eq(indices(10, -2, 5, 30), "10    8     6     4     2");
  cr_expect_str_eq(indices(7, 1, 1, 30), "7");
  cr_expect_str_eq(indices(0, 1, 1, 3), "0");
  cr_expect_str_eq(indices(INT64_MIN, 1, UINT64_MAX, 24), "-9223372036854775808"); /* there is no room for two */
}

/* SPDX-License-Identifier: MIT */
/* Schedules as text: tables of what is read and refused, round trips, short buffers, and mutated texts against a
 * regular expression that states the grammar a second time. */
#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>
#include <ppar/schedule.h>
#include <ppar/status.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "settings/schedule_text.h"

static bool same(ppar_schedule a, ppar_schedule b) {
  return a.kind == b.kind && a.order == b.order && a.chunk == b.chunk;
}

/* What no parse gives: shows that a refused text writes nothing. */
static const ppar_schedule untouched = {PPAR_SCHEDULE_RUNTIME, PPAR_ORDER_DEFAULT, -77};

/* From memory that ends with the text, so that the address sanitizer sees any byte read after it. */
static int parse_exact(const char *text, ppar_schedule *out) {
  const size_t size = strlen(text) + 1;
  char *copy = malloc(size);
  int status;
  cr_assert_not_null(copy);
  memcpy(copy, text, size);
  *out = untouched;
  status = ppar_schedule_parse(copy, out);
  free(copy);
  return status;
}

Test(settings_schedule_text, every_form_of_the_grammar_is_read) {
  const struct {
    const char *text;
    ppar_schedule schedule;
  } table[] = {
      {"auto", ppar_auto()},
      {"static", ppar_static(0)},
      {"dynamic", ppar_dynamic(0)},
      {"guided", ppar_guided(0)},
      {"static,1", ppar_static(1)},
      {"dynamic,64", ppar_dynamic(64)},
      {"guided,7", ppar_guided(7)},
      {"dynamic,0064", ppar_dynamic(64)},
      {"static,9223372036854775807", ppar_static(INT64_MAX)},
      {"static,00000000000000000000000009223372036854775807", ppar_static(INT64_MAX)},
      {"STATIC", ppar_static(0)},
      {"DyNaMiC,4", ppar_dynamic(4)},
      {" \t\n\v\f\rguided \t\n\v\f\r, \t\n\v\f\r3 \t\n\v\f\r", ppar_guided(3)},
      {"monotonic:dynamic,4", ppar_monotonic(ppar_dynamic(4))},
      {"nonmonotonic:dynamic", ppar_nonmonotonic(ppar_dynamic(0))},
      {"nonmonotonic:static,2", ppar_nonmonotonic(ppar_static(2))},
      {"monotonic:static", ppar_monotonic(ppar_static(0))},
      {"monotonic:auto", ppar_monotonic(ppar_auto())},
      {"nonmonotonic:guided,5", ppar_nonmonotonic(ppar_guided(5))},
      {" Monotonic : Guided , 5 ", ppar_monotonic(ppar_guided(5))},
  };
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    ppar_schedule schedule;
    cr_expect_eq(parse_exact(table[i].text, &schedule), PPAR_OK, "\"%s\"", table[i].text);
    cr_expect(same(schedule, table[i].schedule), "\"%s\"", table[i].text);
  }
}

Test(settings_schedule_text, any_other_text_is_refused_and_nothing_is_written) {
  /* clang-format off */
  static const char *const table[] = {
      "", " ", "\t\n", ",", ":", "4", ",4", "a", "stati", "statics", "static4", "static 4", "static;4", "static:4",
      "dynamic,", "dynamic, ", "dynamic,,4", "dynamic,4,", "dynamic,4,4", "dynamic,4 4", "dynamic,4x", "dynamic,x4",
      "dynamic,x", "dyn amic", "dynamic guided", "dynamic,-1", "dynamic,+1", "dynamic,0x10", "dynamic,1.0",
      "dynamic,1e3", "dynamic,\"4\"", "static,0", "static,000", "static,-0", "auto,4", "auto,", "auto,0",
      "monotonic:auto,1", "static,9223372036854775808", "static,9223372036854775810", "static,18446744073709551615",
      "static,18446744073709551617", "static,99999999999999999999999999999999999999",
      "runtime", "monotonic:runtime", "runtime,4", "monotonic", "monotonic:", "monotonic ", "monotonic: ",
      "monotonic,4", "monotonicdynamic", "monotonic dynamic", "monotonic::dynamic", "monotonic:dynamic:",
      "mono:dynamic", "monotonic:nonmonotonic:dynamic", "monotonic:monotonic:dynamic", "dynamic:monotonic", ":dynamic",
      "non monotonic:dynamic", "simd:dynamic", "affinity", "trapezoidal", "static_steal",
      "\xa0static", "static\xa0", "st\xe4tic", "static\x01"};
  /* clang-format on */
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    ppar_schedule schedule;
    cr_expect_eq(parse_exact(table[i], &schedule), PPAR_EINVAL, "\"%s\"", table[i]);
    cr_expect(same(schedule, untouched), "\"%s\"", table[i]);
  }
}

Test(settings_schedule_text, a_setting_may_have_a_chunk_of_0_and_one_of_auto) {
  const struct {
    const char *text;
    ppar_schedule schedule;
  } table[] = {
      {"static,0", ppar_static(0)},     {"dynamic,0", ppar_dynamic(0)},
      {"guided , 000", ppar_guided(0)}, {"auto,3", ppar_auto()},
      {"auto,0", ppar_auto()},          {"monotonic:auto,1", ppar_monotonic(ppar_auto())},
      {"dynamic,64", ppar_dynamic(64)}, {"nonmonotonic:static,0", ppar_nonmonotonic(ppar_static(0))},
      {"guided", ppar_guided(0)},       {"auto", ppar_auto()},
  };
  static const char *const bad[] = {"auto,",     "auto,x",    "auto,-1", "auto,99999999999999999999",
                                    "static,-0", "runtime,0", "runtime", "fast"};
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    ppar_schedule schedule = untouched;
    cr_expect_eq(pp_schedule_parse_setting(table[i].text, &schedule), PPAR_OK, "\"%s\"", table[i].text);
    cr_expect(same(schedule, table[i].schedule), "\"%s\"", table[i].text);
  }
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    ppar_schedule schedule = untouched;
    cr_expect_eq(pp_schedule_parse_setting(bad[i], &schedule), PPAR_EINVAL, "\"%s\"", bad[i]);
    cr_expect(same(schedule, untouched), "\"%s\"", bad[i]);
  }
}

Test(settings_schedule_text, only_the_six_white_space_characters_may_surround_a_text) {
  for (int byte = 1; byte < 256; byte++) {
    const char text[] = {(char)byte, 's', 't', 'a', 't', 'i', 'c', (char)byte, '\0'};
    const bool space = byte == ' ' || (byte >= 9 && byte <= 13);
    ppar_schedule schedule;
    cr_expect_eq(parse_exact(text, &schedule), space ? PPAR_OK : PPAR_EINVAL, "byte %d", byte);
  }
}

Test(settings_schedule_text, null_arguments_are_refused) {
  ppar_schedule schedule = untouched;
  char buffer[8] = "kept";
  cr_assert_eq(ppar_schedule_parse(NULL, &schedule), PPAR_EINVAL);
  cr_assert(same(schedule, untouched));
  cr_assert_eq(ppar_schedule_parse("static", NULL), PPAR_EINVAL);
  cr_assert_eq(ppar_schedule_format(ppar_auto(), NULL, 4), PPAR_EINVAL);
  cr_assert_eq(ppar_schedule_format(ppar_auto(), NULL, 0), 4);
  cr_assert_eq(ppar_schedule_format(ppar_auto(), buffer, 0), 4);
  cr_assert_str_eq(buffer, "kept");
}

Test(settings_schedule_text, schedules_are_written_in_the_shortest_form) {
  const struct {
    ppar_schedule schedule;
    const char *text;
  } table[] = {
      {ppar_auto(), "auto"},
      {ppar_runtime(), "runtime"},
      {ppar_static(0), "static"},
      {ppar_static(1), "static,1"},
      {ppar_guided(INT64_MAX), "guided,9223372036854775807"},
      {ppar_monotonic(ppar_dynamic(64)), "monotonic:dynamic,64"},
      {ppar_nonmonotonic(ppar_guided(0)), "nonmonotonic:guided"},
      {ppar_monotonic(ppar_runtime()), "monotonic:runtime"},
      {ppar_nonmonotonic(ppar_dynamic(INT64_MAX)), "nonmonotonic:dynamic,9223372036854775807"},
  };
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    char buffer[64];
    cr_expect_eq(ppar_schedule_format(table[i].schedule, buffer, sizeof buffer), (int)strlen(table[i].text));
    cr_expect_str_eq(buffer, table[i].text);
  }
}

Test(settings_schedule_text, what_is_written_reads_back_as_the_same_schedule) {
  static const int64_t chunks[] = {0, 1, 2, 9, 10, 64, 99, 1000000, INT32_MAX, INT64_MAX - 1, INT64_MAX};
  for (int kind = PPAR_SCHEDULE_AUTO; kind <= PPAR_SCHEDULE_GUIDED; kind++) {
    for (int order = PPAR_ORDER_DEFAULT; order <= PPAR_ORDER_NONMONOTONIC; order++) {
      for (size_t c = 0; c < sizeof chunks / sizeof chunks[0]; c++) {
        ppar_schedule schedule = {(ppar_schedule_kind)kind, (ppar_schedule_order)order, chunks[c]}, back;
        char buffer[64];
        if (!pp_schedule_is_valid(schedule)) continue;
        cr_expect_gt(ppar_schedule_format(schedule, buffer, sizeof buffer), 0);
        cr_expect_eq(parse_exact(buffer, &back), PPAR_OK, "\"%s\"", buffer);
        cr_expect(same(back, schedule), "\"%s\"", buffer);
      }
    }
  }
}

Test(settings_schedule_text, a_short_buffer_gets_what_fits_terminated_and_the_length_is_the_whole_texts) {
  const ppar_schedule schedule = ppar_nonmonotonic(ppar_dynamic(INT64_MAX));
  const char *whole = "nonmonotonic:dynamic,9223372036854775807";
  for (size_t size = 1; size <= strlen(whole) + 2; size++) {
    const size_t kept = size - 1 < strlen(whole) ? size - 1 : strlen(whole);
    char *buffer = malloc(size); /* exactly so large: the address sanitizer sees a byte more */
    cr_assert_not_null(buffer);
    memset(buffer, '#', size);
    cr_expect_eq(ppar_schedule_format(schedule, buffer, size), (int)strlen(whole));
    cr_expect_eq(strlen(buffer), kept);
    cr_expect_eq(strncmp(buffer, whole, kept), 0);
    free(buffer);
  }
}

Test(settings_schedule_text, invalid_schedules_are_told_and_not_written) {
  const ppar_schedule invalid[] = {
      ppar_static(-1),
      ppar_dynamic(INT64_MIN),
      {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 4},
      {PPAR_SCHEDULE_RUNTIME, PPAR_ORDER_DEFAULT, 4},
      {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, -1},
      {(ppar_schedule_kind)5, PPAR_ORDER_DEFAULT, 0},
      {(ppar_schedule_kind)-1, PPAR_ORDER_DEFAULT, 0},
      {(ppar_schedule_kind)INT32_MIN, PPAR_ORDER_DEFAULT, 0},
      {PPAR_SCHEDULE_STATIC, (ppar_schedule_order)3, 0},
      {PPAR_SCHEDULE_STATIC, (ppar_schedule_order)-1, 0},
  };
  for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
    char buffer[8] = "kept";
    cr_expect_not(pp_schedule_is_valid(invalid[i]), "entry %zu", i);
    cr_expect_eq(ppar_schedule_format(invalid[i], buffer, sizeof buffer), PPAR_EINVAL, "entry %zu", i);
    cr_expect_str_eq(buffer, "kept");
  }
}

Test(settings_schedule_text, all_zero_is_auto_and_everything_the_constructors_make_is_valid) {
  const ppar_schedule zero = {PPAR_SCHEDULE_AUTO, PPAR_ORDER_DEFAULT, 0};
  const ppar_schedule valid[] = {zero,
                                 ppar_auto(),
                                 ppar_static(0),
                                 ppar_static(3),
                                 ppar_dynamic(0),
                                 ppar_dynamic(INT64_MAX),
                                 ppar_guided(1),
                                 ppar_runtime(),
                                 ppar_monotonic(ppar_runtime()),
                                 ppar_nonmonotonic(ppar_auto())};
  cr_assert(same(zero, ppar_auto()));
  for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++) cr_expect(pp_schedule_is_valid(valid[i]), "entry %zu", i);
}

/* The grammar once more, for mutated texts: in the C locale, where [[:space:]] is ASCII's. */
#define SPACE "[[:space:]]*"
static const char *const grammar = "^" SPACE "((monotonic|nonmonotonic)" SPACE ":" SPACE
                                   ")?"
                                   "((auto)|(static|dynamic|guided)" SPACE "(," SPACE "([0-9]+))?)" SPACE "$";

static bool grammar_reads(const regex_t *regex, const char *text, ppar_schedule *out) {
  regmatch_t part[8];
  *out = ppar_auto();
  if (regexec(regex, text, 8, part, 0) != 0) return false;
  if (part[2].rm_so >= 0) {
    *out = part[2].rm_eo - part[2].rm_so == 9 ? ppar_monotonic(*out) : ppar_nonmonotonic(*out);
  }
  if (part[5].rm_so >= 0) {
    const char initial = text[part[5].rm_so] | ' ';
    out->kind = initial == 's' ? PPAR_SCHEDULE_STATIC : initial == 'd' ? PPAR_SCHEDULE_DYNAMIC : PPAR_SCHEDULE_GUIDED;
  }
  if (part[7].rm_so >= 0) {
    errno = 0;
    out->chunk = strtoll(text + part[7].rm_so, NULL, 10);
    if (errno == ERANGE || out->chunk == 0) return false;
  }
  return true;
}

static uint64_t next_random(uint64_t *state) { /* xorshift64 */
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

/* One edit: a byte replaced, inserted or removed, letter case turned, or the tail cut. */
static void mutate(char *text, size_t capacity, uint64_t *state) {
  static const char alphabet[] = "  \t\n:,,09184zmnosaMNSACDUG\xa0\x7f";
  const size_t length = strlen(text);
  const size_t at = (size_t)(next_random(state) % (length + 1));
  const char byte = alphabet[next_random(state) % (sizeof alphabet - 1)];
  switch (next_random(state) % 8) {
    case 0:
      if (at < length) text[at] = byte;
      break;
    case 1:
      if (at < length) memmove(text + at, text + at + 1, length - at);
      break;
    case 2: text[at] = '\0'; break;
    case 3:
    case 4:
      if (at < length) text[at] ^= (text[at] >= 'A' && text[at] <= 'z') ? ' ' : 0;
      break;
    default: /* most often white space or a digit where it may stand */
      if (length + 1 < capacity) {
        memmove(text + at + 1, text + at, length - at + 1);
        text[at] = byte;
      }
  }
}

Test(settings_schedule_text, mutated_texts_are_read_or_refused_as_the_grammar_says) {
  static const char *const seeds[] = {"auto",
                                      "static",
                                      "dynamic,64",
                                      "guided , 7",
                                      "monotonic:dynamic,4",
                                      "nonmonotonic : static , 922337203685477580"};
  enum { ROUNDS = 60000 };
  uint64_t state = UINT64_C(88172645463325252);
  int accepted = 0;
  regex_t regex;
  cr_assert_eq(regcomp(&regex, grammar, REG_EXTENDED | REG_ICASE), 0);
  for (int round = 0; round < ROUNDS; round++) {
    char text[80];
    ppar_schedule expected, actual;
    bool readable;
    strcpy(text, seeds[next_random(&state) % (sizeof seeds / sizeof seeds[0])]);
    for (uint64_t edits = 1 + next_random(&state) % 4; edits > 0; edits--) mutate(text, sizeof text, &state);
    readable = grammar_reads(&regex, text, &expected);
    if (parse_exact(text, &actual) != (readable ? PPAR_OK : PPAR_EINVAL)) cr_assert_fail("\"%s\"", text);
    if (!same(actual, readable ? expected : untouched)) cr_assert_fail("\"%s\" is read differently", text);
    accepted += readable;
  }
  regfree(&regex);
  cr_assert(accepted > ROUNDS / 20 && accepted < ROUNDS / 2, "%d of %d texts are valid", accepted, ROUNDS);
}

/* SPDX-License-Identifier: MIT */
/* criterion.h: the part of Criterion's interface that our tests use, over a runner of our own (runner.c).
 *
 * Criterion itself cannot run under ThreadSanitizer (its arena wants addresses that the sanitizer keeps for
 * itself) and does not look at how a test's process ended, where Valgrind and LeakSanitizer tell what they
 * found. Builds with tests_runner=plain compile the same tests against this file instead. */
#ifndef PLAIN_CRITERION_H
#define PLAIN_CRITERION_H

#pragma GCC system_header /* some macros take no variable arguments, which -pedantic refuses */

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct plain_options {
  void (*init)(void);
  void (*fini)(void);
  int signal;    /* that the test must end by */
  int exit_code; /* that it must end with */
  bool disabled;
  const char *description;
  double timeout; /* seconds */
  int unused_;
} plain_options;

typedef struct plain_test {
  const char *suite;
  const char *name;
  void (*run)(void);
  plain_options options;
  struct plain_test *next;
} plain_test;

typedef struct plain_suite {
  const char *name;
  plain_options options;
  struct plain_suite *next;
} plain_suite;

void plain_add_test(plain_test *test);
void plain_add_suite(plain_suite *suite);

/* Prints the failure; ends the test when fatal. */
void plain_fail(bool fatal, const char *file, int line, const char *what, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
_Noreturn void plain_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));
void plain_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define Test(suite_, name_, ...)                                                                                      \
  static void suite_##_##name_##_impl(void);                                                                          \
  static plain_test suite_##_##name_##_test = {                                                                       \
      .suite = #suite_, .name = #name_, .run = suite_##_##name_##_impl, .options = {.unused_ = 0, __VA_ARGS__}};      \
  __attribute__((constructor)) static void suite_##_##name_##_add(void) { plain_add_test(&suite_##_##name_##_test); } \
  static void suite_##_##name_##_impl(void)

#define TestSuite(name_, ...)                                                                           \
  static plain_suite name_##_suite = {.name = #name_, .options = {.unused_ = 0, __VA_ARGS__}};          \
  __attribute__((constructor)) static void name_##_suite_add(void) { plain_add_suite(&name_##_suite); } \
  struct plain_suite

#define PLAIN_CHECK(fatal, condition, what, ...)                                       \
  do {                                                                                 \
    if (!(condition)) plain_fail((fatal), __FILE__, __LINE__, (what), "" __VA_ARGS__); \
  } while (0)

#define cr_assert(condition, ...) PLAIN_CHECK(true, condition, #condition, __VA_ARGS__)
#define cr_assert_not(condition, ...) PLAIN_CHECK(true, !(condition), "not " #condition, __VA_ARGS__)
#define cr_assert_eq(a, b, ...) PLAIN_CHECK(true, (a) == (b), #a " == " #b, __VA_ARGS__)
#define cr_assert_neq(a, b, ...) PLAIN_CHECK(true, (a) != (b), #a " != " #b, __VA_ARGS__)
#define cr_assert_lt(a, b, ...) PLAIN_CHECK(true, (a) < (b), #a " < " #b, __VA_ARGS__)
#define cr_assert_leq(a, b, ...) PLAIN_CHECK(true, (a) <= (b), #a " <= " #b, __VA_ARGS__)
#define cr_assert_gt(a, b, ...) PLAIN_CHECK(true, (a) > (b), #a " > " #b, __VA_ARGS__)
#define cr_assert_geq(a, b, ...) PLAIN_CHECK(true, (a) >= (b), #a " >= " #b, __VA_ARGS__)
#define cr_assert_null(a, ...) PLAIN_CHECK(true, (a) == NULL, #a " is NULL", __VA_ARGS__)
#define cr_assert_not_null(a, ...) PLAIN_CHECK(true, (a) != NULL, #a " is not NULL", __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...) PLAIN_CHECK(true, strcmp((a), (b)) == 0, #a " equals " #b, __VA_ARGS__)
#define cr_assert_str_neq(a, b, ...) PLAIN_CHECK(true, strcmp((a), (b)) != 0, #a " differs from " #b, __VA_ARGS__)
#define cr_assert_str_empty(a, ...) PLAIN_CHECK(true, (a)[0] == '\0', #a " is empty", __VA_ARGS__)
#define cr_assert_arr_eq(a, b, size, ...) \
  PLAIN_CHECK(true, memcmp((a), (b), (size)) == 0, #a " equals " #b, __VA_ARGS__)
#define cr_assert_float_eq(a, b, error, ...) \
  PLAIN_CHECK(true, fabs((double)((a) - (b))) <= (double)(error), #a " is within " #error " of " #b, __VA_ARGS__)
#define cr_assert_fail(...) PLAIN_CHECK(true, false, "fail", __VA_ARGS__)
#define cr_fatal(...) cr_assert_fail(__VA_ARGS__)

#define cr_expect(condition, ...) PLAIN_CHECK(false, condition, #condition, __VA_ARGS__)
#define cr_expect_not(condition, ...) PLAIN_CHECK(false, !(condition), "not " #condition, __VA_ARGS__)
#define cr_expect_eq(a, b, ...) PLAIN_CHECK(false, (a) == (b), #a " == " #b, __VA_ARGS__)
#define cr_expect_neq(a, b, ...) PLAIN_CHECK(false, (a) != (b), #a " != " #b, __VA_ARGS__)
#define cr_expect_lt(a, b, ...) PLAIN_CHECK(false, (a) < (b), #a " < " #b, __VA_ARGS__)
#define cr_expect_leq(a, b, ...) PLAIN_CHECK(false, (a) <= (b), #a " <= " #b, __VA_ARGS__)
#define cr_expect_gt(a, b, ...) PLAIN_CHECK(false, (a) > (b), #a " > " #b, __VA_ARGS__)
#define cr_expect_geq(a, b, ...) PLAIN_CHECK(false, (a) >= (b), #a " >= " #b, __VA_ARGS__)
#define cr_expect_null(a, ...) PLAIN_CHECK(false, (a) == NULL, #a " is NULL", __VA_ARGS__)
#define cr_expect_not_null(a, ...) PLAIN_CHECK(false, (a) != NULL, #a " is not NULL", __VA_ARGS__)
#define cr_expect_str_eq(a, b, ...) PLAIN_CHECK(false, strcmp((a), (b)) == 0, #a " equals " #b, __VA_ARGS__)

#define cr_skip_test(...) plain_skip("" __VA_ARGS__)
#define cr_log_info(...) plain_log("" __VA_ARGS__)
#define cr_log_warn(...) plain_log("" __VA_ARGS__)

#endif

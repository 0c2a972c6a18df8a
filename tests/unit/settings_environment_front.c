/* SPDX-License-Identifier: MIT */
/* settings_environment_front.c: variables of other names, which a library in front of this one hands on: which of
 * several counts, what is told of bad ones, and that nobody else looks at them. */
#include <criterion/criterion.h>

#include "settings_environment_reading.h"

static const char *read_spins(pp_environment *environment, const char *text) {
  if (strcmp(text, "some") != 0) return "is not some";
  environment->spin_ns = 123;
  return NULL;
}

static void print_spins(FILE *stream, const pp_environment *environment) {
  fprintf(stream, "%s spins", environment->wait == PPAR_WAIT_PASSIVE ? "no" : "few");
}

static const pp_front_variable variables[] = {
    {.name = "GCC_STACK", .variable = PP_VARIABLE_STACKSIZE},
    {.name = "GCC_SPINS", .variable = PP_VARIABLE_WAIT_POLICY, .before_omp = true, .parse = read_spins},
    {.name = "GCC_WORDS", .variable = PP_VARIABLE_WAIT_POLICY, .parse = read_spins, .print = print_spins},
};
static const pp_environment_front front = {.variables = variables, .count = sizeof variables / sizeof variables[0]};

static reading read_two(const char *name, const char *value, const char *other, const char *other_value) {
  const setting settings[] = {{name, value}, {other, other_value}, {NULL, NULL}};
  pp_environment_set_front(&front);
  return read_settings(settings);
}

static void forget_front(reading *r) {
  pp_environment_set_front(NULL);
  release(r);
}

Test(environment_front, a_variable_without_a_grammar_of_its_own_has_that_of_its_twin) {
  reading r = read_two("GCC_STACK", "2M", NULL, NULL);
  cr_assert_eq(r.warnings, 0, "%s", r.log);
  cr_assert_eq(r.environment.stack_size, (size_t)2 << 20);
  cr_assert_eq(r.environment.source[PP_VARIABLE_STACKSIZE], PP_SOURCE_FRONT);
  cr_assert_str_eq(r.environment.front_names[PP_VARIABLE_STACKSIZE], "GCC_STACK");
  forget_front(&r);
}

Test(environment_front, omp_comes_first_unless_the_variable_is_before_it) {
  reading r = read_two("GCC_STACK", "2M", "OMP_STACKSIZE", "1M");
  cr_assert_eq(r.environment.stack_size, (size_t)1 << 20);
  forget_front(&r);
  r = read_two("GCC_SPINS", "some", "OMP_WAIT_POLICY", "passive");
  cr_assert_eq(r.environment.wait, PPAR_WAIT_DEFAULT);
  cr_assert_eq(r.environment.spin_ns, 123);
  forget_front(&r);
}

Test(environment_front, ppar_comes_before_all) {
  reading r = read_two("GCC_SPINS", "some", "PPAR_WAIT_POLICY", "active");
  cr_assert_eq(r.environment.wait, PPAR_WAIT_ACTIVE);
  cr_assert_eq(r.environment.spin_ns, 0);
  forget_front(&r);
}

Test(environment_front, a_bad_value_is_told_of_with_what_is_used_instead) {
  reading r = read_two("GCC_SPINS", "none", "OMP_WAIT_POLICY", "passive");
  cr_assert_eq(r.warnings, 1);
  cr_assert_str_eq(r.log, "ppar: GCC_SPINS=\"none\" is not some; using passive from OMP_WAIT_POLICY\n");
  forget_front(&r);
  r = read_two("OMP_STACKSIZE", "big", "GCC_STACK", "2M");
  cr_assert_eq(r.warnings, 1);
  cr_assert(strstr(r.log, "; using 2048K from GCC_STACK\n") != NULL, "%s", r.log);
  forget_front(&r);
}

Test(environment_front, what_is_used_instead_is_said_in_the_words_of_the_variable) {
  reading r = read_two("GCC_WORDS", "none", NULL, NULL);
  cr_assert_str_eq(r.log, "ppar: GCC_WORDS=\"none\" is not some; using few spins\n");
  forget_front(&r);
  r = read_two("OMP_WAIT_POLICY", "none", "GCC_WORDS", "some");
  cr_assert_str_eq(r.log,
                   "ppar: OMP_WAIT_POLICY=\"none\" is neither active nor passive; using spin 123 ns, then sleep from "
                   "GCC_WORDS\n");
  forget_front(&r);
}

Test(environment_front, without_a_front_nobody_looks_at_them) {
  const setting settings[] = {{"GCC_STACK", "2M"}, {"GCC_SPINS", "none"}, {NULL, NULL}};
  reading r = read_settings(settings);
  cr_assert_eq(r.warnings, 0);
  assert_is_default(&r.environment, "no front");
  release(&r);
}

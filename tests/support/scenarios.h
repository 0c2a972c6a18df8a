/* SPDX-License-Identifier: MIT */
/* scenarios.h: tests of how a process ends. Each scenario is the test program run again, with the scenario's name in
 * the environment: a constructor takes over before the tests' main function starts. */
#ifndef TESTS_SCENARIOS_H
#define TESTS_SCENARIOS_H

#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "children.h"
#include "scale.h"

#define SCENARIO_VARIABLE "PPAR_TEST_SCENARIO"

enum { RIGHT = 17, WRONG = 18 }; /* how children end */

extern char **environ;

struct scenario {
  const char *name;
  int (*run)(void); /* what it returns the process exits with */
};

#define SCENARIO(name) \
  { #name, name }

/* For a constructor: returns where this is no scenario's process. */
static inline void scenarios_take_over(const struct scenario *scenarios, size_t count) {
  const char *name = getenv(SCENARIO_VARIABLE);
  if (name == NULL) return;
  for (size_t s = 0; s < count; s++) {
    if (strcmp(name, scenarios[s].name) == 0) exit(scenarios[s].run());
  }
  _exit(WRONG);
}

static inline void scenarios_expect_prompt_end(const char *name, int times) {
  char program[] = "/proc/self/exe";
  char *arguments[] = {program, NULL};
  if (scale_is_emulated()) cr_skip_test("Valgrind cannot run a program by this name");
  for (int round = 0; round < times; round++) {
    pid_t child = 0;
    setenv(SCENARIO_VARIABLE, name, 1);
    cr_assert_eq(posix_spawn(&child, program, NULL, NULL, arguments, environ), 0);
    cr_assert_eq(children_await(child), RIGHT, "in round %d of %s", round, name);
  }
}

#endif

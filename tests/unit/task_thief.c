/* SPDX-License-Identifier: MIT */
/* task_thief.c: when a thread looks for others' tasks again, by how long those took that it has stolen. Time is the
 * test's to say. */
#include "task/thief.h"

#include <criterion/criterion.h>

#include "../support/scale.h"

TestSuite(task_thief, .timeout = SCALE_TIMEOUT);

enum { THEFT = 200, MOST = 10000, SHORT = THEFT - 1 };

static pp_thief thief;
static uint64_t now;

static void steal(uint64_t takes) {
  pp_thief_ran(&thief, now, now + takes, THEFT, MOST);
  now += takes;
}

/* How long from now on it does not look. */
static uint64_t look(void) {
  uint64_t gap = thief.gap;
  if (gap == 0) {
    cr_assert(!pp_thief_waits(&thief, now));
  } else {
    cr_assert(pp_thief_waits(&thief, now) && pp_thief_waits(&thief, now + gap - 1));
    cr_assert(!pp_thief_waits(&thief, now + gap));
  }
  return gap;
}

static void begin(void) {
  thief = (pp_thief){0};
  now = 1000000;
}

Test(task_thief, one_that_has_stolen_nothing_looks_all_the_time) {
  begin();
  cr_assert_eq(look(), 0);
}

Test(task_thief, after_short_tasks_it_waits_for_longer_and_longer) {
  begin();
  for (uint64_t gap = THEFT; gap < 8 * MOST; gap *= 2) {
    steal(SHORT);
    cr_assert_eq(look(), gap < MOST ? gap : MOST);
  }
}

Test(task_thief, after_one_that_was_worth_it_it_looks_all_the_time_again) {
  begin();
  for (int k = 0; k < 20; k++) steal(0);
  steal(THEFT);
  cr_assert_eq(look(), 0);
  steal(SHORT);
  cr_assert_eq(look(), THEFT);
}

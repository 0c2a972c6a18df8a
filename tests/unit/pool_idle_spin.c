/* SPDX-License-Identifier: MIT */
/* pool_idle_spin.c: how long a worker spins, by what has happened to it. Time is the test's to say. */
#include "pool/idle_spin.h"

#include <criterion/criterion.h>

#include "../support/scale.h"

TestSuite(pool_idle_spin, .timeout = SCALE_TIMEOUT);

enum { SHORTEST = 10, USUAL = 100, LONGEST = 500 };

static pp_idle_spin spin;

static void begin(void) { spin = pp_idle_spin_make(SHORTEST, USUAL, LONGEST); }

Test(pool_idle_spin, a_worker_begins_with_the_usual_time_and_work_leaves_it_there) {
  begin();
  cr_assert_eq(spin.now, USUAL);
  pp_idle_spin_worked(&spin);
  cr_assert_eq(spin.now, USUAL);
}

/* Programs share their CPUs for a moment, and then compute alone for hours. */
Test(pool_idle_spin, one_that_has_lost_its_cpu_spins_for_the_usual_time_again_once_it_has_worked) {
  static const uint64_t then[] = {20, 40, 80, USUAL, USUAL};
  begin();
  pp_idle_spin_lost_cpu(&spin);
  cr_assert_eq(spin.now, SHORTEST);
  for (size_t k = 0; k < sizeof then / sizeof *then; k++) {
    pp_idle_spin_worked(&spin);
    cr_assert_eq(spin.now, then[k]);
  }
}

Test(pool_idle_spin, one_that_is_called_soon_after_it_fell_asleep_spins_for_longer) {
  static const uint64_t then[] = {200, 400, LONGEST, LONGEST};
  begin();
  for (size_t k = 0; k < sizeof then / sizeof *then; k++) {
    pp_idle_spin_slept(&spin, LONGEST - 1);
    cr_assert_eq(spin.now, then[k]);
    pp_idle_spin_worked(&spin);
    cr_assert_eq(spin.now, then[k]);
  }
  pp_idle_spin_slept(&spin, LONGEST);
  cr_assert_eq(spin.now, USUAL);
}

Test(pool_idle_spin, a_long_sleep_does_not_lengthen_what_a_lost_cpu_has_shortened) {
  begin();
  pp_idle_spin_lost_cpu(&spin);
  pp_idle_spin_slept(&spin, 10 * LONGEST);
  cr_assert_eq(spin.now, SHORTEST);
}

/* Passive waits, or a time that the user has chosen. */
Test(pool_idle_spin, where_all_three_times_are_the_same_it_never_changes) {
  static const uint64_t times[] = {0, 5, 1000};
  for (size_t k = 0; k < sizeof times / sizeof *times; k++) {
    spin = pp_idle_spin_make(times[k] < SHORTEST ? SHORTEST : times[k], times[k], times[k]);
    pp_idle_spin_lost_cpu(&spin);
    pp_idle_spin_worked(&spin);
    pp_idle_spin_slept(&spin, 0);
    pp_idle_spin_slept(&spin, UINT64_MAX);
    cr_assert_eq(spin.now, times[k]);
  }
}

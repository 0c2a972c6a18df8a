/* SPDX-License-Identifier: MIT */
/* clock.c: the clock counts seconds, never goes back, and is one for all threads. */
#include <time.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(clock, .timeout = SCALE_TIMEOUT);

static double system_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Both are read as doubles, whose rounding grows with the time since the machine was started. */
static double rounding(double seconds) { return seconds * 0x1p-51; }

Test(clock, it_counts_the_seconds_that_pass) {
  const struct timespec pause = {0, 20 * 1000 * 1000};
  double outer = system_clock(), begin = ppar_wtime(), inner = system_clock(), passed;
  nanosleep(&pause, NULL);
  inner = system_clock() - inner;
  passed = ppar_wtime() - begin;
  outer = system_clock() - outer;
  cr_expect_geq(passed, inner - rounding(begin));
  cr_expect_leq(passed, outer + rounding(begin));
}

Test(clock, its_tick_is_a_part_of_a_second) {
  double tick = ppar_wtick();
  cr_expect(tick > 0 && tick <= 1, "%g", tick);
  cr_expect_eq(tick, ppar_wtick());
}

/* Chunks in turn, on whichever thread: each reads a time that is not before the one that the turn before left. */
struct watch {
  struct findings found;
  double latest;
};

static void watch(ppar_team *team, void *arg) {
  struct watch *w = arg;
  ppar_prange(team, i, 0, 2000, PPAR_OPTIONS(.schedule = ppar_dynamic(1))) {
    ppar_ordered_begin(team, i);
    double now = ppar_wtime();
    EXPECT(&w->found, now >= w->latest);
    w->latest = now;
    ppar_ordered_end(team, i);
  }
}

Test(clock, it_never_goes_back_from_one_thread_to_another) {
  struct watch w = {{0, NULL}, 0};
  cr_assert_eq(ppar_parallel(watch, &w, PPAR_OPTIONS(.threads = 4)), PPAR_OK);
  ASSERT_CLEAN(&w.found, "ordered iterations");
}

/* SPDX-License-Identifier: MIT */
/* teams.h: sizes of teams to sweep over, and threads that wait for each other without the library's help. */
#ifndef TESTS_TEAMS_H
#define TESTS_TEAMS_H

#include <ppar/ppar.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

enum { TEAMS_SIZES = 5, TEAMS_MOST = 33 };
static const int teams_sizes[TEAMS_SIZES] = {1, 2, 3, 8, TEAMS_MOST};

#ifdef TEAMS_BY_MACRO
/* Regions whose static pranges the macros open, as in release builds of the library. */
struct teams_by_macro {
  ppar_region *region;
  void *arg;
};

static void teams_region_by_macro(ppar_team *team, void *arg) {
  const struct teams_by_macro by_macro = *(const struct teams_by_macro *)arg;
  ppar_team_head_of_(team)->by_macro = PPAR_BY_MACRO_;
  by_macro.region(team, by_macro.arg);
}

static inline int teams_parallel(ppar_region *region, void *arg, const ppar_options *options) {
  return ppar_parallel(teams_region_by_macro, &(struct teams_by_macro){region, arg}, options);
}

#define ppar_parallel(region, arg, options) teams_parallel((region), (arg), (options))
#endif

static inline int teams_run(int threads, ppar_region *region, void *arg) {
  return ppar_parallel(region, arg, PPAR_OPTIONS(.threads = threads));
}

/* Waits until the count is reached. False after half a minute: whoever should count does not come. */
static inline bool teams_await(_Atomic uint64_t *count, uint64_t expected) {
  const struct timespec pause = {0, 100 * 1000};
  for (int tries = 0; tries < 300 * 1000; tries++) {
    if (atomic_load(count) >= expected) return true;
    if (tries < 100) {
      sched_yield();
    } else {
      nanosleep(&pause, NULL);
    }
  }
  return false;
}

/* Counts the thread and waits for the others. */
static inline bool teams_meet(_Atomic uint64_t *count, uint64_t expected) {
  atomic_fetch_add(count, 1);
  return teams_await(count, expected);
}

static inline void teams_sleep(long microseconds) {
  nanosleep(&(struct timespec){microseconds / 1000000, microseconds % 1000000 * 1000}, NULL);
}

/* A number that belongs to the calling system thread, and to no other one ever. */
static inline uint64_t teams_system_thread(void) {
  static _Atomic uint64_t last;
  static _Thread_local uint64_t own;
  if (own == 0) own = atomic_fetch_add(&last, 1) + 1;
  return own;
}

#endif

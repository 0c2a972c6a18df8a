/* SPDX-License-Identifier: MIT */
/* limit.h: OMP_THREAD_LIMIT and thread_limit clauses: how many threads the regions of one contention group may have at
 * once. Such a group is what a thread of the program begins outside of all regions, or what one team of a league does.
 * Threads that idle between regions do not count, and where there is no limit nothing is counted. */
#ifndef PP_GOMP_LIMIT_H
#define PP_GOMP_LIMIT_H

#include <ppar/loop.h>

#include "gomp/region.h"

/* How many of so many threads the region may have, which the task `here` is about to begin. */
uint32_t pp_omp_limit_take(pp_omp_region *region, const pp_omp_data *here, uint32_t threads);

/* The region's thread 0: it has this many, and others may have the rest. Where regions may have fewer threads than they
 * ask for, or the system has no more, that is known only as the region has begun; 1, at its end. */
void pp_omp_limit_keep(pp_omp_region *region, uint32_t threads);

static inline bool pp_omp_is_limited(const pp_omp_icvs *icvs) { return icvs->thread_limit < PPAR_MAX_THREADS; }

/* The same for regions that a limit holds for, and for others. Where there is none that is one comparison. */
static inline uint32_t pp_omp_limit(pp_omp_region *region, const pp_omp_data *here, uint32_t threads) {
  if (PPAR_SELDOM_(pp_omp_is_limited(here->icvs))) return pp_omp_limit_take(region, here, threads);
  return threads;
}

static inline void pp_omp_limit_begin(pp_omp_region *region, uint32_t thread, uint32_t threads) {
  if (PPAR_SELDOM_(pp_omp_is_limited(&region->icvs)) && thread == 0) pp_omp_limit_keep(region, threads);
}

static inline void pp_omp_limit_end(pp_omp_region *region) {
  if (PPAR_SELDOM_(pp_omp_is_limited(&region->icvs))) pp_omp_limit_keep(region, 1);
}

#endif

/* SPDX-License-Identifier: MIT */
/* asleep.h: a loop of which some neighbouring iterations take long, and nobody can know it: they sleep, as those do
 * that wait for a disk or another machine. The others do next to nothing. */
#ifndef BENCH_ASLEEP_H
#define BENCH_ASLEEP_H

#include <time.h>

#include "peers/serve.h"

/* Sixteen iterations sleep two milliseconds each: from job->outer on, or where that is negative the last ones. */
enum { BENCH_ASLEEP_COUNT = 16, BENCH_ASLEEP_NS = 2000000 };

static inline void bench_asleep_iteration(const bench_job *job, int64_t i) {
  const struct timespec nap = {0, BENCH_ASLEEP_NS};
  int64_t first = job->outer < 0 ? job->n - BENCH_ASLEEP_COUNT : job->outer;
  if (i >= first && i < first + BENCH_ASLEEP_COUNT) {
    nanosleep(&nap, NULL);
  } else {
    bench_nothing();
  }
}

#endif

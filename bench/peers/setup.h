/* SPDX-License-Identifier: MIT */
/* setup.h: a body that prepares something in each call, before its iterations: memory, a generator, a plan. */
#ifndef BENCH_SETUP_H
#define BENCH_SETUP_H

#include "peers/serve.h"
#include "peers/times.h"

/* Computes for job->outer microseconds by the clock. */
static inline void bench_setup(const bench_job *job) {
  double end = job->outer > 0 ? bench_now_ns() + job->outer * 1e3 : 0;
  while (end > 0 && bench_now_ns() < end) {
  }
}

#endif

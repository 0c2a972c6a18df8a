/* SPDX-License-Identifier: MIT */
/* idle.h: small loops with gaps between, the same in all peers but for the loop itself. */
#ifndef BENCH_IDLE_H
#define BENCH_IDLE_H

#include "peers/serve.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The small loop: some 1.6 us on one thread. */
enum { BENCH_IDLE_ITERATIONS = 16, BENCH_IDLE_UNITS = BENCH_MICROSECOND / 10 };

static inline void bench_idle_iteration(void) { bench_keep(bench_work(BENCH_IDLE_UNITS)); }

/* Calls loop(job) after each of job->n gaps of job->outer microseconds, in which the calling thread sleeps. Reports the
 * median time of the calls, and as figures their 99th percentile, and the processor time that all other threads of
 * this process used in the gaps, as a percentage of the gaps' time. */
void bench_idle_run(bench_job *job, bench_run *loop);

#ifdef __cplusplus
}
#endif

#endif

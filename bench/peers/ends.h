/* SPDX-License-Identifier: MIT */
/* ends.h: what a loop costs its caller before its first iteration and after its last one. */
#ifndef BENCH_ENDS_H
#define BENCH_ENDS_H

#include "peers/serve.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Iterations a thread, of some microsecond. */
enum { BENCH_ENDS_SHARE = 4 };

static inline int64_t bench_ends_iterations(const bench_job *job) { return job->threads * (int64_t)BENCH_ENDS_SHARE; }

/* What each iteration does; returns 1. */
double bench_ends_iteration(void);

/* Calls loop(job), a loop of bench_ends_iterations, job->n times. Reports the median time from the call to the first
 * iteration that the calling thread runs, and as a figure that from the end of the last iteration, on whatever
 * thread, to the call's return. */
void bench_ends_run(bench_job *job, bench_run *loop);

#ifdef __cplusplus
}
#endif

#endif

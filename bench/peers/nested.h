/* SPDX-License-Identifier: MIT */
/* nested.h: what the peers' loops in loops, and loops from many threads, have in common. */
#ifndef BENCH_NESTED_H
#define BENCH_NESTED_H

#include "peers/serve.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Iterations of some microsecond in each of a caller's loops: ten microseconds on two processors. */
enum { BENCH_CALLER_ITERATIONS = 20 };

/* An iteration of some microsecond. */
static inline void bench_microsecond(void) { bench_keep(bench_work(BENCH_MICROSECOND)); }

/* Calls loop(job) job->n times in all, divided among job->outer threads that call it at the same time. The
 * calling thread is one of them; the others, plain threads of the system, start and end here. Where the system refuses
 * one, job->check is not 0. */
void bench_callers_run(bench_job *job, bench_run *loop);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: MIT */
/* run.h: what the ways of sharing have in common while a loop is simulated. */
#ifndef BENCH_SIMULATE_RUN_H
#define BENCH_SIMULATE_RUN_H

#include "simulate/events.h"
#include "simulate/simulator.h"

typedef struct bench_run {
  const bench_simulation *simulation;
  const bench_plan *plan;
  double *busy; /* of each thread, in iterations */
  double end;   /* the latest moment at which a thread was at work */
  bench_events events;
} bench_run;

/* When the thread hears of the loop. */
double bench_run_start(const bench_run *run, uint32_t thread);

/* The thread's body gets iterations first ... past - 1 in one call at this moment; returns when it is through. */
double bench_run_chunk(bench_run *run, uint32_t thread, uint64_t first, uint64_t past, double time);

/* Each plays the whole loop. False when there is no memory. */
void bench_run_static(bench_run *run);
void bench_run_counter(bench_run *run);
bool bench_run_ranges(bench_run *run);

#endif

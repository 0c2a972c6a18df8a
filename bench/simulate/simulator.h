/* SPDX-License-Identifier: MIT */
/* simulator.h: how long a loop would take on P threads under a schedule, by playing the schedule event by event.
 *
 * What a thread does next depends on when the others came to the shared counter or range before it, so the time of
 * a loop has no formula; but each step is one of a few operations whose costs this machine can be asked for. The
 * simulator keeps a clock for each thread, lets the earliest act, and adds up.
 *
 * The model:
 *   - Iteration i takes costs->sums[i + 1] - costs->sums[i] on whichever thread: caches and memory are not modelled.
 *   - Fork and join go by a tree: thread t starts after fork_join / 2 * ceil(log2(t + 1)), and after the last
 *     iteration the caller hears of it fork_join / 2 * ceil(log2(P)) later. So two threads pay fork_join in all.
 *   - Every call of a body costs `call`. An operation on a shared line costs `locked` where this thread was the
 *     last to use the line, `transfer` where another was. A claim that has to wait for others at the same counter
 *     costs `claim` from when the one before it is served: the line serves one after another.
 *   - One CPU for each thread, and nobody else on them. */
#ifndef BENCH_SIMULATOR_H
#define BENCH_SIMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BENCH_SIMULATE_THREADS_MAX = 1024 };

/* In nanoseconds. */
typedef struct bench_overheads {
  double locked, transfer, claim, fork_join, call;
} bench_overheads;

/* Iterations and their costs: sums[i] is the time of iterations 0 ... i-1. */
typedef struct bench_costs {
  double *sums; /* count + 1 of them, rising from 0 */
  uint64_t count;
} bench_costs;

/* Who hands out the chunks. */
typedef enum bench_sharing {
  BENCH_BY_BLOCK,   /* static: nobody, each thread has its block */
  BENCH_BY_TURN,    /* static,c */
  BENCH_BY_COUNTER, /* dynamic,c as OpenMP's runtimes have it: one counter for all */
  BENCH_BY_GUIDED,  /* guided,c: the same counter */
  BENCH_BY_RANGE,   /* dynamic,c as ppar has it: a range for each thread, batches of chunks, steals of half */
  BENCH_BY_AUTO     /* the same in pieces of any size */
} bench_sharing;

typedef struct bench_plan {
  const char *name;
  bench_sharing sharing;
  uint64_t chunk;
} bench_plan;

typedef struct bench_simulation {
  const bench_costs *costs;
  bench_overheads overheads;
  uint32_t threads; /* P, 1 ... BENCH_SIMULATE_THREADS_MAX */
  /* Told of every chunk that a body gets, unless NULL. */
  void (*ran)(void *context, uint32_t thread, uint64_t first, uint64_t past);
  void *context;
} bench_simulation;

typedef struct bench_prediction {
  double time;       /* from the call of the loop to its return, ns */
  double imbalance;  /* the most that a thread spent in iterations, over the mean; 1 where all is 0 */
  double efficiency; /* the iterations' time over threads * time; 1 where all is 0 */
} bench_prediction;

/* False when there is no memory. */
bool bench_simulate(const bench_simulation *simulation, const bench_plan *plan, bench_prediction *out);

#endif

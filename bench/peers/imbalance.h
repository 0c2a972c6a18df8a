/* SPDX-License-Identifier: MIT */
/* imbalance.h: loops whose iterations differ, the same in every peer, and the schedules that are searched for the best.
 *
 * Iterations take some 300 units of bench_work on average, 1.5 us, and no single one more than a part of the whole
 * that eight threads can balance: total work / T is within reach. */
#ifndef BENCH_IMBALANCE_H
#define BENCH_IMBALANCE_H

#include "peers/serve.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Iteration i of n. */
typedef void bench_iteration(int64_t i, int64_t n);

bench_iteration bench_rising;     /* a triangle: costs grow from nothing to twice the average */
bench_iteration bench_falling;    /* the same backwards */
bench_iteration bench_random;     /* between nothing and twice the average, in no order */
bench_iteration bench_power_law;  /* few take most: Pareto's law, cut off at a hundred times the average */
bench_iteration bench_one_heavy;  /* all alike but one, a third of the way in, which is an eighth of the whole */
bench_iteration bench_mandelbrot; /* row i of a picture of the Mandelbrot set */

#define BENCH_SHAPES(X) X(rising) X(falling) X(random) X(power_law) X(one_heavy) X(mandelbrot)

/* A way to run the loop of `iteration`. */
typedef struct bench_candidate {
  const char *name;
  void (*run)(bench_job *job, bench_iteration *iteration);
} bench_candidate;

enum { BENCH_CANDIDATES_MAX = 16 };

/* Runs the loop as the candidate that is the fastest for this iteration, n and number of threads. The first call
 * tries them all; the candidate's name is the job's note. */
void bench_run_best(bench_job *job, bench_iteration *iteration, const bench_candidate *candidates, size_t count);

#ifdef __cplusplus
}
#endif

/* In a C peer that has run_shape(job, iteration), for what it does unasked, and `candidates`: each shape's two
 * kernels, and their entries in its list. */
#define BENCH_DEFINE_SHAPE(shape)                                                           \
  static void unasked_##shape(bench_job *job) { run_shape(job, bench_##shape); }            \
  static void searched_##shape(bench_job *job) {                                            \
    bench_run_best(job, bench_##shape, candidates, sizeof candidates / sizeof *candidates); \
  }
#define BENCH_SHAPE_ENTRY(shape)                                   \
  {.name = #shape, .schedule = "default", .run = unasked_##shape}, \
      {.name = #shape, .schedule = "searched", .run = searched_##shape},

#endif

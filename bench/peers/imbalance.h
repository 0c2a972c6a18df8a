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

/* What is searched: an identifier, OMP_SCHEDULE's text, OpenMP's clause. */
#define BENCH_SEARCHED_SCHEDULES(X)             \
  X(static_, "static", (static))                \
  X(static_1, "static,1", (static, 1))          \
  X(static_4, "static,4", (static, 4))          \
  X(static_16, "static,16", (static, 16))       \
  X(static_64, "static,64", (static, 64))       \
  X(static_256, "static,256", (static, 256))    \
  X(dynamic_1, "dynamic,1", (dynamic, 1))       \
  X(dynamic_4, "dynamic,4", (dynamic, 4))       \
  X(dynamic_16, "dynamic,16", (dynamic, 16))    \
  X(dynamic_64, "dynamic,64", (dynamic, 64))    \
  X(dynamic_256, "dynamic,256", (dynamic, 256)) \
  X(guided_1, "guided,1", (guided, 1))          \
  X(guided_4, "guided,4", (guided, 4))          \
  X(guided_16, "guided,16", (guided, 16))       \
  X(guided_64, "guided,64", (guided, 64))       \
  X(guided_256, "guided,256", (guided, 256))

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

#endif

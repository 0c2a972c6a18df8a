/* SPDX-License-Identifier: MIT */
/* integration2d.c: the integral of sin(x + y) over [0, pi] x [0, pi], which is 0, by the midpoint rule.
 *
 * A sum of n^2 doubles, in three ways:
 *   --serial        one loop in another. At n = 10000 this prints -7.117752e-17, as programs in any language do.
 *   (by default)    the outer loop in parallel. Each slot sums its own rows, and floating-point addition is not
 *                   associative: other threads or another schedule, other last digits.
 *   --reproducible  in parallel, with the same digits for every number of threads and every schedule. */
#include <math.h>
#include <stdio.h>

#include <ppar/ppar.h>

#include "arguments.h"
#include "seconds.h"

struct grid {
  int64_t n; /* bins a side */
  double h;  /* width of a bin */
};

/* Adds bin row i to the sum. Both the serial and the parallel loop are made of this. */
static inline void add_row(double *sum, int64_t i, const struct grid *grid) {
  const double x = grid->h * ((double)i + 0.5);
  for (int64_t j = 0; j < grid->n; j++) {
    const double y = grid->h * ((double)j + 0.5);
    *sum += sin(x + y);
  }
}

/* The fold: what one iteration of the parallel loop adds to its slot's sum. */
PPAR_FOLD(fold_row, double, sum, i, struct grid, grid) { add_row(sum, i, grid); }

int main(int argc, char **argv) {
  int64_t n = 10000, threads = 0;
  ppar_schedule schedule = ppar_auto();
  bool reproducible = false, serial = false;
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 1000000, "bins a side"),
      ARGUMENT_THREADS(&threads),
      ARGUMENT_SCHEDULE(&schedule),
      ARGUMENT_FLAG("reproducible", &reproducible, "the same digits for all threads and schedules"),
      ARGUMENT_FLAG("serial", &serial, "a plain loop, without the library"),
  };
  arguments_read(argc, argv, "the integral of sin(x + y) over [0, pi]^2", arguments, ARGUMENT_COUNT(arguments));

  struct grid grid = {.n = n, .h = M_PI / (double)n};
  double sum = 0;
  const double start = seconds();
  if (serial) {
    for (int64_t i = 0; i < n; i++) add_row(&sum, i, &grid);
  } else {
    const int status = ppar_parallel_reduce(
        0, n, fold_row, &grid, &ppar_sum_f64, &sum,
        PPAR_OPTIONS(.threads = (int)threads, .schedule = schedule, .reproducible = reproducible, .name = "rows"));
    if (status != PPAR_OK) {
      fprintf(stderr, "integration2d: %s\n", ppar_strerror(status));
      return 1;
    }
  }
  const double time = seconds() - start;

  const double value = grid.h * grid.h * sum;
  printf("Integral value is %e, Error is %e\n", value, fabs(value - 0.0));
  printf("Time spent: %e sec\n", time);
  return 0;
}

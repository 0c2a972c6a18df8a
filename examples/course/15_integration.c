/* SPDX-License-Identifier: MIT */
/* 15_integration.c: the integral of sin(x + y) over [0, pi] x [0, pi], made faster step by step. Prints for each step
 * its time, how many times it is faster than the first one, and the value, which is 0. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>

enum { N = 2000, ROUNDS = 5 };

struct grid {
  double h;
  const double *sin_y, *cos_y; /* of the middles of the bins; from step 3 on */
};

/* [row] */
/* One row, as it stands in the formula: a sine for each bin. */
static double row_plainly(const struct grid *grid, int64_t i) {
  double x = grid->h * ((double)i + 0.5), sum = 0;
  for (int64_t j = 0; j < N; j++) sum += sin(x + grid->h * ((double)j + 0.5));
  return sum;
}
/* [/row] */

/* [tables] */
/* sin(x + y) = sin x cos y + cos x sin y, and all sines and cosines of y are known: a row needs two new ones. */
static double row_by_tables(const struct grid *grid, int64_t i) {
  double x = grid->h * ((double)i + 0.5), sin_x = sin(x), cos_x = cos(x), sum = 0;
  for (int64_t j = 0; j < N; j++) sum += sin_x * grid->cos_y[j] + cos_x * grid->sin_y[j];
  return sum;
}
/* [/tables] */

/* [lanes] */
/* Eight sums side by side: none of them waits for the others, and the processor adds several with one instruction. */
static double row_in_lanes(const struct grid *grid, int64_t i) {
  double x = grid->h * ((double)i + 0.5), sin_x = sin(x), cos_x = cos(x), lane[8] = {0}, sum = 0;
  for (int64_t j = 0; j < N; j += 8)
    for (int k = 0; k < 8; k++) lane[k] += sin_x * grid->cos_y[j + k] + cos_x * grid->sin_y[j + k];
  for (int k = 0; k < 8; k++) sum += lane[k];
  return sum;
}
/* [/lanes] */

PPAR_FOLD(plain, double, sum, i, struct grid, grid) { *sum += row_plainly(grid, i); }
PPAR_FOLD(tables, double, sum, i, struct grid, grid) { *sum += row_by_tables(grid, i); }
PPAR_FOLD(lanes, double, sum, i, struct grid, grid) { *sum += row_in_lanes(grid, i); }

static const struct step {
  const char *name;
  ppar_fold *fold;
  int threads; /* 0: all */
  bool reproducible;
} steps[] = {
    {"serial", plain, 1, false},
    {"rows in parallel", plain, 0, false},
    {"reproducible", plain, 0, true},
    {"tables, one thread", tables, 1, false},
    {"tables, parallel", tables, 0, false},
    {"lanes, one thread", lanes, 1, false},
    {"lanes, parallel", lanes, 0, false},
};
enum { STEPS = sizeof steps / sizeof *steps };

static double run(const struct step *step, struct grid *grid) {
  double sum = 0;
  ppar_parallel_reduce(0, N, step->fold, grid, &ppar_sum_f64, &sum,
                       PPAR_OPTIONS(.threads = step->threads, .reproducible = step->reproducible));
  return grid->h * grid->h * sum;
}

int main(void) {
  static double sin_y[N], cos_y[N];
  struct grid grid = {M_PI / N, sin_y, cos_y};
  double times[STEPS], values[STEPS];
  for (int j = 0; j < N; j++) {
    sin_y[j] = sin(grid.h * (j + 0.5));
    cos_y[j] = cos(grid.h * (j + 0.5));
  }
  for (int s = 0; s < STEPS; s++) times[s] = INFINITY;
  for (int round = 0; round < ROUNDS; round++) {
    for (int s = 0; s < STEPS; s++) {
      double begin = ppar_wtime();
      values[s] = run(&steps[s], &grid);
      times[s] = fmin(times[s], (ppar_wtime() - begin) * 1e3);
    }
  }
  printf("%d x %d bins, %d threads; ms, the least of %d rounds\n", N, N, ppar_max_threads(NULL), ROUNDS);
  for (int s = 0; s < STEPS; s++)
    printf("%-20s %8.2f  x %6.1f  value %9.1e\n", steps[s].name, times[s], times[0] / times[s], values[s]);
  return 0;
}

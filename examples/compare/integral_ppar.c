/* SPDX-License-Identifier: MIT */
/* integral_ppar.c: the integral as a parallel reduction. */
#include <ppar/ppar.h>

#include "integral.h"

struct grid {
  int64_t n;
  double h;
};

PPAR_FOLD(add_row, double, sum, i, struct grid, g) {
  const double x = g->h * ((double)i + 0.5);
  for (int64_t j = 0; j < g->n; j++) *sum += sin(x + g->h * ((double)j + 0.5));
}

static double integral(int64_t n) {
  const struct grid grid = {n, M_PI / (double)n};
  double sum = 0;
  PPAR_REDUCE(0, n, add_row, &grid, &ppar_sum_f64, &sum, NULL);
  return grid.h * grid.h * sum;
}

int main(int argc, char **argv) { return integral_main(argc, argv, integral); }

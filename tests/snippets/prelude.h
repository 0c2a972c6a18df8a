/* SPDX-License-Identifier: MIT */
/* prelude.h: what the programs in all guides take for granted: arrays and their lengths, and a function to call.
 * Compiled in front of each piece of code in them, in C and in C++ (snippets.py). What only one page takes for granted
 * is in a file of that page's name. */
#ifndef PRELUDE_H
#define PRELUDE_H

#include <math.h>
#include <ppar/ppar.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __cplusplus
#include <stdatomic.h>
#endif
#ifdef _OPENMP
#include <omp.h>
#endif

#define MAY_BE_USED static __attribute__((unused))

MAY_BE_USED int64_t n = 1000, rows = 20, columns = 30;
static double x_values[1000], y_values[1000], grid_values[20 * 30];
MAY_BE_USED double *x = x_values, *y = y_values, *grid = grid_values;

MAY_BE_USED double f(double value) { return value * value + 1; }

static int compare_values(const void *a, const void *b) {
  const double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}
/* A division for quicksort: nothing before the middle is greater than what follows. */
MAY_BE_USED int64_t divide(double *values, int64_t count) {
  qsort(values, (size_t)count, sizeof *values, compare_values);
  return count / 2;
}

#endif

/* SPDX-License-Identifier: MIT */
/* prelude.h: what the programs in the guides take for granted: arrays, their lengths, functions to call. Compiled in
 * front of each piece of C in them (snippets.py), in C and in C++. */
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

enum { BUCKETS = 16 };

MAY_BE_USED int64_t n = 1000, rows = 20, columns = 30, files = 3;
static double x_values[1000], y_values[1000], grid_values[20 * 30], weight_values[BUCKETS];
MAY_BE_USED double *x = x_values, *y = y_values, *grid = grid_values, *weight = weight_values;
MAY_BE_USED unsigned char bytes[1000];

MAY_BE_USED double f(double value) { return value * value + 1; }
MAY_BE_USED void other_work(void) { rows += 0; }

MAY_BE_USED double read_tolerance(void) { return 0.5; }
MAY_BE_USED void read_left(double tolerance) { y[0] = tolerance; }
MAY_BE_USED void read_right(double tolerance) { y[100] = tolerance; }

MAY_BE_USED int bucket_of(int64_t i) { return (int)(i % BUCKETS); }
MAY_BE_USED void append(int bucket, int64_t i) { weight[bucket] += (double)i; }

MAY_BE_USED bool prepare(int thread) { return thread >= 0; }
MAY_BE_USED void compute(int thread) { y[thread % 1000] = thread; }

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

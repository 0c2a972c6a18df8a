/* SPDX-License-Identifier: MIT */
/* macros.c: each public macro, in the language that C11 and C++17 share. Compiled by headers.sh, never run. */
#include <ppar/ppar.h>

#include <string.h>

struct vectors {
  const double *x;
  double *y;
};

PPAR_BODY(copy, i, struct vectors, v) { v->y[i] = v->x[i]; }
PPAR_BODY(nothing, i, struct vectors, v) {}
PPAR_BODY_2D(copy_2d, i, j, struct vectors, v) { v->y[i + j] = v->x[i]; }
PPAR_BODY_3D(copy_3d, i, j, k, struct vectors, v) { v->y[i + j + k] = v->x[i]; }
PPAR_FOLD(dot, double, sum, i, struct vectors, v) { *sum += v->x[i] * v->y[i]; }

static void by_hand(const ppar_chunk *chunk, void *arg) {
  double *y = (double *)arg;
  ppar_for_each_index(i, chunk) {
    if (y[i] < 0) ppar_cancel(chunk, 1);
    y[i] = 0;
  }
}

int use_macros(const double *x, double *y, int64_t n);

int use_macros(const double *x, double *y, int64_t n) {
  struct vectors v = {x, y};
  double sum = 0;
  ppar_options options;
  int status = PPAR_OK;
  memset(&options, 0, sizeof options);
  options.schedule = ppar_nonmonotonic(ppar_dynamic(4));
  status |= ppar_parallel_for(0, n, copy, &v, &options);
  status |= ppar_parallel_for(0, n, nothing, &v, NULL);
  status |= ppar_parallel_for(0, n, by_hand, y, NULL);
  status |= ppar_parallel_for_2d(PPAR_BOUNDS(0, n), PPAR_BOUNDS_STEP(n, 0, -1), copy_2d, &v, NULL);
  status |= ppar_parallel_for_3d(PPAR_BOUNDS(0, n), PPAR_BOUNDS(0, n), PPAR_BOUNDS(0, n), copy_3d, &v, NULL);
  status |= ppar_parallel_reduce(0, n, dot, &v, &ppar_sum_f64, &sum, &options);
#ifndef __cplusplus
  status |= ppar_parallel_for(0, n, copy, &v, PPAR_OPTIONS(.schedule = ppar_guided(2), .threads = 3));
#endif
  return status;
}

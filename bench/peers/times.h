/* SPDX-License-Identifier: MIT */
/* times.h: reading the clock, and what lies in the middle of several readings. */
#ifndef BENCH_TIMES_H
#define BENCH_TIMES_H

#include <stddef.h>
#include <stdlib.h>
#include <time.h>

static inline double bench_clock_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static inline double bench_now_ns(void) { return bench_clock_ns(CLOCK_MONOTONIC); }

/* For qsort. */
static inline int bench_by_value(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static inline void bench_sort(double *values, size_t count) { qsort(values, count, sizeof *values, bench_by_value); }

/* The value below which a given part of the sorted ones, of which there is at least one, lies, interpolated. */
static inline double bench_quantile(const double *sorted, size_t count, double part) {
  double position = part * (double)(count - 1);
  size_t below = (size_t)position;
  double rest = position - (double)below;
  return below + 1 < count ? sorted[below] * (1 - rest) + sorted[below + 1] * rest : sorted[below];
}

#endif

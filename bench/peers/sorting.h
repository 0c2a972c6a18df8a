/* SPDX-License-Identifier: MIT */
/* sorting.h: the steps of a quicksort, the same in every peer: they differ in who sorts the parts. */
#ifndef BENCH_SORTING_H
#define BENCH_SORTING_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Parts of at most so many elements are sorted by one thread: a few hundred microseconds. */
enum { BENCH_SORT_CUTOFF = 10000 };

/* Divides x[0 ... n-1], n of at least 2, so that none of the first part is greater than any of the rest; returns the
 * first part's length, 1 ... n-1. */
int64_t bench_partition(double *x, int64_t n);

/* Sorts on one thread. */
void bench_quicksort(double *x, int64_t n);

/* The order of qsort. */
int bench_compare(const void *a, const void *b);

/* A value that a sorted x has, and an unsorted one hardly. */
double bench_sorted_check(const double *x, int64_t n);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: MIT */
/* sorting.c: a plain quicksort of doubles. */
#include "peers/sorting.h"

/* Below so many elements insertion is quicker than division. */
enum { INSERTION_MAX = 24 };

static double median(double a, double b, double c) {
  if (a > b) {
    double lower = b;
    b = a;
    a = lower;
  }
  return c < a ? a : c > b ? b : c;
}

/* Hoare's. Equal elements are exchanged too, so that they fall evenly on both sides. */
int64_t bench_partition(double *x, int64_t n) {
  double pivot = median(x[0], x[n / 2], x[n - 1]);
  int64_t i = -1, j = n;
  for (;;) {
    double kept;
    do i++;
    while (x[i] < pivot);
    do j--;
    while (x[j] > pivot);
    if (i >= j) break;
    kept = x[i];
    x[i] = x[j];
    x[j] = kept;
  }
  return i > 0 ? i : 1;
}

static void insertion_sort(double *x, int64_t n) {
  for (int64_t k = 1; k < n; k++) {
    double own = x[k];
    int64_t place = k;
    for (; place > 0 && x[place - 1] > own; place--) x[place] = x[place - 1];
    x[place] = own;
  }
}

void bench_quicksort(double *x, int64_t n) {
  while (n > INSERTION_MAX) {
    int64_t first = bench_partition(x, n);
    bench_quicksort(x, first);
    x += first;
    n -= first;
  }
  insertion_sort(x, n);
}

int bench_compare(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

/* Each element's place counts, and the sum is exact to far more than two that changed places move it. */
double bench_sorted_check(const double *x, int64_t n) {
  double check = 0;
  int64_t step = n / 16 + 1;
  for (int64_t i = 0; i < n; i += step) check += x[i] * (double)(i / step + 1);
  return check + x[n - 1];
}

/* SPDX-License-Identifier: MIT */
/* sort.c: sorts doubles, and compares with qsort. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/ppar.h>

#include "arguments.h"
#include "seconds.h"

struct numbers {
  double *x, *serial;
};

PPAR_BODY(fill, i, struct numbers, a) {
  uint64_t mixed = ((uint64_t)i + 1) * UINT64_C(0x9e3779b97f4a7c15);
  mixed = (mixed ^ (mixed >> 31)) * UINT64_C(0xbf58476d1ce4e5b9);
  a->x[i] = a->serial[i] = (double)(mixed >> 11);
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  int64_t n = 1000000, threads = 0;
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 1000000000, "numbers to sort"),
      ARGUMENT_THREADS(&threads),
  };
  arguments_read(argc, argv, "sorts numbers", arguments, ARGUMENT_COUNT(arguments));
  const ppar_options *options = PPAR_OPTIONS(.threads = (int)threads);

  const size_t count = (size_t)n, size = count * sizeof(double);
  struct numbers a = {ppar_alloc(size), ppar_alloc(size)};
  if (a.x == NULL || a.serial == NULL) {
    fprintf(stderr, "sort: no memory for 2 arrays of %lld numbers\n", (long long)n);
    return 1;
  }
  ppar_parallel_for(0, n, fill, &a, options);

  const double start = seconds();
  const int status = ppar_sort(a.x, count, sizeof(double), compare, options);
  const double time = seconds() - start;

  const double serial_start = seconds();
  qsort(a.serial, count, sizeof(double), compare);
  const double serial_time = seconds() - serial_start;

  const bool good = status == PPAR_OK && memcmp(a.x, a.serial, size) == 0;
  printf("%lld numbers as qsort sorts them: %s\n", (long long)n, good ? "passed" : "FAILED");
  printf("Time spent: %.3g s, by qsort %.3g s\n", time, serial_time);
  ppar_free(a.serial);
  ppar_free(a.x);
  return good ? 0 : 1;
}

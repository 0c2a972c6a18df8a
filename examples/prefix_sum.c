/* SPDX-License-Identifier: MIT */
/* prefix_sum.c: keeps the positive elements of an array, in their order: a scan tells each where to go. */
#include <stdio.h>

#include <ppar/ppar.h>

#include "arguments.h"
#include "seconds.h"

struct arrays {
  double *x, *kept;
  int64_t *places; /* how many positive elements come before each */
};

PPAR_BODY(fill, i, struct arrays, a) {
  a->x[i] = (double)((uint64_t)i * 2654435761u % 1000) - 499.5;
  a->places[i] = a->x[i] > 0;
}

PPAR_BODY(keep, i, struct arrays, a) {
  if (a->x[i] > 0) a->kept[a->places[i]] = a->x[i];
}

int main(int argc, char **argv) {
  int64_t n = 10000000, threads = 0;
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 1000000000, "elements of the array"),
      ARGUMENT_THREADS(&threads),
  };
  arguments_read(argc, argv, "the positive elements of an array, by a prefix sum", arguments,
                 ARGUMENT_COUNT(arguments));
  const ppar_options *options = PPAR_OPTIONS(.threads = (int)threads);

  const size_t size = (size_t)n * sizeof(double);
  struct arrays a = {ppar_alloc(size), ppar_alloc(size), ppar_alloc((size_t)n * sizeof(int64_t))};
  if (a.x == NULL || a.kept == NULL || a.places == NULL) {
    fprintf(stderr, "prefix_sum: no memory for 3 arrays of %lld elements\n", (long long)n);
    return 1;
  }
  ppar_parallel_for(0, n, fill, &a, options);

  int64_t kept = 0;
  const double start = seconds();
  const int status = ppar_exclusive_scan(a.places, a.places, n, &ppar_sum_i64, &kept, options); /* in place */
  const double scanned = seconds();
  ppar_parallel_for(0, n, keep, &a, options);
  const double end = seconds();

  int64_t expected = 0;
  bool good = status == PPAR_OK;
  for (int64_t i = 0; i < n && good; i++) {
    if (a.x[i] > 0) good = expected < kept && a.kept[expected++] == a.x[i];
  }
  good = good && expected == kept;
  printf("%lld of %lld elements are positive: %s\n", (long long)kept, (long long)n, good ? "passed" : "FAILED");
  printf("Time spent: %.3g s for the scan, %.3g s for the rest\n", scanned - start, end - scanned);
  ppar_free(a.places);
  ppar_free(a.kept);
  ppar_free(a.x);
  return good ? 0 : 1;
}

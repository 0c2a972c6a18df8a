/* SPDX-License-Identifier: MIT */
/* dot.c: the dot product of two vectors: a reduction. */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include <ppar/ppar.h>

#include "arguments.h"
#include "seconds.h"

struct vectors {
  double *x, *y;
};

PPAR_BODY(fill, i, struct vectors, v) {
  v->x[i] = 1.0 / (double)(i + 1);
  v->y[i] = (double)(i % 100);
}

PPAR_FOLD(multiply, double, sum, i, struct vectors, v) { *sum += v->x[i] * v->y[i]; }

int main(int argc, char **argv) {
  int64_t n = 20000000, threads = 0;
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 1000000000, "elements of each vector"),
      ARGUMENT_THREADS(&threads),
  };
  arguments_read(argc, argv, "the dot product of two vectors", arguments, ARGUMENT_COUNT(arguments));
  const ppar_options *options = PPAR_OPTIONS(.threads = (int)threads, .schedule = ppar_static(0));

  struct vectors v = {ppar_alloc((size_t)n * sizeof(double)), ppar_alloc((size_t)n * sizeof(double))};
  if (v.x == NULL || v.y == NULL) {
    fprintf(stderr, "dot: no memory for 2 vectors of %lld elements\n", (long long)n);
    return 1;
  }
  ppar_parallel_for(0, n, fill, &v, options);

  double dot = 0;
  const double start = seconds();
  const int status = ppar_parallel_reduce(0, n, multiply, &v, &ppar_sum_f64, &dot, options);
  const double time = seconds() - start;

  double expected = 0;
  for (int64_t i = 0; i < n; i++) expected += v.x[i] * v.y[i];
  /* Equal but for the order of the additions, each of which rounds to within half of DBL_EPSILON. */
  const bool good = status == PPAR_OK && fabs(dot - expected) <= (double)n * DBL_EPSILON * expected;
  printf("dot = %.12e, serially %.12e: %s\n", dot, expected, good ? "passed" : "FAILED");
  printf("Time spent: %.3g s, %.1f GB/s\n", time, 2e-9 * sizeof(double) * (double)n / time);
  ppar_free(v.y);
  ppar_free(v.x);
  return good ? 0 : 1;
}

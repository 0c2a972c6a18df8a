/* SPDX-License-Identifier: MIT */
/* scale.c: y = alpha * x for vectors: the simplest loop, on memory that is near the threads that use it. */
#include <stdio.h>

#include <ppar/ppar.h>

#include "arguments.h"
#include "seconds.h"

struct vectors {
  double alpha, *x, *y;
};

/* The system places a page of memory near the thread that first writes to it. So the same schedule, static, fills
 * the vectors and scales them: it gives the same iterations to the same slots every time. */
PPAR_BODY(fill, i, struct vectors, v) {
  v->x[i] = (double)i;
  v->y[i] = 0;
}

PPAR_BODY(scale, i, struct vectors, v) { v->y[i] = v->alpha * v->x[i]; }

int main(int argc, char **argv) {
  int64_t n = 20000000, threads = 0;
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 1000000000, "elements of each vector"),
      ARGUMENT_THREADS(&threads),
  };
  arguments_read(argc, argv, "a vector times a number", arguments, ARGUMENT_COUNT(arguments));
  const ppar_options *options = PPAR_OPTIONS(.threads = (int)threads, .schedule = ppar_static(0));

  struct vectors v = {0.5, ppar_alloc((size_t)n * sizeof(double)), ppar_alloc((size_t)n * sizeof(double))};
  if (v.x == NULL || v.y == NULL) {
    fprintf(stderr, "scale: no memory for 2 vectors of %lld elements\n", (long long)n);
    return 1;
  }
  ppar_parallel_for(0, n, fill, &v, options);

  const double start = seconds();
  const int status = ppar_parallel_for(0, n, scale, &v, options);
  const double time = seconds() - start;

  bool good = status == PPAR_OK;
  for (int64_t i = 0; i < n; i++) good = good && v.y[i] == 0.5 * (double)i;
  printf("y[%lld] = %g: %s\n", (long long)(n - 1), v.y[n - 1], good ? "passed" : "FAILED");
  printf("Time spent: %.3g s, %.1f GB/s\n", time, 2e-9 * sizeof(double) * (double)n / time);
  ppar_free(v.y);
  ppar_free(v.x);
  return good ? 0 : 1;
}

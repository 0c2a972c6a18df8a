/* SPDX-License-Identifier: MIT */
/* 15_growing_solution.c: a program that has a serial part: what it takes on one thread, what Amdahl's and Gustafson's
 * laws make of that for more threads, and what it takes on all threads that there are. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>

enum { N = 300000, ROUNDS = 5 };

static double x[N];

/* Each number depends on the one before: nothing here can be done at the same time. */
static void chain(void) {
  x[0] = 0.4;
  for (int i = 1; i < N; i++) x[i] = 3.9 * x[i - 1] * (1 - x[i - 1]);
}

PPAR_FOLD_GLOBAL(add, double, sum, i) {
  double value = x[i];
  for (int k = 0; k < 4; k++) value = sin(value + k);
  *sum += value;
}

/* [run] */
struct times {
  double serial, parallel; /* ms */
};

static struct times run(int threads) {
  double sum = 0, begin = ppar_wtime();
  chain();
  double middle = ppar_wtime();
  ppar_parallel_reduce(0, N, add, NULL, &ppar_sum_f64, &sum, PPAR_OPTIONS(.threads = threads, .name = "add"));
  double end = ppar_wtime();
  if (!(fabs(sum) < N)) printf("WRONG\n");
  return (struct times){(middle - begin) * 1e3, (end - middle) * 1e3};
}
/* [/run] */

int main(void) {
  const int threads = ppar_max_threads(NULL);
  struct times one = {INFINITY, INFINITY}, all = {INFINITY, INFINITY};
  for (int round = 0; round < ROUNDS; round++) {
    struct times first = run(1), second = run(0);
    one = (struct times){fmin(one.serial, first.serial), fmin(one.parallel, first.parallel)};
    all = (struct times){fmin(all.serial, second.serial), fmin(all.parallel, second.parallel)};
  }
  const double total = one.serial + one.parallel, part = one.serial / total;
  printf("one thread: %.2f ms, of which %.2f ms are the serial part: %.1f %%\n", total, one.serial, 100 * part);
  printf("%d threads: speed-up %.2f; Amdahl's law says %.2f\n", threads, total / (all.serial + all.parallel),
         1 / (part + (1 - part) / threads));
  for (int p = 1; p <= 256; p *= 4)
    printf("%3d threads: Amdahl %5.1f, Gustafson %6.1f\n", p, 1 / (part + (1 - part) / p), part + (1 - part) * p);
  return 0;
}

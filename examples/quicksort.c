/* SPDX-License-Identifier: MIT */
/* quicksort.c: quicksort whose halves are sorted at the same time. */
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>

#include "arguments.h"
#include "seconds.h"

enum { SERIAL_BELOW = 2000 }; /* some ten microseconds of work: a task costs a hundredth of that */

struct part {
  double *x;
  int64_t count;
  ppar_pool *pool;
};

static void swap(double *a, double *b) {
  const double t = *a;
  *a = *b;
  *b = t;
}

static void insertion_sort(double *x, int64_t count) {
  for (int64_t i = 1; i < count; i++) {
    const double value = x[i];
    int64_t j = i;
    for (; j > 0 && x[j - 1] > value; j--) x[j] = x[j - 1];
    x[j] = value;
  }
}

/* Hoare's: nothing before the place it returns is larger than anything from there on; neither side is empty. */
static int64_t divide(double *x, int64_t count) {
  double *middle = &x[count / 2], *last = &x[count - 1];
  if (*middle < *x) swap(middle, x);
  if (*last < *x) swap(last, x);
  if (*last < *middle) swap(last, middle);
  const double pivot = *middle;
  int64_t i = -1, j = count;
  for (;;) {
    do i++;
    while (x[i] < pivot);
    do j--;
    while (x[j] > pivot);
    if (i >= j) return i == 0 ? 1 : i;
    swap(&x[i], &x[j]);
  }
}

static void sort_serially(double *x, int64_t count) {
  while (count > 24) {
    const int64_t lower = divide(x, count);
    sort_serially(x, lower);
    x += lower;
    count -= lower;
  }
  insertion_sort(x, count);
}

static void sort(void *arg) {
  const struct part *p = arg;
  if (p->count < SERIAL_BELOW) {
    sort_serially(p->x, p->count);
    return;
  }
  const int64_t lower = divide(p->x, p->count);
  struct part below = {p->x, lower, p->pool}, above = {p->x + lower, p->count - lower, p->pool};
  const ppar_options options = PPAR_OPTIONS_INIT(.pool = p->pool);
  ppar_task_group group;
  ppar_task_group_begin(&group, &options);
  ppar_task_spawn(&group, sort, &below);
  sort(&above);
  ppar_task_group_wait(&group);
}

PPAR_BODY(fill, i, struct part, p) {
  uint64_t z = (uint64_t)i * UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 31)) * UINT64_C(0x94d049bb133111eb);
  p->x[i] = (double)(z >> 11);
}

PPAR_FOLD(add, double, sum, i, struct part, p) { *sum += p->x[i]; }

int main(int argc, char **argv) {
  int64_t n = 10000000, threads = 0;
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 1000000000, "numbers"),
      ARGUMENT_THREADS(&threads),
  };
  arguments_read(argc, argv, "quicksort of random numbers", arguments, ARGUMENT_COUNT(arguments));
  ppar_pool *pool;
  if (ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = (int)threads)) != PPAR_OK) {
    fprintf(stderr, "quicksort: no pool of %d threads\n", (int)threads);
    return 1;
  }
  struct part all = {ppar_alloc((size_t)n * sizeof(double)), n, pool};
  if (all.x == NULL) {
    fprintf(stderr, "quicksort: no memory for %lld numbers\n", (long long)n);
    return 1;
  }
  double before = 0, after = 0;
  ppar_parallel_for(0, n, fill, &all, PPAR_OPTIONS(.pool = pool));
  ppar_parallel_reduce(0, n, add, &all, &ppar_sum_f64, &before, PPAR_OPTIONS(.pool = pool));

  const double start = seconds();
  sort(&all);
  const double time = seconds() - start;

  bool good = true;
  for (int64_t i = 1; i < n; i++) good = good && all.x[i - 1] <= all.x[i];
  ppar_parallel_reduce(0, n, add, &all, &ppar_sum_f64, &after, PPAR_OPTIONS(.pool = pool));
  good = good && before - after <= 1e-9 * before && after - before <= 1e-9 * before;
  printf("%lld numbers are in order: %s\n", (long long)n, good ? "passed" : "FAILED");
  printf("Time spent: %.3g s\n", time);
  ppar_free(all.x);
  ppar_pool_destroy(pool);
  return good ? 0 : 1;
}

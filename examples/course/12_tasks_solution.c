/* SPDX-License-Identifier: MIT */
/* 12_tasks_solution.c: quicksort with tasks, its work and its span counted as it goes: why it hardly gets faster on
 * many threads, however many tasks it makes. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>

enum { ROUNDS = 3, CUTOFF = 2000 };

struct part {
  double *x;
  int64_t count, cutoff;
  int64_t work, span; /* comparisons: all of them, and those that have to come one after the other */
};

/* Smaller numbers before the place that it returns, larger ones from there on; neither side is empty. */
static int64_t divide(double *x, int64_t count, int64_t *comparisons) {
  const double a = x[0], b = x[count / 2], c = x[count - 1];
  const double pivot = fmax(fmin(a, b), fmin(fmax(a, b), c)); /* the middle one of three */
  int64_t i = 0, j = count - 1;
  *comparisons = count;
  for (;;) {
    while (x[i] < pivot) i++;
    while (x[j] > pivot) j--;
    if (i >= j) return i > 0 ? i : 1;
    double t = x[i];
    x[i++] = x[j];
    x[j--] = t;
  }
}

/* [sort] */
static void sort(void *arg) {
  struct part *p = arg;
  p->work = p->span = 0;
  if (p->count < 2) return;
  int64_t comparisons, middle = divide(p->x, p->count, &comparisons);
  struct part left = {p->x, middle, p->cutoff, 0, 0}, right = {p->x + middle, p->count - middle, p->cutoff, 0, 0};
  if (p->count <= p->cutoff) { /* here and now */
    sort(&left);
    sort(&right);
    p->span = comparisons + left.work + right.work;
  } else {
    ppar_task_group group;
    ppar_task_group_begin(&group, PPAR_OPTIONS(.name = "quicksort"));
    ppar_task_spawn(&group, sort, &left);
    sort(&right);
    ppar_task_group_wait(&group);
    p->span = comparisons + (left.span > right.span ? left.span : right.span);
  }
  p->work = comparisons + left.work + right.work;
}
/* [/sort] */

static void run(int64_t count) {
  double *x = malloc((size_t)count * sizeof *x), times[2] = {INFINITY, INFINITY};
  struct part p = {x, count, 0, 0, 0};
  if (x == NULL) return;
  for (int round = 0; round < ROUNDS; round++) {
    for (int k = 0; k < 2; k++) {
      for (int64_t i = 0; i < count; i++) x[i] = fmod((double)i * 0.6180339887498949, 1) * fmod((double)i * 0.41421, 1);
      p.cutoff = k == 0 ? count : CUTOFF;
      double begin = ppar_wtime();
      sort(&p);
      times[k] = fmin(times[k], (ppar_wtime() - begin) * 1e3);
      for (int64_t i = 1; i < count; i++)
        if (x[i - 1] > x[i]) printf("WRONG at %" PRId64 "\n", i);
    }
  }
  printf("%8" PRId64 " numbers: one thread %6.1f ms, all %6.1f ms; work / span = %.1f\n", count, times[0], times[1],
         (double)p.work / (double)p.span);
  free(x);
}

int main(void) {
  printf("%d threads\n", ppar_max_threads(NULL));
  for (int64_t count = 10000; count <= 1000000; count *= 10) run(count);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* 10_regions_solution.c: heat flows along a rod, for as many steps as it takes: one region for all steps, one barrier a
 * step, and none that is not needed. */
#include <math.h>
#include <stdio.h>

#include <ppar/ppar.h>

enum { N = 20000, STEPS = 2000 };

struct rod {
  double *now, *next;
};

static double step_at(const double *x, int64_t i) { return x[i] + 0.25 * (x[i - 1] - 2 * x[i] + x[i + 1]); }

/* [flow] */
/* Each thread has its own two pointers, and swaps them itself: nothing shared is written, so nobody waits for that. */
static void flow(ppar_team *team, void *arg) {
  const struct rod *rod = arg;
  double *now = rod->now, *next = rod->next;
  for (int step = 0; step < STEPS; step++) {
    /* The barrier at the end is needed: the next step reads neighbours' values. One a step is enough, since a step
     * writes to the array that nobody reads any more once all are through with the step before. */
    ppar_prange(team, i, 1, N - 1, PPAR_OPTIONS(.schedule = ppar_static(0))) {
      next[i] = step_at(now, i);
    }
    double *swapped = now;
    now = next;
    next = swapped;
  }
}
/* [/flow] */

static void start(double *x) {
  for (int i = 0; i < N; i++) x[i] = i == N / 2 ? 1000 : 0;
}

int main(void) {
  static double a[N], b[N], c[N], d[N];
  struct rod rod = {a, b}, serial = {c, d};
  start(a);
  start(c);
  double begin = ppar_wtime();
  ppar_parallel(flow, &rod, NULL);
  double middle = ppar_wtime();
  ppar_parallel(flow, &serial, PPAR_OPTIONS(.threads = 1));
  double end = ppar_wtime();

  int wrong = 0;
  for (int i = 0; i < N; i++) wrong += a[i] != c[i];
  printf("%d steps, %d of %d values differ from those of one thread\n", STEPS, wrong, N);
  printf("one thread %.1f ms, all %.1f ms\n", (end - middle) * 1e3, (middle - begin) * 1e3);
  return wrong == 0 ? 0 : 1;
}

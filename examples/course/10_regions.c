/* SPDX-License-Identifier: MIT */
/* 10_regions.c: one region: what its threads share, what each has of its own, and who waits for whom.
 *
 *     10_regions            all is right
 *     10_regions nowait     a barrier is left out that is needed */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <ppar/ppar.h>

enum { N = 4000 };

/* [shared] */
struct rows {
  int64_t n;
  bool nowait;
  double *y, *z;
  double scale;   /* set once, by one thread */
  double largest; /* what all have found together */
};
/* [/shared] */

/* The earlier the row, the longer it takes. */
static double row(int64_t i, double scale) {
  double value = 0;
  for (int64_t k = i; k < N; k++) value += sqrt((double)(i + k) * scale);
  return value / N;
}

/* [region] */
static void smooth(ppar_team *team, void *arg) {
  struct rows *rows = arg;   /* shared: what it points to is there once */
  const int64_t n = rows->n; /* firstprivate: each thread's own copy, with the value from outside */
  double most = 0;           /* private: each thread has one on its own stack */

  if (ppar_single(team)) rows->scale = 2; /* one thread does it, whichever comes first ... */
  ppar_barrier(team);                     /* ... and nobody reads it before */

  ppar_prange(team, i, 0, n, PPAR_OPTIONS(.schedule = ppar_static(0), .nowait = rows->nowait, .name = "rows")) {
    rows->y[i] = row(i, rows->scale);
  } /* all threads wait here for each other, unless .nowait is true */

  ppar_prange(team, i, 1, n - 1, PPAR_OPTIONS(.schedule = ppar_static(0), .nowait = true, .name = "neighbours")) {
    rows->z[i] = (rows->y[i - 1] + rows->y[i] + rows->y[i + 1]) / 3;
    most = fmax(most, rows->z[i]);
  } /* here nowait does no harm: what comes next waits for all anyway */

  PPAR_TEAM_REDUCE(team, most, &rows->largest, &ppar_max_f64);
  if (ppar_master(team)) printf("%d threads, the largest is %.6f\n", ppar_team_size(team), rows->largest);
}
/* [/region] */

int main(int argc, char **argv) {
  static double y[N], z[N];
  struct rows rows = {.n = N, .nowait = argc > 1 && strcmp(argv[1], "nowait") == 0, .y = y, .z = z};
  ppar_parallel(smooth, &rows, NULL);

  int wrong = 0;
  for (int64_t i = 1; i < N - 1; i++) {
    double right = (row(i - 1, 2) + row(i, 2) + row(i + 1, 2)) / 3;
    wrong += z[i] != right;
  }
  printf("%d of %d values are wrong\n", wrong, N - 2);
  return 0;
}

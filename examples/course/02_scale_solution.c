/* SPDX-License-Identifier: MIT */
/* 02_scale_solution.c: each element of y is the mean of three neighbours in x: as a parallel loop, twice. */
#include <stdio.h>
#include <string.h>

#include <ppar/ppar.h>

enum { N = 1000 };

struct vectors {
  const double *x;
  double *y;
};

PPAR_BODY(smooth, i, struct vectors, v) { v->y[i] = (v->x[i - 1] + v->x[i] + v->x[i + 1]) / 3; }

static void smooth_in_team(ppar_team *team, void *arg) {
  struct vectors *v = arg;
  ppar_prange(team, i, 1, N - 1, NULL) {
    v->y[i] = (v->x[i - 1] + v->x[i] + v->x[i + 1]) / 3;
  }
}

int main(void) {
  double x[N], serial[N] = {0}, by_loop[N] = {0}, by_prange[N] = {0};
  for (int i = 0; i < N; i++) x[i] = i % 7;
  for (int i = 1; i < N - 1; i++) serial[i] = (x[i - 1] + x[i] + x[i + 1]) / 3;
  ppar_parallel_for(1, N - 1, smooth, &(struct vectors){x, by_loop}, NULL);
  ppar_parallel(smooth_in_team, &(struct vectors){x, by_prange}, NULL);
  printf("parallel_for: %s\n", memcmp(serial, by_loop, sizeof serial) == 0 ? "the same" : "DIFFERENT");
  printf("prange: %s\n", memcmp(serial, by_prange, sizeof serial) == 0 ? "the same" : "DIFFERENT");
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* 02_scale.c: y = alpha * x, by a plain loop, by ppar_parallel_for, and by a prange in a region. */
#include <stdio.h>

#include <ppar/ppar.h>

enum { N = 12, ALPHA = 1000000 };

/* [data] */
struct vectors {
  const double *x;
  double *y;
  int *who; /* the thread that computed the element */
};

/* ALPHA * x, by additions: so that an element takes about a millisecond, as if there were much to do for it. */
static double product(double x) {
  double sum = 0;
  for (int k = 0; k < ALPHA; k++) sum += x;
  return sum;
}
/* [/data] */

/* [serial] */
static void scale_serially(struct vectors *v) {
  for (int64_t i = 0; i < N; i++) {
    v->y[i] = product(v->x[i]);
    v->who[i] = ppar_thread_num();
  }
}
/* [/serial] */

/* [parallel_for] */
PPAR_BODY(scale, i, struct vectors, v) {
  v->y[i] = product(v->x[i]);
  v->who[i] = ppar_thread_num();
}

static void scale_by_parallel_for(struct vectors *v) {
  ppar_parallel_for(0, N, scale, v, PPAR_OPTIONS(.schedule = ppar_static(0), .name = "scale"));
}
/* [/parallel_for] */

/* [prange] */
static void scale_in_team(ppar_team *team, void *arg) {
  struct vectors *v = arg;
  ppar_prange(team, i, 0, N, PPAR_OPTIONS(.schedule = ppar_static(0), .name = "scale in team")) {
    v->y[i] = product(v->x[i]);
    v->who[i] = ppar_thread_num();
  }
}

static void scale_by_prange(struct vectors *v) { ppar_parallel(scale_in_team, v, NULL); }
/* [/prange] */

static void run(const char *name, void (*way)(struct vectors *v)) {
  double x[N], y[N] = {0};
  int who[N];
  for (int i = 0; i < N; i++) x[i] = i;
  struct vectors v = {x, y, who};
  double begin = ppar_wtime();
  way(&v);
  double time = ppar_wtime() - begin;
  printf("%-12s  threads", name);
  for (int i = 0; i < N; i++) printf(" %d", who[i]);
  bool right = true;
  for (int i = 0; i < N; i++) right = right && y[i] == (double)ALPHA * x[i];
  printf("  %5.1f ms  %s\n", 1e3 * time, right ? "right" : "WRONG");
}

int main(void) {
  run("serial", scale_serially);
  run("parallel_for", scale_by_parallel_for);
  run("prange", scale_by_prange);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* region.c: smooths a line of values, sweep after sweep, until hardly anything changes: a region whose threads divide
 * each sweep and then agree on whether there is another one. */
#include <math.h>
#include <stdio.h>

#include <ppar/ppar.h>

#include "arguments.h"
#include "seconds.h"

#define TOLERANCE 1e-3

struct line {
  int64_t n;
  double *x, *y;  /* y: where a sweep writes */
  double *result; /* x or y */
  int64_t sweeps;
};

/* Noise between 0 and 1. */
static double start_value(int64_t i) { return (double)((uint64_t)i * 2654435761u % 1000) * 1e-3; }

static double smooth_at(const double *x, int64_t i) { return 0.25 * (x[i - 1] + 2 * x[i] + x[i + 1]); }

static double larger(double a, double b) { return a > b ? a : b; }

static void swap(double **a, double **b) {
  double *t = *a;
  *a = *b;
  *b = t;
}

/* The ends stay as they are, in both arrays. */
PPAR_BODY(fill, i, struct line, l) { l->x[i] = l->y[i] = start_value(i); }

/* The thread's part of a sweep; returns the largest change in it. A function of its own: nobody takes the address of
 * `most`, so it stays in a register. */
static double sweep(ppar_team *team, const double *x, double *y, int64_t n) {
  double most = 0;
  ppar_prange(team, i, 1, n - 1, PPAR_OPTIONS(.schedule = ppar_static(0), .nowait = true)) {
    y[i] = smooth_at(x, i);
    most = larger(most, fabs(y[i] - x[i]));
  }
  return most;
}

/* What every thread of the team runs. Each has x, y and sweeps of its own, which change alike on all. The prange
 * needs no barrier: nobody leaves the reduction before all have come. */
static void smooth(ppar_team *team, void *arg) {
  struct line *l = arg;
  double *x = l->x, *y = l->y, change;
  int64_t sweeps = 0;
  do {
    const double mine = sweep(team, x, y, l->n);
    change = 0;
    PPAR_TEAM_REDUCE(team, mine, &change, &ppar_max_f64);
    swap(&x, &y);
    sweeps++;
  } while (change > TOLERANCE);
  if (ppar_master(team)) {
    l->result = x;
    l->sweeps = sweeps;
  }
}

/* The same, without threads. */
static void smooth_serially(struct line *l) {
  double *x = l->x, *y = l->y, change;
  for (int64_t i = 0; i < l->n; i++) x[i] = y[i] = start_value(i);
  l->sweeps = 0;
  do {
    change = 0;
    for (int64_t i = 1; i < l->n - 1; i++) {
      y[i] = smooth_at(x, i);
      change = larger(change, fabs(y[i] - x[i]));
    }
    swap(&x, &y);
    l->sweeps++;
  } while (change > TOLERANCE);
  l->result = x;
}

static bool line_make(struct line *l, int64_t n) {
  const size_t size = (size_t)n * sizeof(double);
  l->n = n;
  l->x = ppar_alloc(size);
  l->y = ppar_alloc(size);
  return l->x != NULL && l->y != NULL;
}

static void line_free(struct line *l) {
  ppar_free(l->y);
  ppar_free(l->x);
}

int main(int argc, char **argv) {
  int64_t n = 1000000, threads = 0;
  const struct argument arguments[] = {
      ARGUMENT_INTEGER("n", &n, 1, 1000000000, "values"),
      ARGUMENT_THREADS(&threads),
  };
  arguments_read(argc, argv, "smooths a line of values in a region", arguments, ARGUMENT_COUNT(arguments));

  struct line parallel = {0}, serial = {0};
  if (!line_make(&parallel, n) || !line_make(&serial, n)) {
    fprintf(stderr, "region: no memory for 4 arrays of %lld values\n", (long long)n);
    return 1;
  }
  /* As in scale.c: the same static map, so each thread's values are in memory near it. */
  ppar_parallel_for(0, n, fill, &parallel, PPAR_OPTIONS(.threads = (int)threads, .schedule = ppar_static(0)));

  const double start = seconds();
  const int status = ppar_parallel(smooth, &parallel, PPAR_OPTIONS(.threads = (int)threads));
  const double middle = seconds();
  smooth_serially(&serial);
  const double end = seconds();

  bool good = status == PPAR_OK && parallel.sweeps == serial.sweeps;
  for (int64_t i = 0; i < n && good; i++) good = parallel.result[i] == serial.result[i];
  printf("%lld values, %lld sweeps: %s\n", (long long)n, (long long)parallel.sweeps, good ? "passed" : "FAILED");
  printf("Time spent: %.3g s; without threads: %.3g s\n", middle - start, end - middle);
  line_free(&serial);
  line_free(&parallel);
  return good ? 0 : 1;
}

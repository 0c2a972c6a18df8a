/* SPDX-License-Identifier: MIT */
/* 09_roofline.c: loops that read each number from memory and do more and more arithmetic with it, on one thread and on
 * all: where memory is the limit, and where arithmetic is.
 *
 * Prints a line for each loop: floating-point operations for each byte, and GFLOP/s on one thread and on all. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>

enum { N = 1 << 23 /* 64 MB an array: no cache holds three of them */, ROUNDS = 3 };

static double *a, *b, *c;

/* [triad] */
struct triad {
  double s;
  double *a;
  const double *b, *c;
};
PPAR_BODY(triad, i, struct triad, t) { t->a[i] = t->b[i] + t->s * t->c[i]; } /* 2 operations, 24 bytes */
/* [/triad] */

/* [poly] */
struct poly {
  int steps;
  double *a;
  const double *b;
};

/* 2 operations for each step and number, 16 bytes. Eight numbers side by side, since a step needs the one before. */
static void poly(const ppar_chunk *chunk, void *arg) {
  const struct poly *p = arg;
  int64_t i = chunk->begin;
  for (; i + 8 <= chunk->end; i += 8) {
    double x[8], y[8];
    for (int k = 0; k < 8; k++) x[k] = y[k] = p->b[i + k];
    for (int step = 0; step < p->steps; step++)
      for (int k = 0; k < 8; k++) y[k] = y[k] * x[k] + 0.5;
    for (int k = 0; k < 8; k++) p->a[i + k] = y[k];
  }
  for (; i < chunk->end; i++) p->a[i] = p->b[i];
}
/* [/poly] */

enum { LOOPS = 9 };
static const int steps_of[LOOPS] = {0 /* the triad */, 1, 2, 4, 8, 16, 32, 64, 128};

static double flops_of(int loop) { return loop == 0 ? 2 : 2 * steps_of[loop]; } /* for each number */
static double bytes_of(int loop) { return loop == 0 ? 24 : 16; }

/* GFLOP/s */
static double run(int loop, int threads) {
  const ppar_options options = PPAR_OPTIONS_INIT(.threads = threads, .schedule = ppar_static(0));
  int64_t n = steps_of[loop] > 16 ? N / 4 : N; /* the long ones need not be so long */
  double begin = ppar_wtime();
  if (loop == 0) {
    ppar_parallel_for(0, n, triad, &(struct triad){3, a, b, c}, &options);
  } else {
    ppar_parallel_for(0, n, poly, &(struct poly){steps_of[loop], a, b}, &options);
  }
  return 1e-9 * flops_of(loop) * (double)n / (ppar_wtime() - begin);
}

struct fill {
  double *a, *b, *c;
};
PPAR_BODY(fill, i, struct fill, f) {
  f->a[i] = 0;
  f->b[i] = 0.25;
  f->c[i] = 0.75;
}

int main(void) {
  const size_t size = N * sizeof(double);
  a = ppar_alloc(size);
  b = ppar_alloc(size);
  c = ppar_alloc(size);
  if (a == NULL || b == NULL || c == NULL) return 1;
  ppar_parallel_for(0, N, fill, &(struct fill){a, b, c}, PPAR_OPTIONS(.schedule = ppar_static(0)));

  double best[LOOPS][2] = {{0}}; /* on one thread, on all */
  for (int round = 0; round < ROUNDS; round++)
    for (int loop = 0; loop < LOOPS; loop++)
      for (int all = 0; all <= 1; all++) best[loop][all] = fmax(best[loop][all], run(loop, all ? 0 : 1));

  int threads = ppar_max_threads(NULL);
  printf("%-12s %10s %12s %12s %8s\n", "loop", "flop/byte", "1 thread", "all", "speedup");
  for (int loop = 0; loop < LOOPS; loop++) {
    char name[32] = "triad";
    if (loop > 0) snprintf(name, sizeof name, "poly %d", steps_of[loop]);
    printf("%-12s %10.3f %12.2f %12.2f %8.2f\n", name, flops_of(loop) / bytes_of(loop), best[loop][0], best[loop][1],
           best[loop][1] / best[loop][0]);
  }
  printf("%d threads; memory: %.1f GB/s by one, %.1f by all\n", threads, best[0][0] * 12, best[0][1] * 12);
  ppar_free(c);
  ppar_free(b);
  ppar_free(a);
  return 0;
}

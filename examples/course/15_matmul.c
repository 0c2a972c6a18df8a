/* SPDX-License-Identifier: MIT */
/* 15_matmul.c: the product of two matrices, made faster step by step. Prints for each step its time, its speed, and how
 * many times it is faster than the first one. The last step is examples/dgemm.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/ppar.h>

#include "../dgemm.h"

enum { N = 384, ROUNDS = 3, BLOCK = 64 };

struct matrices {
  const double *a, *b;
  double *c;
};

/* [ijk] */
/* As in the formula: an element of C is a row of A times a column of B. */
static void row_ijk(const struct matrices *m, int64_t i) {
  for (int64_t j = 0; j < N; j++) {
    double sum = 0;
    for (int64_t k = 0; k < N; k++) sum += m->a[i * N + k] * m->b[k * N + j]; /* each b on another line of memory */
    m->c[i * N + j] = sum;
  }
}
/* [/ijk] */

/* [ikj] */
/* The two inner loops in the other order: all that the inner one touches lies side by side. */
static void row_ikj(const struct matrices *m, int64_t i) {
  double *restrict row = m->c + i * N;
  memset(row, 0, N * sizeof *row);
  for (int64_t k = 0; k < N; k++) {
    const double a = m->a[i * N + k];
    for (int64_t j = 0; j < N; j++) row[j] += a * m->b[k * N + j];
  }
}
/* [/ikj] */

PPAR_BODY(multiply_ijk, i, struct matrices, m) { row_ijk(m, i); }
PPAR_BODY(multiply_ikj, i, struct matrices, m) { row_ikj(m, i); }

/* [tiles] */
/* A tile of C at a time, by blocks of k: what is used of B, 64 x 64 numbers, stays in the cache for 64 rows. */
static void multiply_tile(const ppar_tile *tile, void *arg) {
  const struct matrices *m = arg;
  const int64_t j_begin = tile->dim[1].begin, j_end = tile->dim[1].end;
  for (int64_t i = tile->dim[0].begin; i < tile->dim[0].end; i++)
    memset(m->c + i * N + j_begin, 0, (size_t)(j_end - j_begin) * sizeof(double));
  for (int64_t k_begin = 0; k_begin < N; k_begin += BLOCK) {
    for (int64_t i = tile->dim[0].begin; i < tile->dim[0].end; i++) {
      double *restrict row = m->c + i * N;
      for (int64_t k = k_begin; k < k_begin + BLOCK; k++) {
        const double a = m->a[i * N + k];
        for (int64_t j = j_begin; j < j_end; j++) row[j] += a * m->b[k * N + j];
      }
    }
  }
}
/* [/tiles] */

static void rows(const struct matrices *m, ppar_body *body, int threads) {
  struct matrices copy = *m;
  ppar_parallel_for(0, N, body, &copy, PPAR_OPTIONS(.threads = threads));
}
static void by_ijk(const struct matrices *m, int threads) { rows(m, multiply_ijk, threads); }
static void by_ikj(const struct matrices *m, int threads) { rows(m, multiply_ikj, threads); }
static void by_tiles(const struct matrices *m, int threads) {
  struct matrices copy = *m;
  ppar_parallel_for_2d(PPAR_BOUNDS(0, N), PPAR_BOUNDS(0, N), multiply_tile, &copy,
                       PPAR_OPTIONS(.threads = threads, .tile = {BLOCK, BLOCK}));
}
static void by_dgemm(const struct matrices *m, int threads) {
  dgemm_ppar(N, N, N, m->a, N, m->b, N, m->c, N, PPAR_OPTIONS(.threads = threads));
}

static const struct {
  const char *name;
  void (*run)(const struct matrices *m, int threads);
  int threads; /* 0: all */
} steps[] = {
    {"i, j, k, one thread", by_ijk, 1}, {"i, j, k, parallel", by_ijk, 0}, {"i, k, j, one thread", by_ikj, 1},
    {"i, k, j, parallel", by_ikj, 0},   {"tiles, parallel", by_tiles, 0}, {"dgemm.c, one thread", by_dgemm, 1},
    {"dgemm.c, parallel", by_dgemm, 0},
};
enum { STEPS = sizeof steps / sizeof *steps };

/* c[i][j] is close to what the sum of so many products in another order is. */
static bool is_right(const struct matrices *m) {
  for (int64_t i = 0; i < N; i += 37) {
    for (int64_t j = 0; j < N; j += 41) {
      double sum = 0;
      for (int64_t k = 0; k < N; k++) sum += m->a[i * N + k] * m->b[k * N + j];
      if (!(fabs(sum - m->c[i * N + j]) < 1e-10 * N)) return false;
    }
  }
  return true;
}

int main(void) {
  double *a = ppar_alloc(N * N * sizeof *a), *b = ppar_alloc(N * N * sizeof *b), *c = ppar_alloc(N * N * sizeof *c);
  if (a == NULL || b == NULL || c == NULL) return 1;
  struct matrices m = {a, b, c};
  double times[STEPS];
  bool right[STEPS];
  for (int k = 0; k < N * N; k++) {
    a[k] = sin(k);
    b[k] = cos(k);
  }
  for (int s = 0; s < STEPS; s++) times[s] = INFINITY;
  for (int round = 0; round < ROUNDS; round++) {
    for (int s = 0; s < STEPS; s++) {
      memset(c, 0, N * N * sizeof *c);
      double begin = ppar_wtime();
      steps[s].run(&m, steps[s].threads);
      times[s] = fmin(times[s], (ppar_wtime() - begin) * 1e3);
      right[s] = is_right(&m);
    }
  }
  printf("%d x %d, %d threads; ms, the least of %d rounds\n", N, N, ppar_max_threads(NULL), ROUNDS);
  for (int s = 0; s < STEPS; s++)
    printf("%-20s %8.2f  x %6.1f  %6.2f GFLOP/s%s\n", steps[s].name, times[s], times[0] / times[s],
           2e-6 * N * N * N / times[s], right[s] ? "" : " WRONG");
  ppar_free(c);
  ppar_free(b);
  ppar_free(a);
  return 0;
}

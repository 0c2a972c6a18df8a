/* SPDX-License-Identifier: MIT */
/* places.c: calls by the macros that pass them on to the library; places.py looks where the report says that they are.
 * What it shall say of a call is on the call's line: the kind, the iterations of all calls there, the function. */
#include <ppar/ppar.h>
#include <stdio.h>

typedef struct data {
  double *x;
} data;

enum { N = 10000, ROWS = 8, COLUMNS = 5, LAYERS = 3 };

static double x[N];

PPAR_BODY(fill, i, data, to) { to->x[i] = (double)i; }
PPAR_BODY_GLOBAL(clear, i) { x[i] = 0; }
PPAR_BODY_2D(fill_rows, i, j, data, to) { to->x[i * COLUMNS + j] = 1; }
PPAR_BODY_3D(fill_layers, i, j, k, data, to) { to->x[(i * COLUMNS + j) * LAYERS + k] = 1; }
PPAR_FOLD(add, double, sum, i, data, of) { *sum += of->x[i]; }

static void rows(const data *to) {
  const ppar_bounds bounds[] = {PPAR_BOUNDS(0, ROWS), PPAR_BOUNDS(0, COLUMNS)};
  (void)PPAR_FOR_2D(bounds[0], bounds[1], fill_rows, to, NULL);                           /* loop 40 rows */
  (void)PPAR_FOR_ND(bounds, fill_rows, to, NULL);                                         /* loop 40 rows */
  (void)PPAR_FOR_3D(bounds[0], bounds[1], PPAR_BOUNDS(0, LAYERS), fill_layers, to, NULL); /* loop 120 rows */
}

static double sums(const data *of) {
  const ppar_options *blocks = PPAR_OPTIONS(.reproducible = true, .schedule = ppar_dynamic(3));
  double sum = 0;
  (void)PPAR_REDUCE(0, N, add, of, &ppar_sum_f64, &sum, NULL);     /* reduce 10000 sums */
  (void)PPAR_REDUCE(0, N / 2, add, of, &ppar_sum_f64, &sum, NULL); /* reduce 5000 sums */
  (void)PPAR_REDUCE(0, N, add, of, &ppar_sum_f64, &sum, blocks);   /* reduce 10000 sums */
  return sum;
}

int main(void) {
  const data all = {x};
  for (int k = 0; k < 2; k++) (void)PPAR_FOR(0, N, fill, &all, NULL); /* loop 20000 main */
  (void)PPAR_FOR(0, N / 2, fill, &all, NULL);                         /* loop 5000 main */
  printf("%g\n", sums(&all));
  (void)PPAR_FOR(0, N, clear, NULL, NULL); /* loop 10000 main */
  rows(&all);
  return 0;
}

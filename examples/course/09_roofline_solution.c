/* SPDX-License-Identifier: MIT */
/* 09_roofline_solution.c: two loops over arrays that no cache holds, and the same arithmetic in one loop: half of the
 * traffic, and so half of the time, on any number of threads. */
#include <math.h>
#include <stdio.h>

#include <ppar/ppar.h>

enum { N = 1 << 23, ROUNDS = 3 };

struct arrays {
  double *a, *b;
};

PPAR_BODY(fill, i, struct arrays, x) {
  x->a[i] = 0;
  x->b[i] = 0.5;
}
/* [loops] */
PPAR_BODY(first, i, struct arrays, x) { x->a[i] = x->b[i] * x->b[i] + 1; }
PPAR_BODY(second, i, struct arrays, x) { x->a[i] = x->a[i] * 0.5 + x->b[i]; }

/* What the first loop leaves in memory for the second one stays in a register here. */
PPAR_BODY(fused, i, struct arrays, x) {
  double value = x->b[i] * x->b[i] + 1;
  x->a[i] = value * 0.5 + x->b[i];
}
/* [/loops] */

static void in_two(struct arrays *x, const ppar_options *options) {
  ppar_parallel_for(0, N, first, x, options);
  ppar_parallel_for(0, N, second, x, options);
}
static void in_one(struct arrays *x, const ppar_options *options) { ppar_parallel_for(0, N, fused, x, options); }

int main(void) {
  struct arrays x = {ppar_alloc(N * sizeof(double)), ppar_alloc(N * sizeof(double))};
  if (x.a == NULL || x.b == NULL) return 1;
  ppar_parallel_for(0, N, fill, &x, PPAR_OPTIONS(.schedule = ppar_static(0)));
  double times[2][2] = {{INFINITY, INFINITY}, {INFINITY, INFINITY}}; /* two loops, one; one thread, all */
  for (int round = 0; round < ROUNDS; round++) {
    for (int all = 0; all <= 1; all++) {
      const ppar_options options = PPAR_OPTIONS_INIT(.threads = all ? 0 : 1, .schedule = ppar_static(0));
      double begin = ppar_wtime();
      in_two(&x, &options);
      double middle = ppar_wtime();
      in_one(&x, &options);
      times[0][all] = fmin(times[0][all], (middle - begin) * 1e3);
      times[1][all] = fmin(times[1][all], (ppar_wtime() - middle) * 1e3);
    }
  }
  printf("two loops: %6.1f ms on one thread, %6.1f on all\n", times[0][0], times[0][1]);
  printf("one loop:  %6.1f ms on one thread, %6.1f on all\n", times[1][0], times[1][1]);
  ppar_free(x.a);
  ppar_free(x.b);
  return 0;
}

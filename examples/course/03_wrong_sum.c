/* SPDX-License-Identifier: MIT */
/* 03_wrong_sum.c: all threads add to one variable. This program is wrong. */
#include <stdio.h>
#include <stdlib.h>

#include <ppar/ppar.h>

struct data {
  const int64_t *x;
  int64_t *sum;
};

PPAR_BODY(add, i, struct data, d) { *d->sum += d->x[i]; } /* wrong: every iteration writes to the same variable */

int main(int argc, char **argv) {
  int64_t n = argc > 1 ? atoll(argv[1]) : 10000000, sum = 0;
  int64_t *x = malloc((size_t)n * sizeof *x);
  if (x == NULL) return 1;
  for (int64_t i = 0; i < n; i++) x[i] = i + 1;
  ppar_parallel_for(0, n, add, &(struct data){x, &sum}, PPAR_OPTIONS(.name = "add"));
  printf("1 + ... + %lld = %lld, and this program says %lld\n", (long long)n, (long long)n * (n + 1) / 2,
         (long long)sum);
  free(x);
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* 04_right_sum_solution.c: the least, the largest and the mean of many numbers, by one reduction of three. */
#include <stdio.h>

#include <ppar/ppar.h>

enum { N = 1000000 };

struct spread {
  int64_t least, largest, sum;
};
PPAR_REDUCTION(spread, struct spread, (PPAR_MIN, least), (PPAR_MAX, largest), (PPAR_SUM, sum));

static int64_t value(int64_t i) { return i * i % 1000 + 17; }

PPAR_FOLD_GLOBAL(look, struct spread, seen, i) {
  int64_t x = value(i);
  if (x < seen->least) seen->least = x;
  if (x > seen->largest) seen->largest = x;
  seen->sum += x;
}

int main(void) {
  struct spread all = {INT64_MAX, INT64_MIN, 0};
  ppar_parallel_reduce(0, N, look, NULL, &spread, &all, NULL);
  printf("least %lld, largest %lld, mean %.3f\n", (long long)all.least, (long long)all.largest, (double)all.sum / N);
  return 0;
}

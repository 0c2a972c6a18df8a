/* SPDX-License-Identifier: MIT */
/* 05_digits_solution.c: 1 + 1/2 + 1/3 + ... + 1/N in float, in several orders. */
#include <stdio.h>

#include <ppar/ppar.h>

enum { N = 10000000 };

static float term(int64_t k) { return 1.0f / (float)k; }

static float forwards(void) {
  float sum = 0;
  for (int64_t k = 1; k <= N; k++) sum += term(k);
  return sum;
}

static float backwards(void) {
  float sum = 0;
  for (int64_t k = N; k >= 1; k--) sum += term(k);
  return sum;
}

static float pairs(int64_t begin, int64_t end) {
  if (end - begin == 1) return term(begin);
  int64_t middle = begin + (end - begin) / 2;
  return pairs(begin, middle) + pairs(middle, end);
}

PPAR_FOLD_GLOBAL(add, float, sum, k) { *sum += term(k); }

static float parallel(int threads) {
  float sum = 0;
  ppar_parallel_reduce(1, N + 1, add, NULL, &ppar_sum_f32, &sum,
                       PPAR_OPTIONS(.threads = threads, .schedule = ppar_static(0)));
  return sum;
}

int main(void) {
  double right = 0;
  for (int64_t k = N; k >= 1; k--) right += 1.0 / (double)k;
  printf("forwards     %f\n", forwards());
  printf("backwards    %f\n", backwards());
  printf("in pairs     %f\n", pairs(1, N + 1));
  for (int threads = 2; threads <= 32; threads *= 4) printf("%2d threads   %f\n", threads, parallel(threads));
  printf("in double    %f\n", right);
  return 0;
}

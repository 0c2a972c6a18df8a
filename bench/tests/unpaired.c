/* SPDX-License-Identifier: MIT */
/* The rank-sum interval against counting every order of the samples, and the ratio's own rules. */
#include <criterion/criterion.h>
#include <math.h>

#include "driver/unpaired.h"

enum { SAMPLES_MAX = 8, ROUNDS = 9 };

/* Pairs (first, second) with the first before the second; the bits of `order`, lowest first, say whose turn it is. */
static int pairs_in(unsigned order, int length) {
  int firsts = 0, pairs = 0;
  for (int k = 0; k < length; k++) {
    if ((order >> k & 1u) != 0) {
      firsts++;
    } else {
      pairs += firsts;
    }
  }
  return pairs;
}

static int ones_in(unsigned order) { return order == 0 ? 0 : (int)(order & 1u) + ones_in(order >> 1); }

static long counted_trim(int m, int n, double error) {
  double at[SAMPLES_MAX * SAMPLES_MAX + 1] = {0}, all = 0, tail = 0;
  long k = -1;
  for (unsigned order = 0; order < 1u << (m + n); order++) {
    if (ones_in(order) != m) continue;
    at[pairs_in(order, m + n)]++;
    all++;
  }
  for (; k + 1 <= m * n; k++) {
    tail += at[k + 1];
    if (tail > error / 2 * all) break;
  }
  return k;
}

Test(unpaired, as_many_are_left_out_as_counting_all_orders_allows) {
  for (int m = 1; m <= SAMPLES_MAX; m++)
    for (int n = 1; n <= SAMPLES_MAX; n++)
      for (int e = 0; e < 2; e++) {
        double error = e == 0 ? BENCH_UNPAIRED_ERROR : 0.05;
        cr_assert(bench_rank_sum_trim((size_t)m, (size_t)n, error) == counted_trim(m, n, error), "%d and %d", m, n);
      }
}

/* The published critical values of the two-sided test at 5 %: at most 23 of 100 pairs, 127 of 400. */
Test(unpaired, critical_values_are_the_known_ones) {
  cr_assert(bench_rank_sum_trim(10, 10, 0.05) == 23);
  cr_assert(bench_rank_sum_trim(20, 20, 0.05) == 127);
}

Test(unpaired, the_normal_law_continues_what_counting_gives) {
  long counted = bench_rank_sum_trim(50, 50, BENCH_UNPAIRED_ERROR);
  long normal = bench_rank_sum_trim(50, 51, BENCH_UNPAIRED_ERROR);
  cr_assert(normal >= counted && normal - counted < 50, "%ld, %ld", counted, normal);
}

static void fill(double *samples, double base) {
  for (int k = 0; k < ROUNDS; k++) samples[k] = base + (k * 5 % ROUNDS);
}

Test(unpaired, a_run_is_the_same_as_itself) {
  double a[ROUNDS];
  bench_ratio ratio;
  fill(a, 100);
  ratio = bench_ratio_unpaired(a, ROUNDS, a, ROUNDS);
  cr_assert(ratio.conclusive && ratio.count == ROUNDS && fabs(ratio.median - 1) < 1e-3);
  cr_assert_str_eq(bench_verdict(&ratio), "same");
}

Test(unpaired, what_lies_apart_is_faster_or_slower) {
  double a[ROUNDS], b[ROUNDS];
  bench_ratio ratio;
  fill(a, 100);
  fill(b, 150);
  ratio = bench_ratio_unpaired(b, ROUNDS, a, ROUNDS);
  cr_assert(ratio.low > 1 && ratio.low <= ratio.median && ratio.median <= ratio.high);
  ratio = bench_ratio_unpaired(a, ROUNDS, b, ROUNDS);
  cr_assert(ratio.high < 1 && ratio.conclusive);
}

Test(unpaired, samples_not_taken_count_nowhere) {
  double a[ROUNDS], b[ROUNDS], c[ROUNDS - 1];
  bench_ratio with, without;
  fill(a, 100);
  fill(b, 103);
  for (int k = 0; k < ROUNDS - 1; k++) c[k] = b[k + 1];
  b[0] = NAN;
  with = bench_ratio_unpaired(a, ROUNDS, b, ROUNDS);
  without = bench_ratio_unpaired(a, ROUNDS, c, ROUNDS - 1);
  cr_assert(with.count == ROUNDS - 1);
  cr_assert(with.low <= without.low && with.low >= without.low && with.high <= without.high);
}

Test(unpaired, few_samples_conclude_nothing_and_none_give_no_ratio) {
  double a[ROUNDS];
  bench_ratio ratio;
  fill(a, 100);
  ratio = bench_ratio_unpaired(a, 6, a, 6);
  cr_assert(ratio.count == 6 && !ratio.conclusive);
  ratio = bench_ratio_unpaired(a, 7, a, 7);
  cr_assert(ratio.conclusive);
  ratio = bench_ratio_unpaired(a, 0, a, ROUNDS);
  cr_assert(ratio.count == 0 && isnan(ratio.median));
}

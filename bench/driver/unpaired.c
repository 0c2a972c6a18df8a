/* SPDX-License-Identifier: MIT */
/* unpaired.c: the rank-sum test, turned into an interval. */
#include "driver/unpaired.h"

#include <math.h>
#include <stdlib.h>

#include "peers/times.h"

/* With more pairs the counts come so close to the normal law that counting them all is not worth its time. */
enum { EXACT_PAIRS_MAX = 2500 };

/* Orders of m and n samples that have u such pairs, for each u: the coefficients of the Gaussian binomial
 * (1 - x^(n+1)) ... (1 - x^(n+m)) / ((1 - x) ... (1 - x^m)). */
static void count_orders(double *orders, size_t m, size_t n) {
  size_t most = m * n;
  for (size_t u = 0; u <= most; u++) orders[u] = u == 0;
  for (size_t i = 1; i <= m; i++) {
    for (size_t u = most; u >= n + i; u--) orders[u] -= orders[u - n - i];
    for (size_t u = i; u <= most; u++) orders[u] += orders[u - i];
  }
}

/* The point above which the normal law has a given, small part. */
static double normal_quantile(double part) {
  double low = 0, high = 40;
  for (int step = 0; step < 60; step++) {
    double middle = (low + high) / 2;
    if (erfc(middle / sqrt(2)) / 2 > part) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return high;
}

long bench_rank_sum_trim(size_t m, size_t n, double error) {
  double *orders, all = 0, tail = 0, pairs = (double)(m * n);
  long k = -1;
  if (m * n > EXACT_PAIRS_MAX) {
    double spread = sqrt(pairs * (double)(m + n + 1) / 12);
    k = (long)floor(pairs / 2 - normal_quantile(error / 2) * spread) - 1;
    return k < -1 ? -1 : k;
  }
  orders = malloc((m * n + 1) * sizeof *orders);
  if (orders == NULL) return -2;
  count_orders(orders, m, n);
  for (size_t u = 0; u <= m * n; u++) all += orders[u];
  while (k + 1 <= (long)(m * n)) {
    tail += orders[k + 1];
    if (tail > error / 2 * all) break;
    k++;
  }
  free(orders);
  return k;
}

static size_t taken(const double *samples, size_t count) {
  size_t n = 0;
  for (size_t k = 0; k < count; k++) n += isnan(samples[k]) ? 0 : 1;
  return n;
}

bench_ratio bench_ratio_unpaired(const double *above, size_t above_count, const double *below, size_t below_count) {
  bench_ratio ratio = BENCH_NO_RATIO;
  size_t m = taken(above, above_count), n = taken(below, below_count), pairs = 0;
  double *ratios = m * n > 0 ? malloc(m * n * sizeof *ratios) : NULL;
  long trim;
  if (ratios == NULL) return ratio;
  for (size_t a = 0; a < above_count; a++)
    for (size_t b = 0; b < below_count; b++)
      if (!isnan(above[a]) && !isnan(below[b])) ratios[pairs++] = above[a] / below[b];
  bench_sort(ratios, pairs);
  trim = bench_rank_sum_trim(m, n, BENCH_UNPAIRED_ERROR);
  if (trim >= -1) {
    size_t left_out = trim < 0 ? 0 : (size_t)trim;
    ratio.count = m < n ? m : n;
    ratio.conclusive = trim >= 0;
    ratio.median = (ratios[(pairs - 1) / 2] + ratios[pairs / 2]) / 2;
    ratio.low = ratios[left_out];
    ratio.high = ratios[pairs - 1 - left_out];
  }
  free(ratios);
  return ratio;
}

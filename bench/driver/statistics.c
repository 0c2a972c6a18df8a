/* SPDX-License-Identifier: MIT */
/* statistics.c: order statistics. They need no assumption, and one disturbed sample does not move them. */
#include "driver/statistics.h"

#include <math.h>

#include "driver/results.h"
#include "peers/times.h"

/* Copies the samples that were taken, rising; returns how many. */
static size_t sorted(const double *samples, size_t count, double *out) {
  size_t taken = 0;
  for (size_t k = 0; k < count; k++)
    if (!isnan(samples[k])) out[taken++] = samples[k];
  bench_sort(out, taken);
  return taken;
}

bench_summary bench_summarize(const double *samples, size_t count) {
  double values[BENCH_ROUNDS_MAX];
  bench_summary summary = {sorted(samples, count, values), NAN, NAN, NAN};
  if (summary.count == 0) return summary;
  summary.median = bench_quantile(values, summary.count, 0.5);
  summary.lower_quartile = bench_quantile(values, summary.count, 0.25);
  summary.upper_quartile = bench_quantile(values, summary.count, 0.75);
  return summary;
}

/* For bench_find_modes, see there. */
enum { MODES_SAMPLES_MIN = 6, MODE_PART = 5, MODE_SAMPLES_MIN = 2 };
#define MODES_GAP 1.5
#define MODES_APART 1.25

bench_modes bench_find_modes(const double *samples, size_t count) {
  double values[BENCH_ROUNDS_MAX], gap = 0, width;
  bench_modes modes = {false, NAN, NAN, 0, 0};
  size_t taken = sorted(samples, count, values), first = 0, least, split = 0;
  while (first < taken && !(values[first] > 0)) first++;
  taken -= first;
  least = (taken + MODE_PART - 1) / MODE_PART;
  if (least < MODE_SAMPLES_MIN) least = MODE_SAMPLES_MIN;
  if (taken < MODES_SAMPLES_MIN) return modes;
  for (size_t k = least; k <= taken - least; k++) {
    double next = log(values[first + k] / values[first + k - 1]);
    if (next <= gap) continue;
    gap = next;
    split = k;
  }
  if (split == 0) return modes;
  width = fmax(log(values[first + split - 1] / values[first]), log(values[first + taken - 1] / values[first + split]));
  modes.low = bench_quantile(values + first, split, 0.5);
  modes.high = bench_quantile(values + first + split, taken - split, 0.5);
  modes.low_count = split;
  modes.high_count = taken - split;
  modes.two = gap >= MODES_GAP * width && modes.high >= MODES_APART * modes.low;
  return modes;
}

/* For bench_find_outliers, see there. */
#define OUTLIER_RANGES 5
#define OUTLIER_FACTOR 1.5

static bool lies_outside(double sample, const bench_summary *summary) {
  double range = OUTLIER_RANGES * (summary->upper_quartile - summary->lower_quartile);
  if (isnan(sample) || !(summary->median > 0)) return false;
  return (sample > summary->upper_quartile + range && sample > OUTLIER_FACTOR * summary->median) ||
         (sample < summary->lower_quartile - range && sample * OUTLIER_FACTOR < summary->median);
}

static bool may_have_outliers(const double *samples, size_t count, bench_summary *summary) {
  *summary = bench_summarize(samples, count);
  return summary->count >= MODES_SAMPLES_MIN && !bench_find_modes(samples, count).two;
}

bool bench_is_outlier(double sample, const double *samples, size_t count) {
  bench_summary summary;
  return may_have_outliers(samples, count, &summary) && lies_outside(sample, &summary);
}

bench_outliers bench_find_outliers(const double *samples, size_t count) {
  bench_summary summary;
  bool any = may_have_outliers(samples, count, &summary);
  bench_outliers out = {0, NAN, summary.median};
  double farthest = 0;
  for (size_t k = 0; any && k < count; k++) {
    double far;
    if (!lies_outside(samples[k], &summary)) continue;
    out.count++;
    far = samples[k] > 0 ? fabs(log(samples[k] / summary.median)) : INFINITY;
    if (far <= farthest) continue;
    farthest = far;
    out.farthest = samples[k];
  }
  return out;
}

double bench_spread(const bench_summary *summary) {
  return (summary->upper_quartile - summary->lower_quartile) / 2 / summary->median;
}

/* How many of the lowest and of the highest of `count` values can be left out so that the median of what they
 * were drawn from still lies between the rest, except with the probability `miss`. Each value lies below that median
 * with probability 1/2, so the number below is binomial. -1: even all of them are too few. */
static int trim(size_t count, double miss) {
  double term = pow(0.5, (double)count), tail = 0;
  int k = -1;
  while (k + 1 < (int)count) {
    tail += term;
    if (2 * tail > miss) break;
    k++;
    term *= (double)(count - (size_t)k) / (double)(k + 1);
  }
  return k;
}

bench_ratio bench_ratio_of(const double *above, const double *below, size_t count, double scale) {
  return bench_ratio_with(above, below, count, scale, BENCH_MISS);
}

bench_ratio bench_ratio_with(const double *above, const double *below, size_t count, double scale, double miss) {
  double ratios[BENCH_ROUNDS_MAX], values[BENCH_ROUNDS_MAX];
  bench_ratio ratio = BENCH_NO_RATIO;
  int left_out;
  for (size_t k = 0; k < count; k++) ratios[k] = below[k] != 0 ? scale * above[k] / below[k] : NAN;
  ratio.count = sorted(ratios, count, values);
  if (ratio.count == 0) return ratio;
  ratio.modes = bench_find_modes(values, ratio.count);
  left_out = trim(ratio.count, miss);
  ratio.conclusive = left_out >= 0;
  if (left_out < 0) left_out = 0;
  ratio.median = bench_quantile(values, ratio.count, 0.5);
  ratio.low = values[left_out];
  ratio.high = values[ratio.count - 1 - (size_t)left_out];
  return ratio;
}

bench_ratio bench_median_of(const double *samples, size_t count) {
  double ones[BENCH_ROUNDS_MAX];
  for (size_t k = 0; k < count; k++) ones[k] = 1;
  return bench_ratio_of(samples, ones, count, 1);
}

const char *bench_verdict(const bench_ratio *ratio) {
  if (ratio->count == 0) return "-";
  if (ratio->noisy) return "noisy";
  if (ratio->modes.two) return "modes";
  if (!ratio->conclusive) return "?";
  return ratio->high < 1 ? "faster" : ratio->low > 1 ? "slower" : "same";
}

/* SPDX-License-Identifier: MIT */
/* statistics.h: what may be said about a few samples without knowing their distribution. */
#ifndef BENCH_STATISTICS_H
#define BENCH_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

/* Samples that were not taken are NaN, and count nowhere. */
typedef struct bench_summary {
  size_t count;
  double median, lower_quartile, upper_quartile; /* NaN where count is 0 */
} bench_summary;

/* Two times of which a sample has now the one and now the other: a page that lies well or badly, a thread that is woken
 * on this processor or on that. */
typedef struct bench_modes {
  bool two;
  double low, high;             /* the medians of the two parts */
  size_t low_count, high_count; /* samples in them */
} bench_modes;

/* The samples are of two modes when the greatest gap between neighbours, seen as a ratio, is at least 1.5 times as wide
 * as all that lies on either side of it; each side has a fifth of the samples, and two at least; and the sides' medians
 * are 1.25 apart. Of samples from one normal law it says so once in 70 times at nine samples and a spread of 30 %, once
 * in 250 times at 10 %. Samples that were not taken, or are not above 0, count nowhere; fewer than six have one
 * mode. */
bench_modes bench_find_modes(const double *samples, size_t count);

/* Samples that lie far outside: farther from the quartiles than five times what lies between them, and more than half
 * as long or as short again as the median. Where there are two modes, or fewer than six samples, there are none. */
typedef struct bench_outliers {
  size_t count;
  double farthest; /* the one whose ratio to the median is the farthest from 1; NaN where count is 0 */
  double median;
} bench_outliers;

bench_outliers bench_find_outliers(const double *samples, size_t count);

/* The same question of one sample, of those that they are found among. */
bool bench_is_outlier(double sample, const double *samples, size_t count);

/* The probability with which intervals may miss the true value. */
#define BENCH_MISS 0.05

/* A median of ratios, and the interval that holds the true one with a probability of at least 95 %: the ratios in
 * order, and as many left out at both ends as that allows. It holds whatever the distribution of the noise. */
typedef struct bench_ratio {
  size_t count;
  double median, low, high; /* NaN where count is 0 */
  bool conclusive;          /* enough samples for 95 %; else low and high are the extremes */
  bool noisy;               /* of samples that cannot be believed (driver/trust.h): there is no verdict */
  bench_modes modes;        /* where there are two, there is no verdict either: the median is one of them by chance */
} bench_ratio;

/* The initialiser of one that there is not. */
#define BENCH_NO_RATIO \
  { .median = NAN, .low = NAN, .high = NAN }

/* The interval that holds the median of what the samples were drawn from, as for a ratio; median as of a summary. */
bench_ratio bench_median_of(const double *samples, size_t count);

bench_summary bench_summarize(const double *samples, size_t count);

/* Of scale * above[k] / below[k], round by round; a round whose below is 0 has none. */
bench_ratio bench_ratio_of(const double *above, const double *below, size_t count, double scale);

/* The same with an interval that misses with the given probability at most: of many ratios that are all to be right. */
bench_ratio bench_ratio_with(const double *above, const double *below, size_t count, double scale, double miss);

/* Half the interquartile range as a part of the median. */
double bench_spread(const bench_summary *summary);

/* "faster", "slower", "same" where the interval holds 1, or "?" where there is too little to say; "noisy" and "modes"
 * where there is none. */
const char *bench_verdict(const bench_ratio *ratio);

#endif

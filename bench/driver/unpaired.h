/* SPDX-License-Identifier: MIT */
/* unpaired.h: the ratio of times from two runs, whose rounds have nothing to do with each other. */
#ifndef BENCH_UNPAIRED_H
#define BENCH_UNPAIRED_H

#include <stddef.h>

#include "driver/statistics.h"

/* A comparison of two runs is some hundred ratios. At 95 % each, several would call a run slower than itself; at
 * 99.9 % one run in ten has one that does. */
#define BENCH_UNPAIRED_ERROR 0.001

/* above / below: the median of the ratios of each sample to each of the other run's (Hodges and Lehmann), and the
 * interval of the rank-sum test, which assumes of the noise only that it is the same in both runs up to the ratio.
 * Samples that were not taken are NaN. count is the smaller number of samples; conclusive when they are enough for
 * an interval at BENCH_UNPAIRED_ERROR, from seven each. Without memory, count is 0. */
bench_ratio bench_ratio_unpaired(const double *above, size_t above_count, const double *below, size_t below_count);

/* The greatest k such that, of m and n samples from one source, the number of pairs whose first is less than the
 * second is k or fewer with probability error / 2 at most; -1: there is none, -2: no memory. */
long bench_rank_sum_trim(size_t m, size_t n, double error);

#endif

/* SPDX-License-Identifier: MIT */
/* grain.h: the suite grain as a curve: two lines for each size, of its first calls and of later ones, with the bound
 * that auto has. */
#ifndef BENCH_GRAIN_REPORT_H
#define BENCH_GRAIN_REPORT_H

#include "driver/report.h"

/* What auto may take more than the best. */
#define BENCH_GRAIN_FACTOR 1.03
#define BENCH_GRAIN_NS 40

/* ppar's auto over that bound, in this row and those behind it of the same size: 1 or less keeps it. `row` is a size's
 * row of later loops or of first calls. *best, unless NULL, is the peer that the bound is taken from. */
bench_ratio bench_grain_ratio(const bench_results *results, const bench_peer *peers, const bench_row *row,
                              size_t *best);

/* Of the sizes with this kernel, of first calls or of later ones, the ratio with the greatest median. */
bench_ratio bench_grain_worst(const bench_results *results, const bench_peer *peers, const char *kernel, bool first);

void bench_grain_print(const bench_report *report, const bench_row *rows, size_t count);

#endif

/* SPDX-License-Identifier: MIT */
/* judge.h: what headlines are made from: cells, ratios, verdicts. */
#ifndef BENCH_JUDGE_H
#define BENCH_JUDGE_H

#include "driver/headlines.h"

/* Of the row's cells of the peer or of the family, the one with the least median; NULL where none was measured. The
 * better of two is chosen by medians, and the ratio then taken to that one: the least of each round would be a winner
 * by luck. */
const bench_cell *bench_best_cell(const bench_results *results, const bench_peer *peers, const bench_row *row,
                                  const char *name);

/* Either may be NULL: there is no ratio then. */
bench_ratio bench_ratio_to(const bench_results *results, const bench_cell *above, const bench_cell *below,
                           double scale);

/* To what is the same in all rounds, such as the machine's unit. */
bench_ratio bench_fixed_ratio(const bench_results *results, const bench_cell *cell, double unit);

bench_headline bench_judge(const char *name, double limit, bench_ratio ratio);

/* The headlines of ppar's own cells, which are held against ppar's other ones or a figure: headlines_own.c. */
size_t bench_own_headlines(const bench_results *results, const bench_peer *peers, const bench_machine *machine,
                           bench_headline *out);

/* Those of the OpenMP peer on ppar: headlines_openmp.c. */
size_t bench_openmp_headlines(const bench_results *results, const bench_peer *peers, const bench_machine *machine,
                              bench_headline *out);

#endif

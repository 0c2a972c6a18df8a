/* SPDX-License-Identifier: MIT */
/* faster.h: a row in words: how many times faster ppar ran than each peer. */
#ifndef BENCH_FASTER_H
#define BENCH_FASTER_H

#include "driver/report.h"

/* For a few rows that were asked for by name: a block for each, a line for each peer. */
enum { BENCH_FASTER_ROWS_MAX = 12 };

/* Nothing where ppar has no times in the row. */
void bench_faster_print(const bench_report *report, const bench_row *row);

#endif

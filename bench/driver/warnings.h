/* SPDX-License-Identifier: MIT */
/* warnings.h: what of a suite's samples has to be looked at with care: two modes, and samples far outside. */
#ifndef BENCH_WARNINGS_H
#define BENCH_WARNINGS_H

#include "driver/report.h"

/* A line for each row that has some. A noisy row has none: its figures are doubted already. */
void bench_warnings_print(const bench_report *report, const bench_row *rows, size_t count);

/* How many outliers there are in all rows, and what to do about them; nothing where there are none. */
void bench_warnings_advise(const bench_report *report);

#endif

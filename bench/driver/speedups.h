/* SPDX-License-Identifier: MIT */
/* speedups.h: what a row's processors could do at best, and how much of it each peer gets. */
#ifndef BENCH_SPEEDUPS_H
#define BENCH_SPEEDUPS_H

#include "driver/report.h"

/* The serial peer's cell for the row's work, of the row itself or of another one of the same rounds; NULL when it was
 * not measured. */
const bench_cell *bench_serial_cell(const bench_results *results, const bench_peer *peers, const bench_row *row);

/* How many processors the row's threads can have. */
int bench_row_processors(const bench_row *row, const bench_machine *machine);

/* A table of the rows: the ideal, which is the serial time over the processors, and of each peer the speedup and the
 * part of the ideal that it reaches; then what peers found that were to choose. */
void bench_speedups_print(const bench_report *report, const bench_row *rows, size_t count);

#endif

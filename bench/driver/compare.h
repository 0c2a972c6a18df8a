/* SPDX-License-Identifier: MIT */
/* compare.h: --compare: this run beside an earlier one that was saved by --format json. */
#ifndef BENCH_COMPARE_H
#define BENCH_COMPARE_H

#include "driver/report.h"

typedef struct bench_earlier bench_earlier;

/* Reads the file. NULL after one line on standard error that says what is expected. */
bench_earlier *bench_earlier_read(const char *path);
void bench_earlier_free(bench_earlier *earlier);

typedef enum bench_compared {
  BENCH_COMPARED,        /* nothing of ppar's is slower */
  BENCH_COMPARED_SLOWER, /* something is */
  BENCH_COMPARED_NOTHING /* the runs have no measured cell in common */
} bench_compared;

/* Writes a line for each cell that both runs have, matched by suite, case and peer, to standard output. */
bench_compared bench_compare(const bench_earlier *earlier, const bench_report *report);

#endif

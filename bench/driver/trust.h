/* SPDX-License-Identifier: MIT */
/* trust.h: whether a row's figures can be believed, and so the run, by what reading.h read beside them.
 *
 * The rows of a group have a reading of the machine in common: what others and the host took of the processors
 * meanwhile, and a cache line's round trip before and after. A row is noisy when that is out of the ordinary, or when
 * its own serial loop scatters, which has no runtime to blame for it. What is said of a noisy row has no verdict. */
#ifndef BENCH_TRUST_H
#define BENCH_TRUST_H

#include "driver/machine.h"
#include "driver/results.h"

/* What of the processors' ticks may be stolen, and by how much a serial loop's half interquartile range may spread. */
#define BENCH_STOLEN_MAX 0.02
#define BENCH_SERIAL_SPREAD_MAX 0.1

/* The round trips of a run: what is usual, and how far they may be from it. */
typedef struct bench_usual {
  double ns, spread; /* the median, and half the interquartile range as a part of it; 0: not known */
  double most;       /* one that takes longer is unusual */
} bench_usual;

bench_usual bench_usual_of(const double *roundtrips, size_t count);

/* Of one row; serial_spread is NaN where the row has no serial loop. */
bench_doubt bench_doubt_of(const bench_reading *reading, const bench_usual *usual, double serial_spread);

/* What came of all rows. */
typedef struct bench_trust {
  size_t rows, noisy;             /* rows: that have figures */
  size_t by_reason[BENCH_DOUBTS]; /* of the noisy ones */
  bench_usual usual;
  double serial_spread; /* of the serial loops the middle one's; NaN: there are none */
} bench_trust;

/* Marks the rows that are noisy, and their cells, unless all are to be judged whatever the machine was like. `serial`
 * is the index of the serial peer; results->peer_count: it was not measured. */
bench_trust bench_trust_judge(bench_results *results, size_t serial, bool judge_all);

/* One line: whether this run can be believed, why not, and what can be done about that. */
void bench_trust_line(const bench_trust *trust, const bench_machine *machine, char *text, size_t size);

/* What was read beside the rows. */
void bench_trust_readings(const bench_trust *trust, const bench_machine *machine, char *text, size_t size);

#endif

/* SPDX-License-Identifier: MIT */
/* reading.h: what the machine is like while a group of rows is measured. */
#ifndef BENCH_READING_H
#define BENCH_READING_H

#include "driver/machine.h"
#include "driver/peer.h"
#include "driver/results.h"

/* Processor time up to now; this process's own is that of the peers, too. */
bench_usage bench_reading_usage(const bench_results *results, const bench_peer *peers);

/* Begins and ends the reading of a group's rows. The peers' processes that are still there are not others. */
bench_usage bench_reading_begin(const bench_results *results, const bench_peer *peers, bench_reading *out);
void bench_reading_end(const bench_results *results, const bench_peer *peers, const bench_usage *start,
                       bench_reading *out);

#endif

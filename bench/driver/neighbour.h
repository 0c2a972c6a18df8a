/* SPDX-License-Identifier: MIT */
/* neighbour.h: samples that are taken while something else wants the processors: a twin, a hog, a quota (suite.h,
 * bench_beside). */
#ifndef BENCH_NEIGHBOUR_H
#define BENCH_NEIGHBOUR_H

#include "driver/peer.h"
#include "driver/results.h"

/* Takes one sample beside that. BENCH_FORBIDDEN: this process may not make such a quota. */
bench_outcome bench_neighbour_sample(bench_peer *peer, bench_beside beside, const bench_request *request,
                                     bench_answer *out);

/* How many times as long as alone the row takes when nothing is lost but what the others have by rights: every
 * thread that wants to run gets an equal part of the processors, and a quota is used up. 1 beside nothing. */
double bench_neighbour_ideal(const bench_row *row, int threads, int cpus);

/* The row of the same group that is measured alone on T threads; NULL: there is none, or it is the row itself. */
const bench_row *bench_neighbour_alone(const bench_results *results, const bench_row *row);

/* The processor time, in seconds, that the twins have used so far. */
double bench_neighbours_used_s(void);

/* Ends the twins, and removes what the quota needed. */
void bench_neighbours_end(void);

#endif

/* SPDX-License-Identifier: MIT */
/* rounds.h: the order of measuring.
 *
 * Cases of one group and all their peers are measured together, in rounds: A B C, then C B A, then A B C ...,
 * where each peer in its turn takes all of the group's cases.
 * So a slow drift of the machine falls on all of them alike, and a ratio is taken within each round.
 * A peer is stopped between its turns: its threads may spin long after a loop. */
#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include <stdint.h>

#include "driver/peer.h"
#include "driver/results.h"

/* Fills the table; peers has results->peer_count entries. With renew a peer begins each of its turns as a new process:
 * where its code and data lie in memory makes one process some percent faster than the next, in all of its samples, and
 * an interval over the rounds must see that. With show_progress a line on standard error says where
 * it is. Returns early when bench_interrupted is set. */
void bench_rounds_run(bench_results *results, bench_peer *peers, int64_t sample_ns, bool renew, bool show_progress);

#endif

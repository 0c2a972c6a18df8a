/* SPDX-License-Identifier: MIT */
/* rounds.h: the order of measuring.
 *
 * Cases of one group and all their peers are measured together, in rounds: A B C, then C B A, then A B C ...,
 * where each peer in its turn takes all of the group's cases.
 * So a slow drift of the machine falls on all of them alike, and a ratio is taken within each round.
 * A peer is stopped between its turns: its threads may spin long after a loop. */
#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/peer.h"
#include "driver/results.h"

/* A group with a row that an answer is drawn from is measured early, as a whole; all others late. */
typedef enum bench_pass { BENCH_EARLY, BENCH_LATE } bench_pass;

typedef struct bench_order {
  int64_t sample_ns;
  bool renew;         /* a peer begins each of its turns as a new process: where its code and data lie in memory makes
                         one process some percent faster than the next, in all of its samples, and an interval over the
                         rounds must see that */
  bool show_progress; /* a line on standard error says where it is */
} bench_order;

/* Fills the rows of the pass; peers has results->peer_count entries. Returns early when bench_interrupted is set. */
void bench_rounds_run(bench_results *results, bench_peer *peers, const bench_order *order, bench_pass pass);

#endif

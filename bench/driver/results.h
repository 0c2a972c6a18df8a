/* SPDX-License-Identifier: MIT */
/* results.h: the table: a row for each case, a cell for each peer, a sample for each round. */
#ifndef BENCH_RESULTS_H
#define BENCH_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/selection.h"
#include "driver/statistics.h"
#include "peers/protocol.h"
#include "suites/suite.h"

enum { BENCH_PEERS_MAX = 20, BENCH_ROUNDS_MAX = 1000 };

/* How a sample, and so its cell, ended. */
typedef enum bench_outcome {
  BENCH_UNTRIED = 0, /* not asked for, or not reached */
  BENCH_MEASURED,
  BENCH_ABSENT,  /* the peer has no such kernel */
  BENCH_REFUSED, /* the peer could not run it: no memory, say */
  BENCH_CRASHED,
  BENCH_HUNG,
  BENCH_DIFFERS,  /* the peer's result is not the other peers' */
  BENCH_FORBIDDEN /* the system does not let this process make the conditions */
} bench_outcome;

typedef struct bench_cell {
  bench_outcome outcome;
  double *samples; /* ns in the row's unit, one a round; NaN where there is none */
  double check;
  char note[BENCH_NAME_MAX]; /* as in the last answer */
  char why[BENCH_WHY_MAX];   /* it is absent, where that was said; else "" */
  bool noisy;                /* its row is: what is said of it has no verdict */
} bench_cell;

/* What the machine was like while a row was measured. */
typedef struct bench_reading {
  double seconds;
  double others;       /* processors that other programs and the host kept busy */
  double stolen;       /* part of the processors' ticks that the host took */
  double roundtrip_ns; /* of a cache line, before the row and after it: the faster one; 0: not known */
} bench_reading;

/* Why a row's figures cannot be believed (driver/trust.h). */
typedef enum bench_doubt {
  BENCH_BELIEVED = 0,
  BENCH_OTHERS_RAN,        /* other programs had the processors */
  BENCH_TICKS_STOLEN,      /* the host of a virtual machine did */
  BENCH_ROUNDTRIP_UNUSUAL, /* processors were farther from each other than else in this run */
  BENCH_SERIAL_SCATTERED,  /* a plain loop on one thread did not take the same twice */
  BENCH_DOUBTS             /* their number */
} bench_doubt;

typedef struct bench_row {
  const bench_suite *suite;
  const bench_case *definition;
  int64_t n;                 /* as measured */
  int threads;               /* as measured */
  size_t rounds;             /* at most the table's */
  const char *quick_without; /* the case's, under --quick */
  int64_t sample_ns;         /* 0: as long as all others' */
  bool early;                /* an answer is drawn from it: its group is measured first */
  bench_reading reading;     /* the same in all rows of a group */
  bench_doubt doubt;
  bench_cell cells[BENCH_PEERS_MAX]; /* in the peers' order */
} bench_row;

typedef struct bench_results {
  bench_row *rows;
  size_t row_count;
  size_t peer_count;
  size_t rounds;
  int threads; /* T */
} bench_results;

/* An empty table for the rows that are selected, in the order of bench_suites. */
bool bench_results_create(bench_results *out, const bench_selection *selection, size_t peer_count, size_t rounds,
                          int threads, bool quick);
void bench_results_free(bench_results *results);

/* Why nobody has the row, where a peer says so; NULL: somebody has it, or nobody says. */
const char *bench_row_left_out(const bench_results *results, const bench_row *row);

/* The name of the peer, or of the family, that the row's ratio is taken to (bench_peer_rival finds it). */
const char *bench_row_against(const bench_row *row);

/* "ns/loop" and the like, in nanoseconds: for files. */
const char *bench_row_unit(const bench_row *row);

/* True when the rows are measured in the same rounds. */
bool bench_rows_share_rounds(const bench_row *a, const bench_row *b);

/* NULL when the table has no such row. */
const bench_row *bench_results_find(const bench_results *results, const char *suite, const char *name);

bench_summary bench_cell_summary(const bench_results *results, const bench_cell *cell);
bench_ratio bench_cells_ratio(const bench_results *results, const bench_cell *above, const bench_cell *below,
                              double scale);

/* What stands for an outcome in a table, and "measured". */
const char *bench_outcome_text(bench_outcome outcome);

#endif

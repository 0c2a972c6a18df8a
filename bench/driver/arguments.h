/* SPDX-License-Identifier: MIT */
/* arguments.h: what the command line asks for. */
#ifndef BENCH_ARGUMENTS_H
#define BENCH_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/results.h"
#include "driver/selection.h"
#include "simulate/request.h"

/* Odd numbers of rounds have a median that was measured. Nine are the fewest of which one may be disturbed
 * and a 95 % interval still be had; of some 150 lines that all have to hold at 95 %, 13. */
enum {
  BENCH_QUICK_ROUNDS = 9,
  BENCH_FULL_ROUNDS = 11,
  BENCH_NOISE_ROUNDS = 15,
  BENCH_THREADS_MAX = 4096, /* PPAR_MAX_THREADS */
  BENCH_TIMEOUT_S = 30,
  BENCH_TIMEOUT_MAX_S = 3600
};

typedef enum bench_format { BENCH_TEXT, BENCH_CSV, BENCH_JSON } bench_format;

typedef struct bench_arguments {
  bool help, list, version, quick, noise;
  bool all;                    /* all suites, unasked for otherwise */
  const char *filter;          /* the expression of selection.filter; NULL: none */
  bool judge_all;              /* verdicts also for noisy rows */
  bench_selection selection;   /* the rows that are measured */
  bool peers[BENCH_PEERS_MAX]; /* wanted, in the order of bench_peer_kinds */
  bool peers_named;            /* an option chose them: suites do not choose others */
  int threads;
  int timeout_s;
  size_t rounds;
  int64_t sample_ns;
  bench_format format;
  const char *compare; /* an earlier run's file; NULL: none */
  const char *html;    /* a file for the page; NULL: none */
  const char *against; /* the folder of an older build's peers; NULL: none */
  bench_simulate_request simulate;
} bench_arguments;

/* False after one line on standard error that says what is wrong and what is allowed. */
bool bench_arguments_parse(int argc, char **argv, bench_arguments *out);

/* help.c: --help, as wide as the terminal. */
void bench_arguments_help(void);

/* Suites with their cases, and peers. */
void bench_arguments_list(void);

#endif

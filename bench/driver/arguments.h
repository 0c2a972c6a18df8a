/* SPDX-License-Identifier: MIT */
/* arguments.h: what the command line asks for. */
#ifndef BENCH_ARGUMENTS_H
#define BENCH_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/results.h"
#include "simulate/request.h"

enum { BENCH_SUITES_MAX = 16 };

typedef enum bench_format { BENCH_TEXT, BENCH_CSV, BENCH_JSON } bench_format;

typedef struct bench_arguments {
  bool help, list, quick, noise;
  bool judge_all;                /* verdicts also for noisy rows */
  bool suites[BENCH_SUITES_MAX]; /* wanted, in the order of bench_suites */
  bool peers[BENCH_PEERS_MAX];   /* wanted, in the order of bench_peer_kinds */
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

void bench_arguments_help(void);

/* Suites with their cases, and peers. */
void bench_arguments_list(void);

#endif

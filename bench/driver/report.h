/* SPDX-License-Identifier: MIT */
/* report.h: the outcome of a run, written for people (text) or for programs (csv, json). */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/headlines.h"
#include "driver/machine.h"
#include "driver/peer.h"
#include "driver/results.h"

/* Everything there is to say; all of it stays the caller's. */
typedef struct bench_report {
  const bench_results *results;
  const bench_peer *peers;
  const bench_machine *machine;
  int64_t sample_ns;
  bool quick;
  bool interrupted;
} bench_report;

/* Each writes to standard output; false when that fails. */
bool bench_report_text(const bench_report *report);
bool bench_report_csv(const bench_report *report);
bool bench_report_json(const bench_report *report);

#endif

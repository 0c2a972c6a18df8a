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
#include "driver/trust.h"

/* Everything there is to say; all of it stays the caller's. */
typedef struct bench_report {
  const bench_results *results;
  const bench_peer *peers;
  const bench_machine *machine;
  int64_t sample_ns;
  bool quick;
  bool noise;          /* ppar was measured against itself */
  const char *against; /* ... of another build, whose peers are in this folder; NULL: of the same one */
  bool renewed;        /* peers had a new process for each round */
  bool interrupted;
  bool answers_only; /* nothing but the answers was asked for */
  bool filtered;     /* rows were asked for by name */
  bool answered;     /* the answers have been written, while the rest was measured */
  bench_trust trust;
} bench_report;

/* Each writes to standard output; false when that fails. */
bool bench_report_text(const bench_report *report);
bool bench_report_csv(const bench_report *report);
bool bench_report_json(const bench_report *report);

/* The noise check's text; false also when a line is not "same". */
bool bench_report_noise(const bench_report *report);

/* Of the text's parts: what was measured, where and how; a suite's rows, as tables that fit the columns. */
void bench_text_trust(const bench_report *report);
void bench_text_header(const bench_report *report);
void bench_text_footer(const bench_report *report);
void bench_text_table(const bench_report *report, const bench_row *rows, size_t count);
bool bench_text_forbidden(const bench_results *results, const bench_row *row); /* to some peer: the system's doing */
void bench_text_value(double value, char *text, size_t size);                  /* in six characters at most */
void bench_text_ratio(const bench_ratio *ratio, const char *verdict);

/* "0.930 [0.902-0.951]", "0.501 or 0.932" where there are two modes, "-" where there is none. */
enum { BENCH_RATIO_TEXT_MAX = 112 };
void bench_ratio_text(const bench_ratio *ratio, char *text);

#endif

/* SPDX-License-Identifier: MIT */
/* answers.h: what a run says first, in six lines: can it be believed; balanced loops; uneven ones that nobody tuned;
 * what it costs to start; with company; which schedule to pick. Each line is drawn from rows that were measured, and
 * names the peers that it compares with. */
#ifndef BENCH_ANSWERS_H
#define BENCH_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/report.h"

enum { BENCH_ANSWERS_MAX = 6, BENCH_ANSWER_PARTS_MAX = 24 };

/* A ratio that a line is drawn from: for files. */
typedef struct bench_answer_part {
  char what[96];
  bench_ratio ratio;
  const char *verdict;
} bench_answer_part;

typedef struct bench_answer_line {
  const char *name;
  char text[1024];
  bench_answer_part parts[BENCH_ANSWER_PARTS_MAX];
  size_t part_count;
} bench_answer_line;

/* True when an answer is drawn from the row. */
bool bench_answers_need(const char *suite, const char *row);

/* Writes the lines of which rows were asked for; returns how many. */
size_t bench_answers_of(const bench_report *report, bench_answer_line *out);

void bench_answers_print(const bench_report *report);

#endif

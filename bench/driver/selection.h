/* SPDX-License-Identifier: MIT */
/* selection.h: which rows are measured: of some suites, those whose names an expression matches, those that the answers
 * need. */
#ifndef BENCH_SELECTION_H
#define BENCH_SELECTION_H

#include <regex.h>
#include <stdbool.h>

#include "suites/suite.h"

typedef struct bench_selection {
  bool suites[BENCH_SUITES_MAX]; /* wanted, in the order of bench_suites */
  bool answers_only;             /* of them only the rows that driver/answers.h needs */
  const regex_t *filter;         /* what matches SUITE/ROW; NULL: all */
} bench_selection;

/* True when the suite's case is to be measured. With the rows that a filter matches come those that they cannot be
 * without: the row whose further figures they show, and what stands with them in one line of a curve. */
bool bench_selection_takes(const bench_selection *selection, size_t suite, size_t which);

#endif

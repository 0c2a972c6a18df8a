/* SPDX-License-Identifier: MIT */
/* selection.c: matches names, and keeps together what is measured or shown together. */
#include "driver/selection.h"

#include <stdio.h>

#include "driver/answers.h"

static bool matches(const bench_selection *selection, const bench_suite *suite, size_t which) {
  char name[256];
  snprintf(name, sizeof name, "%s/%s", suite->name, suite->cases[which].name);
  return regexec(selection->filter, name, 0, NULL, 0) == 0;
}

/* The first of the rows that are one sample: a row, and behind it those with further figures of its answer. In a curve
 * the rows of a size are kept together in the same way. */
static bool begins(const bench_suite *suite, size_t which) {
  const bench_case *row = &suite->cases[which];
  return row->figure == 0 && (!suite->as_curve || row->schedule == NULL);
}

bool bench_selection_takes(const bench_selection *selection, size_t suite_index, size_t which) {
  const bench_suite *suite = bench_suites[suite_index];
  size_t first = which, end = which + 1;
  if (!selection->suites[suite_index]) return false;
  if (selection->answers_only) return bench_answers_need(suite->name, suite->cases[which].name);
  if (selection->filter == NULL || matches(selection, suite, which)) return true;
  while (first > 0 && !begins(suite, first)) first--;
  while (end < suite->case_count && !begins(suite, end)) end++;
  if (!suite->as_curve && first != which) return false;
  for (size_t k = first; k < end; k++)
    if (matches(selection, suite, k)) return true;
  return false;
}

/* SPDX-License-Identifier: MIT */
/* results.c: the table's making and the questions asked of it. */
#include "driver/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/answers.h"

static void row_fill(bench_row *row, const bench_suite *suite, const bench_case *definition, size_t rounds, int threads,
                     bool quick) {
  int64_t n = quick && definition->quick_n != 0 ? definition->quick_n : definition->n;
  row->suite = suite;
  row->definition = definition;
  row->threads = definition->threads > 0   ? definition->threads
                 : definition->threads < 0 ? -definition->threads * threads
                                           : threads;
  row->n = n == BENCH_N_THREADS ? row->threads : n;
  row->quick_without = quick ? definition->quick_without : NULL;
  row->rounds = quick ? definition->quick_rounds : definition->rounds;
  if (row->rounds == 0 || row->rounds > rounds) row->rounds = rounds;
  row->sample_ns = (quick ? definition->quick_sample_ms : definition->sample_ms) * INT64_C(1000000);
}

bool bench_results_create(bench_results *out, const bench_selection *selection, size_t peer_count, size_t rounds,
                          int threads, bool quick) {
  bench_results results = {NULL, 0, peer_count, rounds, threads};
  double *samples;
  size_t room = 0;
  for (size_t s = 0; s < bench_suite_count; s++) room += bench_suites[s]->case_count;
  results.rows = calloc(room, sizeof *results.rows);
  samples = calloc(room * peer_count * rounds, sizeof *samples);
  if (results.rows == NULL || samples == NULL) {
    free(results.rows);
    free(samples);
    return false;
  }
  for (size_t k = 0; k < room * peer_count * rounds; k++) samples[k] = NAN;
  for (size_t s = 0; s < bench_suite_count; s++) {
    for (size_t c = 0; c < bench_suites[s]->case_count; c++) {
      bench_row *row = &results.rows[results.row_count];
      if ((quick && bench_suites[s]->cases[c].full_only) || !bench_selection_takes(selection, s, c)) continue;
      row_fill(row, bench_suites[s], &bench_suites[s]->cases[c], rounds, threads, quick);
      if (row->definition->below_threads && row->threads >= threads) continue;
      row->early = bench_answers_need(bench_suites[s]->name, row->definition->name);
      for (size_t p = 0; p < peer_count; p++)
        row->cells[p].samples = samples + (results.row_count * peer_count + p) * rounds;
      results.row_count++;
    }
  }
  if (results.row_count == 0) free(samples); /* else the first row's */
  *out = results;
  return true;
}

void bench_results_free(bench_results *results) {
  if (results->row_count > 0) free(results->rows[0].cells[0].samples);
  free(results->rows);
  memset(results, 0, sizeof *results);
}

const char *bench_row_left_out(const bench_results *results, const bench_row *row) {
  const char *why = NULL;
  for (size_t p = 0; p < results->peer_count; p++) {
    const bench_cell *cell = &row->cells[p];
    if (cell->outcome != BENCH_UNTRIED && cell->outcome != BENCH_ABSENT) return NULL;
    if (cell->why[0] != '\0') why = cell->why;
  }
  return why;
}

const char *bench_row_against(const bench_row *row) {
  return row->definition->against != NULL ? row->definition->against : "openmp";
}

const char *bench_row_unit(const bench_row *row) {
  switch (row->definition->unit) {
    case BENCH_PER_ITERATION: return "ns/iteration";
    case BENCH_PER_CONSTRUCT: return "ns/construct";
    case BENCH_PER_RUN: return "ns/run";
    case BENCH_PERCENT_OF_CPU: return "% of one CPU";
    case BENCH_THREADS: return "threads";
    case BENCH_KILOBYTES: return "kB";
    case BENCH_PER_LOOP: break;
  }
  return "ns/loop";
}

bool bench_rows_share_rounds(const bench_row *a, const bench_row *b) {
  const char *left = a->definition->group, *right = b->definition->group;
  return a == b || (a->suite == b->suite && left != NULL && right != NULL && strcmp(left, right) == 0);
}

const bench_row *bench_results_find(const bench_results *results, const char *suite, const char *name) {
  for (size_t r = 0; r < results->row_count; r++) {
    const bench_row *row = &results->rows[r];
    if (strcmp(row->suite->name, suite) == 0 && strcmp(row->definition->name, name) == 0) return row;
  }
  return NULL;
}

bench_summary bench_cell_summary(const bench_results *results, const bench_cell *cell) {
  return bench_summarize(cell->samples, cell->outcome == BENCH_MEASURED ? results->rounds : 0);
}

bench_ratio bench_cells_ratio(const bench_results *results, const bench_cell *above, const bench_cell *below,
                              double scale) {
  bool both = above->outcome == BENCH_MEASURED && below->outcome == BENCH_MEASURED;
  bench_ratio ratio = bench_ratio_of(above->samples, below->samples, both ? results->rounds : 0, scale);
  ratio.noisy = above->noisy || below->noisy;
  return ratio;
}

const char *bench_outcome_text(bench_outcome outcome) {
  switch (outcome) {
    case BENCH_MEASURED: return "measured";
    case BENCH_REFUSED: return "refused";
    case BENCH_CRASHED: return "crashed";
    case BENCH_HUNG: return "hung";
    case BENCH_DIFFERS: return "differs";
    case BENCH_FORBIDDEN: return "not permitted";
    case BENCH_UNTRIED:
    case BENCH_ABSENT: break;
  }
  return "-";
}

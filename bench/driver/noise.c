/* SPDX-License-Identifier: MIT */
/* noise.c: what --noise says: ppar against itself. Of a hundred intervals of 95 % five may miss. Here all of a run's
 * together hold the truth with 95 %: one line that is not "same" is a finding about the machine or the method. Rows
 * of fewer rounds than the others' would have too few for that, and are left out. --against says the same of two
 * builds, where a line that is "slower" is a finding about this one. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/report.h"

enum { SUITE_WIDTH = 12, CASE_WIDTH = 28 };

static bool has_all_rounds(const bench_results *results, const bench_row *row) {
  return row->rounds == results->rounds;
}

static size_t measured_rows(const bench_results *results, size_t first, size_t second) {
  size_t rows = 0;
  for (size_t r = 0; r < results->row_count; r++)
    if (has_all_rounds(results, &results->rows[r]))
      rows += bench_cells_ratio(results, &results->rows[r].cells[first], &results->rows[r].cells[second], 1).count > 0;
  return rows;
}

static size_t rows_of_fewer_rounds(const bench_results *results) {
  size_t rows = 0;
  for (size_t r = 0; r < results->row_count; r++) rows += !has_all_rounds(results, &results->rows[r]);
  return rows;
}

bool bench_report_noise(const bench_report *report) {
  const bench_results *results = report->results;
  size_t first = bench_peer_find(report->peers, results->peer_count, "ppar");
  size_t second = bench_peer_find(report->peers, results->peer_count, "ppar-again"), lines, same = 0, faster = 0,
         unsure = 0, slower = 0;
  size_t left_out = rows_of_fewer_rounds(results);
  const char *widest_name = "";
  double widest = 0;
  bench_text_trust(report);
  if (report->against != NULL) {
    printf("ppar_bench " BENCH_VERSION ": ppar against the build in %s\n", report->against);
  } else {
    printf("ppar_bench " BENCH_VERSION ": ppar against itself, in two processes\n");
  }
  bench_text_header(report);
  if (first == results->peer_count || second == results->peer_count) return false;
  lines = measured_rows(results, first, second);
  printf("\n%-*s%-*s ppar / ppar again  [all with 95%%]\n", SUITE_WIDTH, "", CASE_WIDTH, "");
  for (size_t r = 0; r < results->row_count; r++) {
    const bench_row *row = &results->rows[r];
    const bench_cell *above = &row->cells[first], *below = &row->cells[second];
    bool both = has_all_rounds(results, row) && above->outcome == BENCH_MEASURED && below->outcome == BENCH_MEASURED;
    bench_ratio ratio =
        bench_ratio_with(above->samples, below->samples, both ? results->rounds : 0, 1, BENCH_MISS / (double)lines);
    const char *verdict;
    ratio.noisy = above->noisy || below->noisy;
    verdict = bench_verdict(&ratio);
    if (ratio.count == 0) continue;
    printf("%-*s%-*s", SUITE_WIDTH, row->suite->name, CASE_WIDTH, row->definition->name);
    bench_text_ratio(&ratio, verdict);
    same += strcmp(verdict, "same") == 0;
    faster += strcmp(verdict, "faster") == 0;
    slower += strcmp(verdict, "slower") == 0;
    unsure += strcmp(verdict, "?") == 0;
    if (ratio.noisy) continue;
    if (fabs(log(ratio.median)) < widest) continue;
    widest = fabs(log(ratio.median));
    widest_name = row->definition->name;
  }
  if (left_out > 0) printf("\n%zu rows have fewer rounds, too few for such an interval, and are left out.\n", left_out);
  printf(
      "\n%zu lines: %zu same, %zu faster, %zu slower, %zu with too few rounds to say, %zu noisy or of two modes.\nThe "
      "median farthest from 1 is %.1f %% off: %s.\n",
      lines, same, faster, slower, unsure, lines - same - faster - slower - unsure, 100 * (exp(widest) - 1),
      widest_name);
  bench_text_footer(report);
  if (fflush(stdout) != 0 || ferror(stdout) || lines == 0) return false;
  return report->against != NULL ? slower == 0 : same == lines;
}

/* SPDX-License-Identifier: MIT */
/* answers_loops.c: the lines on balanced loops, on uneven ones, on what it costs to start, and on company. */
#include <math.h>
#include <string.h>

#include "driver/answers_parts.h"
#include "driver/judge.h"
#include "driver/neighbour.h"
#include "driver/quantity.h"
#include "driver/speedups.h"

/* Loops that compute, that read and write memory, that go over a grid, that multiply. */
const bench_answer_rows bench_answer_balanced = {"kernels",
                                                 {"integration2d", "dot, 10000", "dot, in memory", "triad, in memory",
                                                  "stencil, five points", "matmul, plain loops", NULL}};
const bench_answer_rows bench_answer_uneven = {
    "imbalance", {"rising", "falling", "random", "power law", "one heavy", "Mandelbrot", NULL}};
const bench_answer_rows bench_answer_loop = {"overhead", {"empty, 2 iterations", NULL}};
const bench_answer_rows bench_answer_region = {"region", {"empty region", NULL}};

/* The first one is what the others are held against. */
const bench_answer_rows bench_answer_company = {"neighbour", {"alone", "two programs at once", "one hog beside", NULL}};

/* What an uneven loop may take more than its work over the processors, and with company more than its fair share. */
#define UNEVEN_LIMIT 1.02
#define COMPANY_LIMIT 1.1

/* Begins a remark on what the line is drawn from: " (5 loops, one more was noisy". */
static void say_rows(bench_answer_line *line, size_t count, const char *of, size_t noisy) {
  bench_answer_say(line, " (%zu %s", count, of);
  if (noisy > 0) bench_answer_say(line, " without %zu noisy one%s", noisy, noisy > 1 ? "s" : "");
}

/* The row and the peer to which ppar's ratio is the greatest. */
static void say_worst(const bench_report *report, bench_answer_line *line, const bench_row *const *rows, size_t count) {
  size_t rivals[BENCH_ANSWER_RIVALS_MAX], found = bench_answer_rivals(report, rows, count, rivals), worst_rival = 0;
  const bench_row *worst_row = NULL;
  bench_ratio worst = BENCH_NO_RATIO;
  for (size_t k = 0; k < count; k++) {
    for (size_t r = 0; r < found; r++) {
      bench_ratio ratio = bench_answer_to_peer(report, &rows[k], 1, rivals[r]);
      if (ratio.count == 0 || (worst_row != NULL && ratio.median <= worst.median)) continue;
      worst = ratio;
      worst_row = rows[k];
      worst_rival = rivals[r];
    }
  }
  if (worst_row == NULL || count < 2) return;
  bench_answer_say(line, "; the worst is \"%s\", ", worst_row->definition->name);
  bench_answer_say_ratio(line, worst_row->definition->name, &worst, bench_verdict(&worst));
  bench_answer_say(line, " of %s's: %s", report->peers[worst_rival].kind->title,
                   bench_answer_word(bench_verdict(&worst)));
}

bool bench_answer_of_balanced(const bench_report *report, bench_answer_line *line) {
  const bench_row *rows[BENCH_ANSWER_ROWS_MAX];
  size_t noisy, count = bench_answer_find(report, &bench_answer_balanced, rows, &noisy);
  if (count == 0) return false;
  bench_answer_say(line, "ppar's time is ");
  bench_answer_say_rivals(report, line, rows, count, "balanced loops", false);
  say_rows(line, count, count > 1 ? "loops" : "loop", noisy);
  say_worst(report, line, rows, count);
  bench_answer_say(line, ").");
  return true;
}

/* ppar's time over the serial loop's divided by the processors. */
static bench_ratio to_ideal(const bench_report *report, const bench_row *const *rows, size_t count) {
  const bench_cell *above[BENCH_ANSWER_ROWS_MAX], *below[BENCH_ANSWER_ROWS_MAX];
  double scales[BENCH_ANSWER_ROWS_MAX];
  for (size_t k = 0; k < count; k++) {
    size_t ppar = bench_answer_ppar(report, rows[k]);
    below[k] = bench_serial_cell(report->results, report->peers, rows[k]);
    if (ppar == report->results->peer_count || below[k] == NULL) return (bench_ratio)BENCH_NO_RATIO;
    above[k] = &rows[k]->cells[ppar];
    scales[k] = bench_row_processors(rows[k], report->machine);
  }
  return bench_answer_combine(report, above, below, scales, count);
}

bool bench_answer_of_uneven(const bench_report *report, bench_answer_line *line) {
  const bench_row *rows[BENCH_ANSWER_ROWS_MAX];
  size_t noisy, count = bench_answer_find(report, &bench_answer_uneven, rows, &noisy);
  bench_ratio ideal;
  if (count == 0) return false;
  ideal = to_ideal(report, rows, count);
  bench_answer_say(line, "untuned, ppar's time is ");
  if (ideal.count > 0) {
    const char *verdict = bench_headline_verdict(UNEVEN_LIMIT, &ideal);
    bench_answer_say_ratio(line, "uneven loops, untuned, to work / T", &ideal, verdict);
    bench_answer_say(line, " of the ideal, work / T (aim: %g): %s; ", UNEVEN_LIMIT, bench_answer_word(verdict));
  }
  bench_answer_say_rivals(report, line, rows, count, "uneven loops, untuned", false);
  say_rows(line, count, count > 1 ? "shapes" : "shape", noisy);
  bench_answer_say(line, ").");
  return true;
}

/* "a loop of 2 iterations takes 52.0 ns, 0.074 [...] of libgomp's 700 ns: faster; ..." */
static bool say_cost(const bench_report *report, bench_answer_line *line, const bench_answer_rows *wanted,
                     const char *what) {
  const bench_row *rows[BENCH_ANSWER_ROWS_MAX];
  size_t count = bench_answer_find(report, wanted, rows, NULL), ppar;
  if (count == 0) return false;
  ppar = bench_answer_ppar(report, rows[0]);
  if (line->text[0] != '\0') bench_answer_say(line, ". ");
  if (ppar == report->results->peer_count) {
    bench_answer_say(line, "%s: not measured", what);
    return true;
  }
  bench_answer_say(line, "%s takes %s, ", what,
                   bench_time_text(bench_cell_summary(report->results, &rows[0]->cells[ppar]).median).text);
  bench_answer_say_rivals(report, line, rows, 1, what, true);
  return true;
}

bool bench_answer_of_start(const bench_report *report, bench_answer_line *line) {
  bool loop = say_cost(report, line, &bench_answer_loop, "a loop of 2 iterations");
  bool region = say_cost(report, line, &bench_answer_region, "A region on all threads");
  if (loop || region) bench_answer_say(line, ".");
  return loop || region;
}

/* The peer's time in the row over what a fair share of the processors would make of its time alone. */
static bench_ratio to_fair_share(const bench_report *report, const bench_row *row, const bench_row *alone, size_t p) {
  double ideal = bench_neighbour_ideal(row, report->results->threads, report->machine->cpus);
  return bench_cells_ratio(report->results, &row->cells[p], &alone->cells[p], 1 / ideal);
}

static void say_company(const bench_report *report, bench_answer_line *line, const bench_row *alone,
                        const bench_row *row, const char *what) {
  size_t ppar = bench_answer_ppar(report, row), rivals[BENCH_ANSWER_RIVALS_MAX], found;
  const bench_row *both[2] = {alone, row};
  bench_ratio ratio = BENCH_NO_RATIO;
  const char *verdict;
  if (ppar < report->results->peer_count) ratio = to_fair_share(report, row, alone, ppar);
  verdict = bench_headline_verdict(COMPANY_LIMIT, &ratio);
  bench_answer_say(line, "%s%s ", line->text[0] != '\0' ? "; " : "", what);
  bench_answer_say_ratio(line, what, &ratio, verdict);
  bench_answer_say(line, "%s: %s (", line->part_count == 1 ? " of its fair share's" : "", bench_answer_word(verdict));
  found = bench_answer_rivals(report, both, 2, rivals);
  for (size_t k = 0; k < found; k++) {
    bench_ratio other = to_fair_share(report, row, alone, rivals[k]);
    bench_answer_say(line, "%s%s %.2f", k > 0 ? ", " : "", report->peers[rivals[k]].kind->title, other.median);
  }
  bench_answer_say(line, "%s)", found == 0 ? "no other runtime was measured" : "");
}

bool bench_answer_of_company(const bench_report *report, bench_answer_line *line) {
  const char *const *names = bench_answer_company.names;
  const bench_row *alone = bench_results_find(report->results, bench_answer_company.suite, names[0]);
  const bench_row *twin = bench_results_find(report->results, bench_answer_company.suite, names[1]);
  const bench_row *hog = bench_results_find(report->results, bench_answer_company.suite, names[2]);
  if (alone == NULL || (twin == NULL && hog == NULL)) return false;
  if (twin != NULL) say_company(report, line, alone, twin, "beside a second program like it ppar's time is");
  if (hog != NULL) say_company(report, line, alone, hog, "beside one that never waits");
  bench_answer_say(line, "; aim: %g.", COMPANY_LIMIT);
  return true;
}

/* SPDX-License-Identifier: MIT */
/* grain.c: the curve's lines, and how far each is from its bound. */
#include "driver/grain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/scale.h"
#include "driver/terminal.h"

enum { ELEMENTS_WIDTH = 7, CALLS_WIDTH = 5, CELL_WIDTH = 8, RATIO_COLUMNS = 28 };

/* From here on sizes are written as 1e+06. */
#define SHORT_SIZE 1000000

/* In the order of the columns; "static" is ppar's. */
static const char *const columns[] = {"serial", "ppar", "static", "libgomp", "libomp", "tbb", "pthreadpool"};
static const char *const titles[] = {"serial", "auto", "static", "libgomp", "libomp", "oneTBB", "pthpool"};
enum { COLUMNS_COUNT = sizeof columns / sizeof *columns, PPAR = 1, STATIC = 2 };

static bool is_steady(const bench_row *row) {
  return row->definition->figure == 0 && row->definition->schedule == NULL;
}
static bool is_first(const bench_row *row) { return row->definition->figure > 0; }

/* The rows of one size follow each other, the one of later calls first. */
static const bench_row *sibling(const bench_results *results, const bench_row *row, const char *schedule) {
  const bench_row *end = results->rows + results->row_count;
  for (const bench_row *next = row + 1; next < end && next->suite == row->suite && !is_steady(next); next++)
    if (next->definition->schedule != NULL && strcmp(next->definition->schedule, schedule) == 0) return next;
  return NULL;
}

static double median_of(const bench_results *results, const bench_cell *cell) {
  return cell != NULL ? bench_cell_summary(results, cell).median : NAN;
}

/* A peer's cell as it is unasked, or where it was searched and is faster that of its best schedule. */
static const bench_cell *cell_of(const bench_results *results, const bench_row *row, size_t p) {
  const bench_row *searched = is_first(row) ? NULL : sibling(results, row, "searched");
  const bench_cell *unasked = &row->cells[p];
  if (searched == NULL || !(median_of(results, &searched->cells[p]) < median_of(results, unasked))) return unasked;
  return &searched->cells[p];
}

bench_ratio bench_grain_ratio(const bench_results *results, const bench_peer *peers, const bench_row *row,
                              size_t *best) {
  size_t ppar = bench_peer_find(peers, results->peer_count, "ppar"), found = results->peer_count;
  double bounds[BENCH_ROUNDS_MAX], least = INFINITY;
  const bench_cell *below = NULL;
  bench_ratio ratio = BENCH_NO_RATIO;
  for (size_t p = 0; p < results->peer_count; p++) {
    const bench_cell *cell = cell_of(results, row, p);
    double median = median_of(results, cell);
    if (bench_peer_is_ours(peers[p].kind) || !(median < least)) continue;
    least = median;
    below = cell;
    found = p;
  }
  if (best != NULL) *best = found;
  if (ppar == results->peer_count || below == NULL || row->cells[ppar].outcome != BENCH_MEASURED) return ratio;
  for (size_t round = 0; round < results->rounds; round++)
    bounds[round] = BENCH_GRAIN_FACTOR * below->samples[round] + BENCH_GRAIN_NS;
  ratio = bench_ratio_of(row->cells[ppar].samples, bounds, results->rounds, 1);
  ratio.noisy = row->cells[ppar].noisy || below->noisy;
  return ratio;
}

bench_ratio bench_grain_worst(const bench_results *results, const bench_peer *peers, const char *kernel, bool first) {
  bench_ratio worst = BENCH_NO_RATIO;
  for (size_t r = 0; r < results->row_count; r++) {
    const bench_row *row = &results->rows[r];
    bench_ratio ratio;
    if (!row->suite->as_curve || strcmp(row->definition->kernel, kernel) != 0 ||
        !(first ? is_first(row) : is_steady(row)))
      continue;
    ratio = bench_grain_ratio(results, peers, row, NULL);
    if (ratio.count > 0 && (worst.count == 0 || ratio.median > worst.median)) worst = ratio;
  }
  return worst;
}

/* Of a size: each column's time; NaN where there is none. */
static void values_of(const bench_report *report, const bench_row *row, double *values, size_t *peers) {
  const bench_results *results = report->results;
  const bench_row *fixed = is_first(row) ? NULL : sibling(results, row, "static");
  size_t ppar = bench_peer_find(report->peers, results->peer_count, "ppar");
  for (size_t k = 0; k < COLUMNS_COUNT; k++) {
    peers[k] = k == STATIC ? ppar : bench_peer_find(report->peers, results->peer_count, columns[k]);
    values[k] = NAN;
    if (peers[k] < results->peer_count && k != STATIC) values[k] = median_of(results, cell_of(results, row, peers[k]));
    if (peers[k] < results->peer_count && k == STATIC && fixed != NULL)
      values[k] = median_of(results, &fixed->cells[peers[k]]);
  }
}

static void print_line(const bench_report *report, const bench_row *row, const bool *shown, bench_scale unit) {
  const bench_results *results = report->results;
  size_t best, peers[COLUMNS_COUNT];
  bench_ratio ratio = bench_grain_ratio(results, report->peers, row, &best);
  double values[COLUMNS_COUNT];
  char size[32] = "";
  values_of(report, row, values, peers);
  if (!is_first(row)) snprintf(size, sizeof size, row->n < SHORT_SIZE ? "%.0f" : "%.0e", (double)row->n);
  printf("%-*s%-*s", ELEMENTS_WIDTH, size, CALLS_WIDTH, is_first(row) ? "first" : "later");
  for (size_t k = 0; k < COLUMNS_COUNT; k++) {
    char text[32] = "-";
    if (!shown[k]) continue;
    if (!isnan(values[k])) bench_text_value(values[k] / unit.ns, text, sizeof text);
    printf("%*s%c", CELL_WIDTH - 1, text, k != PPAR && k != STATIC && peers[k] == best && !ratio.noisy ? '*' : ' ');
  }
  bench_text_ratio(&ratio, bench_headline_verdict(1, &ratio));
}

/* What is there for comparison alone gives way first where the columns are too few. */
static void choose_columns(bool *shown) {
  static const size_t spare[] = {STATIC, COLUMNS_COUNT - 1, COLUMNS_COUNT - 2};
  size_t width = ELEMENTS_WIDTH + CALLS_WIDTH + COLUMNS_COUNT * CELL_WIDTH + RATIO_COLUMNS;
  for (size_t k = 0; k < COLUMNS_COUNT; k++) shown[k] = true;
  for (size_t s = 0; s < sizeof spare / sizeof *spare && width > bench_columns(); s++, width -= CELL_WIDTH)
    shown[spare[s]] = false;
}

static bool is_line(const bench_row *row) { return is_steady(row) || is_first(row); }

/* How many of a body's rows stand in one table, because they can be read in one unit. A size's lines stay together. */
static size_t section_of(const bench_report *report, const bench_row *rows, size_t count, bench_range *range) {
  size_t length = 0, end = 0;
  while (length < count && bench_rows_share_rounds(rows, &rows[length])) {
    bench_range longer = *range;
    for (end = length; end < count && (end == length || !is_steady(&rows[end])); end++) {
      double values[COLUMNS_COUNT];
      size_t peers[COLUMNS_COUNT];
      if (!is_line(&rows[end])) continue;
      values_of(report, &rows[end], values, peers);
      for (size_t k = 0; k < COLUMNS_COUNT; k++) bench_range_add(&longer, values[k]);
    }
    if (length > 0 && !bench_range_fits(&longer)) break;
    *range = longer;
    length = end;
  }
  return length;
}

/* A body's sizes, under titles. */
void bench_grain_print(const bench_report *report, const bench_row *rows, size_t count) {
  bool shown[COLUMNS_COUNT];
  choose_columns(shown);
  for (size_t first = 0, length; first < count; first += length) {
    bench_range range = BENCH_NO_RANGE;
    bench_scale unit;
    char title[32];
    length = section_of(report, rows + first, count - first, &range);
    unit = bench_scale_of(&range);
    snprintf(title, sizeof title, "%s, %s", rows[first].definition->group, unit.name);
    printf("%-*s", ELEMENTS_WIDTH + CALLS_WIDTH, title);
    for (size_t t = 0; t < COLUMNS_COUNT; t++)
      if (shown[t]) printf("%*s ", CELL_WIDTH - 1, titles[t]);
    printf(" auto / bound [95%%]\n");
    for (size_t k = first; k < first + length; k++)
      if (is_line(&rows[k])) print_line(report, &rows[k], shown, unit);
  }
  printf("bound: %.2f times what * took, and %d ns.\n", BENCH_GRAIN_FACTOR, BENCH_GRAIN_NS);
}

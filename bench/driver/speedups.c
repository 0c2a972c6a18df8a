/* SPDX-License-Identifier: MIT */
/* speedups.c: the ideal and what is reached of it, for people. */
#include "driver/speedups.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/scale.h"
#include "driver/terminal.h"

enum { CASE_WIDTH = 25, IDEAL_WIDTH = 11, CELL_WIDTH = 12, NARROW_CELL_WIDTH = 8 };

static bool is_serial(const bench_peer *peer) { return strcmp(peer->kind->name, "serial") == 0; }

static const bench_cell *serial_cell_of(const bench_results *results, const bench_peer *peers, const bench_row *row) {
  for (size_t p = 0; p < results->peer_count; p++)
    if (is_serial(&peers[p]) && row->cells[p].outcome == BENCH_MEASURED) return &row->cells[p];
  return NULL;
}

const bench_cell *bench_serial_cell(const bench_results *results, const bench_peer *peers, const bench_row *row) {
  const bench_cell *cell = serial_cell_of(results, peers, row);
  for (size_t r = 0; r < results->row_count && cell == NULL; r++) {
    const bench_row *other = &results->rows[r];
    if (bench_rows_share_rounds(row, other) && row->n == other->n &&
        strcmp(row->definition->kernel, other->definition->kernel) == 0)
      cell = serial_cell_of(results, peers, other);
  }
  return cell;
}

int bench_row_processors(const bench_row *row, const bench_machine *machine) {
  return row->threads < machine->cpus ? row->threads : machine->cpus;
}

static double ideal_of(const bench_report *report, const bench_row *row) {
  const bench_cell *serial = bench_serial_cell(report->results, report->peers, row);
  if (serial == NULL) return NAN;
  return bench_cell_summary(report->results, serial).median / bench_row_processors(row, report->machine);
}

static bench_scale scale_of(const bench_report *report, const bench_row *rows, size_t count) {
  bench_range range = BENCH_NO_RANGE;
  for (size_t k = 0; k < count; k++) bench_range_add(&range, ideal_of(report, &rows[k]));
  return bench_scale_of(&range);
}

/* Titles that a narrow column has no room for stand in two lines. */
static void print_titles(const bench_report *report, const bool *shown, bool narrow, bench_scale unit) {
  char ideal[16];
  size_t peer_count = report->results->peer_count;
  bool two_lines = false;
  for (size_t p = 0; p < peer_count; p++)
    two_lines |= shown[p] && report->peers[p].kind->over != NULL &&
                 (narrow || strlen(report->peers[p].kind->title) >= CELL_WIDTH);
  if (two_lines) {
    printf("%*s", CASE_WIDTH + IDEAL_WIDTH, "");
    for (size_t p = 0; p < peer_count; p++)
      if (shown[p])
        printf("%*s", narrow ? NARROW_CELL_WIDTH : CELL_WIDTH,
               report->peers[p].kind->over != NULL ? report->peers[p].kind->over : "");
    printf("\n");
  }
  snprintf(ideal, sizeof ideal, "ideal, %s", unit.name);
  printf("%-*s%*s", CASE_WIDTH, narrow ? "part of the ideal" : "speedup, part of ideal", IDEAL_WIDTH, ideal);
  for (size_t p = 0; p < peer_count; p++)
    if (shown[p])
      printf("%*s", narrow ? NARROW_CELL_WIDTH : CELL_WIDTH,
             two_lines ? report->peers[p].kind->column : report->peers[p].kind->title);
  printf("\n");
}

static void print_row(const bench_report *report, const bench_row *row, const bool *shown, bool narrow,
                      bench_scale unit) {
  const bench_results *results = report->results;
  const bench_cell *serial = bench_serial_cell(results, report->peers, row);
  int processors = bench_row_processors(row, report->machine);
  char ideal[32];
  printf("%-*s", CASE_WIDTH, row->definition->name);
  if (serial == NULL) {
    printf("%*s\n", IDEAL_WIDTH, "-");
    return;
  }
  bench_text_value(ideal_of(report, row) / unit.ns, ideal, sizeof ideal);
  printf("%*s", IDEAL_WIDTH, ideal);
  for (size_t p = 0; p < results->peer_count; p++) {
    bench_ratio speedup = bench_cells_ratio(results, serial, &row->cells[p], 1);
    char text[32] = "-";
    int percent = (int)(100 * speedup.median / processors + 0.5);
    if (!shown[p]) continue;
    if (speedup.count > 0 && narrow) snprintf(text, sizeof text, "%d%%", percent);
    if (speedup.count > 0 && !narrow)
      snprintf(text, sizeof text, "%.*fx %4d%%", speedup.median < 10 ? 2 : 1, speedup.median, percent);
    printf("%*s", narrow ? NARROW_CELL_WIDTH : CELL_WIDTH, text);
  }
  printf("\n");
}

/* "ppar: rising, searched: guided,1; ..." in as many lines as it takes. */
static void print_found(const bench_report *report, const bench_row *rows, size_t count, size_t p) {
  const char *title = report->peers[p].kind->title;
  size_t column = 0;
  for (size_t k = 0; k < count; k++) {
    const bench_cell *cell = &rows[k].cells[p];
    char text[128];
    size_t length;
    if (cell->outcome != BENCH_MEASURED || cell->note[0] == '\0') continue;
    length = (size_t)snprintf(text, sizeof text, "%.*s %s", (int)strcspn(rows[k].definition->name, ","),
                              rows[k].definition->name, cell->note);
    if (column == 0) column = (size_t)printf("found by %s:", title);
    if (column + length + 2 > bench_columns()) column = (size_t)printf("\n  ") - 1;
    column += (size_t)printf("  %s", text);
  }
  if (column > 0) printf("\n");
}

void bench_speedups_print(const bench_report *report, const bench_row *rows, size_t count) {
  const bench_results *results = report->results;
  bool shown[BENCH_PEERS_MAX] = {false}, narrow;
  size_t shown_count = 0, most = (bench_columns() - CASE_WIDTH - IDEAL_WIDTH) / NARROW_CELL_WIDTH;
  bench_scale unit;
  for (size_t p = 0; p < results->peer_count; p++) {
    for (size_t k = 0; k < count && !is_serial(&report->peers[p]) && shown_count < most; k++)
      shown[p] |= rows[k].cells[p].outcome == BENCH_MEASURED;
    shown_count += shown[p];
  }
  if (shown_count == 0) return;
  narrow = CASE_WIDTH + IDEAL_WIDTH + shown_count * CELL_WIDTH > bench_columns();
  unit = scale_of(report, rows, count);
  print_titles(report, shown, narrow, unit);
  for (size_t k = 0; k < count; k++) print_row(report, &rows[k], shown, narrow, unit);
  for (size_t p = 0; p < results->peer_count; p++) print_found(report, rows, count, p);
}

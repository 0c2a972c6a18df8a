/* SPDX-License-Identifier: MIT */
/* warnings.c: names the cells. */
#include "driver/warnings.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/quantity.h"
#include "driver/terminal.h"

enum { INDENT = 9 };

static size_t rounds_of(const bench_report *report, const bench_cell *cell) {
  return cell->outcome == BENCH_MEASURED ? report->results->rounds : 0;
}

/* Parts of a processor that are near nothing vary as they like; so do threads that end. */
static bool is_warned_of(const bench_row *row) {
  return row->doubt == BENCH_BELIEVED && bench_unit_is_time(row->definition->unit);
}

static void add(char *text, size_t size, const char *peer, const char *what) {
  size_t length = strlen(text);
  snprintf(text + length, size - length, "%s%s %s", length > 0 ? ", " : "", peer, what);
}

/* Cells whose medians are one of two times by chance. */
static void print_modes(const bench_report *report, const bench_row *row) {
  char label[96], text[512] = "", what[96];
  for (size_t p = 0; p < report->results->peer_count; p++) {
    bench_modes modes = bench_find_modes(row->cells[p].samples, rounds_of(report, &row->cells[p]));
    if (!modes.two) continue;
    snprintf(what, sizeof what, "%s (%zu rounds) or %s (%zu)", bench_time_text(modes.low).text, modes.low_count,
             bench_time_text(modes.high).text, modes.high_count);
    add(text, sizeof text, report->peers[p].kind->title, what);
  }
  if (text[0] == '\0') return;
  snprintf(label, sizeof label, "in two modes, %s:", row->definition->name);
  bench_print_wrapped(label, INDENT, text);
}

/* Of a row that was asked for by name, in full. */
static void print_outliers(const bench_report *report, const bench_row *row) {
  char label[96], text[512] = "", what[96];
  for (size_t p = 0; p < report->results->peer_count; p++) {
    bench_outliers found = bench_find_outliers(row->cells[p].samples, rounds_of(report, &row->cells[p]));
    if (found.count == 0) continue;
    snprintf(what, sizeof what, "%s in one of its rounds, median %s", bench_time_text(found.farthest).text,
             bench_time_text(found.median).text);
    if (found.count > 1)
      snprintf(what, sizeof what, "up to %s in %zu rounds, median %s", bench_time_text(found.farthest).text,
               found.count, bench_time_text(found.median).text);
    add(text, sizeof text, report->peers[p].kind->title, what);
  }
  if (text[0] == '\0') return;
  snprintf(label, sizeof label, "outliers, %s:", row->definition->name);
  bench_print_wrapped(label, INDENT, text);
}

/* Of a whole suite, in few words: "empty, 16 iterations: libomp 4.1 times; ...". */
static void print_outliers_briefly(const bench_report *report, const bench_row *rows, size_t count) {
  static char text[8192];
  size_t length = 0;
  for (size_t k = 0; k < count; k++) {
    bool named = false;
    for (size_t p = 0; p < report->results->peer_count && is_warned_of(&rows[k]); p++) {
      const bench_cell *cell = &rows[k].cells[p];
      bench_outliers found = bench_find_outliers(cell->samples, rounds_of(report, cell));
      if (found.count == 0 || length >= sizeof text) continue;
      if (!named)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s: ", length > 0 ? "; " : "",
                                   rows[k].definition->name);
      if (length >= sizeof text) continue;
      length += (size_t)snprintf(text + length, sizeof text - length, "%s%s %.1f times", named ? ", " : "",
                                 report->peers[p].kind->title, found.farthest / found.median);
      named = true;
    }
  }
  if (length > 0) bench_print_wrapped("outliers, a round against the median:", INDENT, text);
}

/* Rows that nobody has, and why: those that follow each other and lack the same in one line. */
static void print_left_out(const bench_report *report, const bench_row *rows, size_t count) {
  for (size_t first = 0, length; first < count; first += length) {
    const char *why = bench_row_left_out(report->results, &rows[first]);
    char text[2048] = "";
    for (length = 1; first + length < count; length++) {
      const char *next = bench_row_left_out(report->results, &rows[first + length]);
      if ((why == NULL) != (next == NULL) || (why != NULL && strcmp(why, next) != 0)) break;
    }
    if (why == NULL) continue;
    for (size_t k = first, end = 0; k < first + length && end < sizeof text; k++)
      end +=
          (size_t)snprintf(text + end, sizeof text - end, "%s%s%s%s", k > first ? "; " : "", rows[k].definition->name,
                           k + 1 == first + length ? ": " : "", k + 1 == first + length ? why : "");
    bench_print_wrapped("left out:", INDENT, text);
  }
}

void bench_warnings_print(const bench_report *report, const bench_row *rows, size_t count) {
  print_left_out(report, rows, count);
  for (size_t k = 0; k < count; k++)
    if (is_warned_of(&rows[k])) print_modes(report, &rows[k]);
  if (!report->filtered) print_outliers_briefly(report, rows, count);
  for (size_t k = 0; k < count && report->filtered; k++)
    if (is_warned_of(&rows[k])) print_outliers(report, &rows[k]);
}

void bench_warnings_advise(const bench_report *report) {
  size_t outliers = 0, rows = 0;
  char text[512];
  for (size_t r = 0; r < report->results->row_count; r++) {
    const bench_row *row = &report->results->rows[r];
    size_t before = outliers;
    for (size_t p = 0; p < report->results->peer_count && is_warned_of(row); p++)
      outliers += bench_find_outliers(row->cells[p].samples, rounds_of(report, &row->cells[p])).count;
    rows += outliers > before;
  }
  if (outliers == 0) return;
  snprintf(text, sizeof text,
           "Outliers: %zu of the samples, in %zu of the rows, lie far outside the others. Medians and intervals are "
           "hardly moved by "
           "them; something ran meanwhile, or the peer now and then takes that long. To tell which: close what else "
           "runs, and measure the row again with more rounds: --filter 'NAME' --rounds 30.",
           outliers, rows);
  printf("\n");
  bench_print_wrapped(NULL, 0, text);
}

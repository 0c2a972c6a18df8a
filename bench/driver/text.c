/* SPDX-License-Identifier: MIT */
/* text.c: the tables for people: at most 100 columns, nothing that needs a manual. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/neighbour.h"
#include "driver/report.h"
#include "driver/speedups.h"

enum {
  COLUMNS = 100,
  LABEL_WIDTH = 9,
  CASE_WIDTH = 25,
  UNIT_WIDTH = 8,
  CELL_WIDTH = 13,
  NARROW_CELL_WIDTH = 8, /* without the spread: where more peers than fit are side by side */
  WIDE_CELLS_MAX = 3,
  RATIO_WIDTH = 21,
  HEADLINE_WIDTH = 58,
  TARGET_WIDTH = 8
};

/* Prints a label and a text that goes on in the lines below, after as many blanks. */
static void print_wrapped(const char *label, const char *text) {
  size_t column = LABEL_WIDTH;
  printf("%-*s", LABEL_WIDTH, label);
  for (const char *word = text; *word != '\0';) {
    size_t length = strcspn(word, " ");
    if (column + length + (column > LABEL_WIDTH) > COLUMNS && column > LABEL_WIDTH) {
      printf("\n%*s", LABEL_WIDTH, "");
      column = LABEL_WIDTH;
    }
    if (column > LABEL_WIDTH) column += (size_t)printf(" ");
    column += (size_t)printf("%.*s", (int)length, word);
    word += length;
    word += strspn(word, " ");
  }
  printf("\n");
}

static void print_header(const bench_report *report) {
  const bench_results *results = report->results;
  const char *label = "peers";
  char text[512];
  snprintf(text, sizeof text, "%s, %d CPUs, %s", report->machine->processor, report->machine->cpus,
           report->machine->system);
  print_wrapped("machine", text);
  if (report->machine->roundtrip_ns > 0) {
    snprintf(text, sizeof text, "a cache line from one CPU to another and back takes %.0f ns",
             report->machine->roundtrip_ns);
    print_wrapped("unit", text);
  }
  snprintf(text, sizeof text, "T = %d; ", results->threads);
  bench_peer_environment_text(results->threads, text + strlen(text), sizeof text - strlen(text));
  print_wrapped("threads", text);
  snprintf(text, sizeof text,
           "%s%zu rounds in the order A B C C B A, samples of %.3g ms each after 8 ms of warming up, 1 ms where "
           "one follows another of the same peer; between two peers "
           "the first one's threads come to rest; medians, +- half the interquartile range",
           report->quick ? "--quick: " : "", results->rounds, (double)report->sample_ns * 1e-6);
  print_wrapped("method", text);
  for (size_t p = 0; p < results->peer_count; p++) {
    const bench_peer *peer = &report->peers[p];
    if (!peer->wanted) continue;
    snprintf(text, sizeof text, "%s: %s", peer->kind->title,
             !peer->found               ? "not built here"
             : peer->version[0] != '\0' ? peer->version
                                        : "does not start");
    print_wrapped(label, text);
    label = "";
  }
}

/* A row's unit of time: the largest that keeps its smallest value at 1 or more. */
typedef struct scale {
  double ns;
  const char *name;
} scale;

static const scale scales[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}};

static scale scale_of(const bench_results *results, const bench_row *row) {
  double least = INFINITY;
  if (row->definition->unit == BENCH_PERCENT_OF_CPU) return (scale){1, "% CPU"};
  for (size_t p = 0; p < results->peer_count; p++)
    least = fmin(least, bench_cell_summary(results, &row->cells[p]).median);
  for (size_t s = 0; s < sizeof scales / sizeof *scales; s++)
    if (least >= scales[s].ns && isfinite(least)) return scales[s];
  return (scale){1, "ns"};
}

/* Three digits that matter, in six characters at most. */
static void format_value(double value, char *text, size_t size) {
  int decimals = value < 0.0995 ? 4 : value < 0.995 ? 3 : value < 9.95 ? 2 : value < 99.5 ? 1 : 0;
  int exponent = value >= 99999.5 ? (int)log10(value) : 0;
  if (exponent > 0) {
    snprintf(text, size, "%.1fe%d", value / pow(10, exponent), exponent);
  } else {
    snprintf(text, size, "%.*f", decimals, value);
  }
}

static void print_cell(const bench_results *results, const bench_cell *cell, double ns, bool narrow) {
  bench_summary summary = bench_cell_summary(results, cell);
  char value[32], spread[16] = "";
  if (summary.count == 0) {
    printf("%*s", narrow ? NARROW_CELL_WIDTH : CELL_WIDTH, bench_outcome_text(cell->outcome));
    return;
  }
  format_value(summary.median / ns, value, sizeof value);
  if (narrow) {
    printf("%*s", NARROW_CELL_WIDTH, value);
    return;
  }
  if (summary.count > 1 && summary.median > 0)
    snprintf(spread, sizeof spread, "+-%.0f%%", fmin(99, 100 * bench_spread(&summary)));
  printf("%*s %-5s", CELL_WIDTH - 6, value, spread);
}

/* Three decimals where 1 is near; a factor of hundreds needs none. */
static int ratio_decimals(double value) { return value < 9.9995 ? 3 : value < 99.95 ? 1 : 0; }

static void print_ratio(const bench_ratio *ratio, const char *verdict) {
  char text[64];
  if (ratio->count == 0) {
    printf(" -\n");
    return;
  }
  snprintf(text, sizeof text, "%.*f [%.*f..%.*f]", ratio_decimals(ratio->median), ratio->median,
           ratio_decimals(ratio->low), ratio->low, ratio_decimals(ratio->high), ratio->high);
  printf(" %-*s%s\n", RATIO_WIDTH, text, verdict);
}

static const bench_cell *cell_of(const bench_report *report, const bench_row *row, const char *peer) {
  for (size_t p = 0; p < report->results->peer_count; p++)
    if (strcmp(report->peers[p].kind->name, peer) == 0) return &row->cells[p];
  return &row->cells[0];
}

static const char *title_of(const bench_report *report, const char *peer) {
  for (size_t p = 0; p < report->results->peer_count; p++)
    if (strcmp(report->peers[p].kind->name, peer) == 0) return report->peers[p].kind->title;
  return peer;
}

static bool is_forbidden(const bench_results *results, const bench_row *row) {
  for (size_t p = 0; p < results->peer_count; p++)
    if (row->cells[p].outcome == BENCH_FORBIDDEN) return true;
  return false;
}

/* In the order of bench_unit. */
static const char *const units[] = {"/loop", "/iter", "/each", "/run", ""};

/* Rows that follow each other and have the same peer to compare with share a header. */
static void print_section(const bench_report *report, const bench_row *rows, size_t count) {
  const bench_results *results = report->results;
  const char *against = bench_row_against(rows);
  bool shown[BENCH_PEERS_MAX] = {false}, narrow;
  size_t shown_count = 0;
  char title[48];
  for (size_t p = 0; p < results->peer_count; p++)
    for (size_t k = 0; k < count; k++)
      shown[p] |= rows[k].cells[p].outcome != BENCH_UNTRIED && rows[k].cells[p].outcome != BENCH_ABSENT &&
                  rows[k].cells[p].outcome != BENCH_FORBIDDEN;
  for (size_t p = 0; p < results->peer_count; p++) shown_count += shown[p];
  narrow = shown_count > WIDE_CELLS_MAX;
  snprintf(title, sizeof title, "ppar / %s  [95%%]", title_of(report, against));
  printf("%-*s%-*s", CASE_WIDTH, "", UNIT_WIDTH, "unit");
  for (size_t p = 0; p < results->peer_count; p++) {
    if (!shown[p]) continue;
    printf("%*s", narrow ? NARROW_CELL_WIDTH : CELL_WIDTH - 6, report->peers[p].kind->title);
    if (!narrow) printf("%6s", "");
  }
  printf(" %s\n", title);
  for (size_t k = 0; k < count; k++) {
    const bench_row *row = &rows[k];
    bench_ratio ratio = bench_cells_ratio(results, cell_of(report, row, "ppar"), cell_of(report, row, against), 1);
    scale unit = scale_of(results, row);
    char per[16];
    if (is_forbidden(results, row)) {
      printf("%-*snot permitted here\n", CASE_WIDTH, row->definition->name);
      continue;
    }
    snprintf(per, sizeof per, "%s%s", unit.name, units[row->definition->unit]);
    printf("%-*s%-*s", CASE_WIDTH, row->definition->name, UNIT_WIDTH, per);
    for (size_t p = 0; p < results->peer_count; p++)
      if (shown[p]) print_cell(results, &row->cells[p], unit.ns, narrow);
    print_ratio(&ratio, bench_verdict(&ratio));
  }
}

/* The machine's unit says how far a cost is from what any runtime must pay. */
static void print_roundtrips(const bench_report *report, const bench_row *row) {
  printf("in round trips, %s:", row->definition->name);
  for (size_t p = 0; p < report->results->peer_count; p++) {
    bench_summary summary = bench_cell_summary(report->results, &row->cells[p]);
    char value[32];
    if (summary.count == 0) continue;
    format_value(summary.median / report->machine->roundtrip_ns, value, sizeof value);
    printf("  %s %s", report->peers[p].kind->title, value);
  }
  printf("\n");
}

/* What a runtime itself loses to its neighbours: its time over what fair shares would leave it. */
static void print_ideals(const bench_report *report, const bench_row *rows, size_t count) {
  const bench_results *results = report->results;
  for (size_t k = 0; k < count; k++) {
    const bench_row *row = &rows[k], *alone = bench_neighbour_alone(results, row);
    double ideal = bench_neighbour_ideal(row, results->threads, report->machine->cpus);
    if (alone == NULL || is_forbidden(results, row)) continue;
    printf("%s, to fair shares (%.3g x alone):", row->definition->name, ideal);
    for (size_t p = 0; p < results->peer_count; p++) {
      bench_ratio ratio = bench_cells_ratio(results, &row->cells[p], &alone->cells[p], 1 / ideal);
      if (ratio.count > 0)
        printf("  %s %.*f", report->peers[p].kind->title, ratio_decimals(ratio.median), ratio.median);
    }
    printf("\n");
  }
}

static void print_suite(const bench_report *report, const bench_row *rows, size_t count) {
  printf("\n%s: %s\n", rows->suite->name, rows->suite->heading);
  for (size_t first = 0, length; first < count; first += length) {
    for (length = 1; first + length < count; length++)
      if (strcmp(bench_row_against(&rows[first]), bench_row_against(&rows[first + length])) != 0) break;
    print_section(report, rows + first, length);
  }
  if (rows->suite->to_fair_shares) print_ideals(report, rows, count);
  if (rows->suite->in_roundtrips && report->machine->roundtrip_ns > 0) print_roundtrips(report, rows);
  if (rows->suite->in_speedups) bench_speedups_print(report, rows, count);
}

static void print_headlines(const bench_report *report) {
  bench_headline headlines[BENCH_HEADLINES_MAX];
  size_t count = bench_headlines_of(report->results, report->peers, report->machine, headlines);
  if (count == 0) return;
  printf("\nheadline: ppar's time as a ratio, or in the unit named\n%-*s%-*s measured  [95%%]\n", HEADLINE_WIDTH, "",
         TARGET_WIDTH, "target");
  for (size_t k = 0; k < count; k++) {
    const bench_headline *h = &headlines[k];
    char limit[16];
    snprintf(limit, sizeof limit, "<= %g", h->target);
    printf("%-*s%-*s", HEADLINE_WIDTH, h->name, TARGET_WIDTH, limit);
    print_ratio(&h->ratio, h->verdict);
  }
}

bool bench_report_text(const bench_report *report) {
  const bench_results *results = report->results;
  printf("ppar_bench " BENCH_VERSION ": the same loops under ppar and its peers\n");
  print_header(report);
  for (size_t first = 0, count; first < results->row_count; first += count) {
    for (count = 1; first + count < results->row_count; count++)
      if (results->rows[first + count].suite != results->rows[first].suite) break;
    print_suite(report, &results->rows[first], count);
  }
  print_headlines(report);
  printf(
      "\nfaster, slower: the interval, which holds the ratio with 95 %% probability, does not hold 1; same: it\n"
      "does; ?: fewer than six rounds. unsure: a target missed, but not by the whole interval.\n");
  if (report->machine->others > BENCH_OTHERS_MAX)
    printf("Disturbed: other programs kept %.2f of the %d CPUs busy meanwhile.\n", report->machine->others,
           report->machine->cpus);
  if (report->interrupted) printf("Interrupted: what is missing was not measured.\n");
  return fflush(stdout) == 0 && !ferror(stdout);
}

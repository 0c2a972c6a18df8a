/* SPDX-License-Identifier: MIT */
/* text.c: what people read: at most 100 columns, nothing that needs a manual. The tables are table.c's. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/grain.h"
#include "driver/neighbour.h"
#include "driver/quantity.h"
#include "driver/report.h"
#include "driver/speedups.h"

enum { LABEL_WIDTH = 9, HEADLINE_WIDTH = 58, TARGET_WIDTH = 9 };

/* Prints a label, unless it is NULL, and a text that goes on in the lines below, after as many blanks. */
static void print_wrapped(const char *label, const char *text) {
  int indent = label != NULL ? LABEL_WIDTH : 0;
  size_t column = label != NULL ? (size_t)printf("%-*s ", LABEL_WIDTH - 1, label) : 0;
  bool first = true;
  for (const char *word = text; *word != '\0';) {
    size_t length = strcspn(word, " ");
    if (column + length + !first > BENCH_COLUMNS && !first) {
      printf("\n%*s", indent, "");
      column = (size_t)indent;
      first = true;
    }
    if (!first) column += (size_t)printf(" ");
    first = false;
    column += (size_t)printf("%.*s", (int)length, word);
    word += length;
    word += strspn(word, " ");
  }
  printf("\n");
}

void bench_text_trust(const bench_report *report) {
  char text[512];
  bench_trust_text(&report->trust, report->machine, text, sizeof text);
  print_wrapped(NULL, text);
}

void bench_text_header(const bench_report *report) {
  const bench_results *results = report->results;
  const char *label = "peers";
  char text[BENCH_VERSION_MAX + 512];
  snprintf(text, sizeof text, "%s, %d CPUs, %s", report->machine->processor, report->machine->cpus,
           report->machine->system);
  print_wrapped("machine", text);
  if (report->machine->roundtrip_ns > 0) {
    snprintf(
        text, sizeof text,
        "a cache line from one CPU to another and back takes %.0f ns; %.0f ns where the answer comes in another line",
        report->machine->roundtrip_ns, report->machine->two_lines_ns);
    print_wrapped("unit", text);
  }
  snprintf(text, sizeof text, "T = %d; ", results->threads);
  bench_peer_environment_text(results->threads, text + strlen(text), sizeof text - strlen(text));
  print_wrapped("threads", text);
  snprintf(
      text, sizeof text,
      "%s%zu rounds in the order A B C C B A, samples of %.3g ms each after 8 ms of warming up; "
      "%s; a peer is stopped while another is measured; medians, +- half the interquartile range",
      report->quick ? "--quick: " : "", results->rounds, (double)report->sample_ns * 1e-6,
      report->renewed
          ? "a new process for each of a peer's turns"
          : "one process for all of a peer's samples, which luck in memory may make some percent faster than another");
  print_wrapped("method", text);
  for (size_t p = 0; p < results->peer_count; p++) {
    const bench_peer *peer = &report->peers[p];
    if (!peer->wanted) continue;
    snprintf(text, sizeof text, "%s: %s%s%s", peer->kind->title,
             !peer->found               ? "absent: not built here"
             : peer->version[0] != '\0' ? peer->version
                                        : "does not start",
             peer->version[0] != '\0' && peer->kind->setting != NULL ? "; " : "",
             peer->version[0] != '\0' && peer->kind->setting != NULL ? peer->kind->setting : "");
    print_wrapped(label, text);
    label = "";
  }
}

/* The machine's unit says how far a cost is from what any runtime must pay. */
static void print_roundtrips(const bench_report *report, const bench_row *row) {
  char label[64], text[512] = "";
  for (size_t p = 0; p < report->results->peer_count; p++) {
    bench_summary summary = bench_cell_summary(report->results, &row->cells[p]);
    size_t length = strlen(text);
    if (summary.count > 0)
      snprintf(text + length, sizeof text - length, "%s%s %.3g", length > 0 ? ", " : "", report->peers[p].kind->title,
               summary.median / report->machine->roundtrip_ns);
  }
  snprintf(label, sizeof label, "in round trips, %s:", row->definition->name);
  print_wrapped(label, text);
}

/* What the same costs as a plain serial loop or recursion. */
static void print_to_serial(const bench_report *report, const bench_row *row) {
  const bench_results *results = report->results;
  size_t serial = bench_peer_find(report->peers, results->peer_count, "serial");
  char label[96], text[512] = "";
  for (size_t p = 0; p < results->peer_count && serial < results->peer_count; p++) {
    bench_ratio ratio = bench_cells_ratio(results, &row->cells[p], &row->cells[serial], 1);
    size_t length = strlen(text);
    if (ratio.count > 0 && p != serial)
      snprintf(text + length, sizeof text - length, "%s%s %.3g", length > 0 ? ", " : "", report->peers[p].kind->title,
               ratio.median);
  }
  if (text[0] == '\0') return;
  snprintf(label, sizeof label, "%s, times the serial one:", row->definition->name);
  print_wrapped(label, text);
}

/* What a runtime itself loses to its neighbours: its time over what fair shares would leave it. Of ppar alone the
 * headlines say it. */
static void print_ideals(const bench_report *report, const bench_row *rows, size_t count) {
  const bench_results *results = report->results;
  for (size_t k = 0; k < count; k++) {
    const bench_row *row = &rows[k], *alone = bench_neighbour_alone(results, row);
    double ideal = bench_neighbour_ideal(row, results->threads, report->machine->cpus);
    char label[96], text[512] = "";
    size_t peers = 0;
    if (alone == NULL || bench_text_forbidden(results, row)) continue;
    for (size_t p = 0; p < results->peer_count; p++) {
      bench_ratio ratio = bench_cells_ratio(results, &row->cells[p], &alone->cells[p], 1 / ideal);
      size_t length = strlen(text);
      if (ratio.count > 0)
        snprintf(text + length, sizeof text - length, "%s%s %.3g", length > 0 ? ", " : "", report->peers[p].kind->title,
                 ratio.median);
      peers += ratio.count > 0;
    }
    if (peers < 2) continue;
    snprintf(label, sizeof label, "%s, to fair shares (%.3g x alone):", row->definition->name, ideal);
    print_wrapped(label, text);
  }
}

static bool has_two_modes(const bench_report *report, const bench_row *row, size_t p, bench_modes *modes) {
  const bench_cell *cell = &row->cells[p];
  *modes = bench_find_modes(cell->samples, cell->outcome == BENCH_MEASURED ? report->results->rounds : 0);
  return modes->two;
}

/* Cells whose medians are one of two times by chance. A noisy row's are left out: it is not the peer's doing. */
static void print_modes(const bench_report *report, const bench_row *rows, size_t count) {
  for (size_t k = 0; k < count; k++) {
    const bench_row *row = &rows[k];
    char label[96], text[512] = "";
    for (size_t p = 0; p < report->results->peer_count && row->doubt == BENCH_BELIEVED; p++) {
      size_t length = strlen(text);
      bench_modes modes;
      if (row->definition->unit == BENCH_PERCENT_OF_CPU || !has_two_modes(report, row, p, &modes)) continue;
      snprintf(text + length, sizeof text - length, "%s%s %s (%zu rounds) or %s (%zu)", length > 0 ? ", " : "",
               report->peers[p].kind->title, bench_time_text(modes.low).text, modes.low_count,
               bench_time_text(modes.high).text, modes.high_count);
    }
    if (text[0] == '\0') continue;
    snprintf(label, sizeof label, "in two modes, %s:", row->definition->name);
    print_wrapped(label, text);
  }
}

static void print_suite(const bench_report *report, const bench_row *rows, size_t count) {
  printf("\n%s: %s\n", rows->suite->name, rows->suite->heading);
  if (rows->suite->as_curve) {
    bench_grain_print(report, rows, count);
  } else {
    bench_text_table(report, rows, count);
  }
  print_modes(report, rows, count);
  if (rows->suite->to_serial) print_to_serial(report, rows);
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
    bench_text_ratio(&h->ratio, h->verdict);
  }
}

void bench_text_footer(const bench_report *report) {
  if (report->interrupted) printf("Interrupted: what is missing was not measured.\n");
}

bool bench_report_text(const bench_report *report) {
  const bench_results *results = report->results;
  bench_text_trust(report);
  printf("ppar_bench " BENCH_VERSION ": the same loops under ppar and its peers\n");
  bench_text_header(report);
  for (size_t first = 0, count; first < results->row_count; first += count) {
    for (count = 1; first + count < results->row_count; count++)
      if (results->rows[first + count].suite != results->rows[first].suite) break;
    print_suite(report, &results->rows[first], count);
  }
  print_headlines(report);
  printf(
      "\n*: the best of its row, and what is within 10 %% and cannot be told from it. faster, slower: the\n"
      "interval, which holds the ratio with 95 %% probability, does not hold 1; same: it does; ?: fewer than\n"
      "six rounds, of which the interval holds less than 95 %%. met, missed: by the median; unsure: missed,\n"
      "but not by the whole interval. noisy: no verdict, for the first line's reason; modes: none either,\n"
      "the ratio being now the one and now the other. --list names further peers.\n");
  bench_text_footer(report);
  return fflush(stdout) == 0 && !ferror(stdout);
}

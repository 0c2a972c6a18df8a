/* SPDX-License-Identifier: MIT */
/* text.c: what people read: as wide as the terminal, nothing that needs a manual. The answers are answers.c's, the
 * tables table.c's. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/answers.h"
#include "driver/choice.h"
#include "driver/faster.h"
#include "driver/grain.h"
#include "driver/neighbour.h"
#include "driver/report.h"
#include "driver/speedups.h"
#include "driver/terminal.h"
#include "driver/warnings.h"

enum {
  LABEL_WIDTH = 9,
  ANSWER_WIDTH = 15,
  TARGET_WIDTH = 9,
  RATIO_COLUMNS = 28,
  HEADLINE_WIDTH_MAX = 60,
  TABLES_TO_REPEAT = 2
};

void bench_text_trust(const bench_report *report) {
  char text[512];
  bench_trust_line(&report->trust, report->machine, text, sizeof text);
  bench_print_wrapped(NULL, 0, text);
}

/* False where nobody asked the peer for anything, or it has none of the rows. */
static bool has_cells(const bench_results *results, size_t p) {
  for (size_t r = 0; r < results->row_count; r++) {
    bench_outcome outcome = results->rows[r].cells[p].outcome;
    if (outcome != BENCH_UNTRIED && outcome != BENCH_ABSENT) return true;
  }
  return false;
}

void bench_text_header(const bench_report *report) {
  const bench_results *results = report->results;
  const char *label = "peers";
  char text[BENCH_VERSION_MAX + 512];
  snprintf(text, sizeof text, "%s, %d CPUs, %s", report->machine->processor, report->machine->cpus,
           report->machine->system);
  bench_print_wrapped("machine", LABEL_WIDTH, text);
  if (report->machine->roundtrip_ns > 0) {
    snprintf(
        text, sizeof text,
        "a cache line from one CPU to another and back takes %.0f ns; %.0f ns where the answer comes in another line",
        report->machine->roundtrip_ns, report->machine->two_lines_ns);
    bench_print_wrapped("unit", LABEL_WIDTH, text);
  }
  snprintf(text, sizeof text, "T = %d; ", results->threads);
  bench_peer_environment_text(results->threads, text + strlen(text), sizeof text - strlen(text));
  bench_print_wrapped("threads", LABEL_WIDTH, text);
  snprintf(
      text, sizeof text,
      "%s%zu rounds in the order A B C C B A, samples of %.3g ms each after 8 ms of warming up; "
      "%s; a peer is stopped while another is measured; medians, +- half the interquartile range",
      report->quick ? "--quick: " : "", results->rounds, (double)report->sample_ns * 1e-6,
      report->renewed
          ? "a new process for each of a peer's turns"
          : "one process for all of a peer's samples, which luck in memory may make some percent faster than another");
  bench_print_wrapped("method", LABEL_WIDTH, text);
  for (size_t p = 0; p < results->peer_count; p++) {
    const bench_peer *peer = &report->peers[p];
    if (!peer->wanted || (peer->version[0] != '\0' && !has_cells(results, p))) continue;
    snprintf(text, sizeof text, "%s: %s%s%s", peer->kind->title,
             !peer->found               ? "absent: not built here"
             : peer->version[0] != '\0' ? peer->version
                                        : "does not start",
             peer->version[0] != '\0' && peer->kind->setting != NULL ? "; " : "",
             peer->version[0] != '\0' && peer->kind->setting != NULL ? peer->kind->setting : "");
    bench_print_wrapped(label, LABEL_WIDTH, text);
    label = "";
  }
  bench_trust_readings(&report->trust, report->machine, text, sizeof text);
  bench_print_wrapped("readings", LABEL_WIDTH, text);
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
  bench_print_wrapped(label, LABEL_WIDTH, text);
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
  bench_print_wrapped(label, LABEL_WIDTH, text);
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
    bench_print_wrapped(label, LABEL_WIDTH, text);
  }
}

static void print_suite(const bench_report *report, const bench_row *rows, size_t count) {
  char heading[256];
  snprintf(heading, sizeof heading, "%s: %s", rows->suite->name, rows->suite->heading);
  printf("\n");
  bench_print_wrapped(NULL, 0, heading);
  if (rows->suite->as_curve) {
    bench_grain_print(report, rows, count);
  } else {
    bench_text_table(report, rows, count);
  }
  if (rows->suite->as_choice) bench_choices_print(report);
  bench_warnings_print(report, rows, count);
  if (rows->suite->to_serial) print_to_serial(report, rows);
  if (rows->suite->to_fair_shares) print_ideals(report, rows, count);
  if (rows->suite->in_roundtrips && report->machine->roundtrip_ns > 0) print_roundtrips(report, rows);
  if (rows->suite->in_speedups) bench_speedups_print(report, rows, count);
}

/* Where the columns are too few, a name has a line of its own. */
static void print_headlines(const bench_report *report) {
  bench_headline headlines[BENCH_HEADLINES_MAX];
  size_t count = bench_headlines_of(report->results, report->peers, report->machine, headlines);
  size_t room = bench_columns() - TARGET_WIDTH - RATIO_COLUMNS;
  int width = room < HEADLINE_WIDTH_MAX ? (int)room : HEADLINE_WIDTH_MAX;
  bool any = false;
  for (size_t k = 0; k < count; k++) {
    const bench_headline *h = &headlines[k];
    char limit[16];
    if (report->filtered && h->ratio.count == 0) continue;
    if (!any)
      printf("\ntargets: ppar's time over the one that is named\n%-*s%-*s measured  [95%%]\n", width, "", TARGET_WIDTH,
             "target");
    any = true;
    snprintf(limit, sizeof limit, "<= %g", h->target);
    if (strlen(h->name) < (size_t)width) {
      printf("%-*s%-*s", width, h->name, TARGET_WIDTH, limit);
    } else {
      printf("%s\n%-*s%-*s", h->name, width, "", TARGET_WIDTH, limit);
    }
    bench_text_ratio(&h->ratio, h->verdict);
  }
}

void bench_text_footer(const bench_report *report) {
  if (report->interrupted) printf("Interrupted: what is missing was not measured.\n");
}

static void print_legend(void) {
  printf("\n");
  bench_print_wrapped(
      NULL, 0,
      "How to read it. *: the best of its row, and what is within 10 % and cannot be told from it. +-: half the "
      "interquartile range. faster, slower: the interval, which holds the ratio with 95 % probability, does not hold "
      "1; "
      "same: it does; ?: fewer than six rounds, of which the interval holds less than 95 %. met, missed: by the "
      "median; "
      "unsure: missed, but not by the whole interval. noisy: no verdict, since the machine was disturbed meanwhile; "
      "modes: none either, the ratio being now the one and now the other.");
}

/* How many suites have rows. */
static size_t suites_of(const bench_results *results) {
  size_t suites = 0;
  for (size_t r = 0; r < results->row_count; r++)
    suites += r == 0 || results->rows[r].suite != results->rows[r - 1].suite;
  return suites;
}

static void print_tables(const bench_report *report) {
  const bench_results *results = report->results;
  for (size_t r = 0; report->filtered && r < results->row_count && results->row_count <= BENCH_FASTER_ROWS_MAX; r++)
    bench_faster_print(report, &results->rows[r]);
  for (size_t first = 0, count; first < results->row_count; first += count) {
    for (count = 1; first + count < results->row_count; count++)
      if (results->rows[first + count].suite != results->rows[first].suite) break;
    print_suite(report, &results->rows[first], count);
  }
  bench_warnings_advise(report);
  print_headlines(report);
  print_legend();
}

/* What was measured against what, in a few lines, and where there is more. */
static void print_briefly(const bench_report *report) {
  const bench_results *results = report->results;
  char text[1024];
  size_t length =
      (size_t)snprintf(text, sizeof text, "%s, %d CPUs, T = %d, %zu rounds of %.3g ms samples; ppar " BENCH_VERSION,
                       report->machine->processor, report->machine->cpus, results->threads, results->rounds,
                       (double)report->sample_ns * 1e-6);
  for (size_t p = 0; p < results->peer_count && length < sizeof text; p++) {
    const bench_peer *peer = &report->peers[p];
    const char *place = strstr(peer->version, " of ");
    size_t name = strcspn(peer->version, ",");
    if (place != NULL && (size_t)(place - peer->version) < name) name = (size_t)(place - peer->version);
    if (has_cells(results, p) && !bench_peer_is_ppar(peer->kind) && !bench_peer_is(peer->kind, "serial"))
      length += (size_t)snprintf(text + length, sizeof text - length, ", %.*s", (int)name, peer->version);
  }
  printf("\n");
  bench_print_wrapped("measured", ANSWER_WIDTH, text);
  bench_print_wrapped("next", ANSWER_WIDTH,
                      "--quick: the tables, in a minute and a half; --all: with longer samples, in several; --filter "
                      "REGEX: a few rows; --list: their names; --help.");
}

/* The answers come first. Behind tables of several suites they come again, from all rows: nobody has to scroll back. */
bool bench_report_text(const bench_report *report) {
  if (!report->answered) bench_answers_print(report);
  if (report->answers_only) {
    print_briefly(report);
  } else {
    print_tables(report);
    printf("\nppar_bench " BENCH_VERSION ": how this was measured\n");
    bench_text_header(report);
  }
  if (suites_of(report->results) >= TABLES_TO_REPEAT && !report->answers_only) {
    printf("\nThe answers once more, now that all rows are measured:\n");
    bench_answers_print(report);
  }
  bench_text_footer(report);
  return fflush(stdout) == 0 && !ferror(stdout);
}

/* SPDX-License-Identifier: MIT */
/* table.c: the rows of a suite as tables of medians, the best of each row marked, with ppar's ratio to one peer. A
 * table has one unit: rows that cannot be read in it have a table of their own. Where there are more peers than fit,
 * the rest follow in a second block of the same rows. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/report.h"
#include "driver/scale.h"
#include "driver/terminal.h"

enum {
  NARROW_WIDTH = 8, /* a median and its mark */
  WIDE_WIDTH = 13,  /* and its spread: where there is room */
  RATIO_WIDTH = 20,
  VERDICT_WIDTH = 7,
  CASE_WIDTH_MIN = 17 /* the longest unit, and a blank */
};

/* Three digits that matter, in six characters at most. */
void bench_text_value(double value, char *text, size_t size) {
  if (value > 0 && value < 0.00005) {
    snprintf(text, size, "<.0001");
    return;
  }
  int decimals = value < 0.0995 ? 4 : value < 0.995 ? 3 : value < 9.95 ? 2 : value < 99.5 ? 1 : 0;
  int exponent = value >= 999999.5 ? (int)log10(value) : 0;
  if (exponent > 0) {
    snprintf(text, size, "%.1fe%d", value / pow(10, exponent), exponent);
  } else {
    snprintf(text, size, "%.*f", decimals, value);
  }
}

static void print_cell(const bench_results *results, const bench_cell *cell, double ns, bool narrow, bool best) {
  bench_summary summary = bench_cell_summary(results, cell);
  int width = narrow ? NARROW_WIDTH : WIDE_WIDTH;
  char value[32], spread[16] = "";
  if (summary.count == 0) {
    printf("%*s%-*s", NARROW_WIDTH - 1, bench_outcome_text(cell->outcome), width - NARROW_WIDTH + 1, "");
    return;
  }
  bench_text_value(summary.median / ns, value, sizeof value);
  if (!narrow && summary.count > 1 && summary.median > 0)
    snprintf(spread, sizeof spread, "+-%.0f%%", fmin(99, 100 * bench_spread(&summary)));
  printf("%*s%c%-*s", NARROW_WIDTH - 1, value, best ? '*' : ' ', width - NARROW_WIDTH, spread);
}

/* Three decimals where 1 is near; a factor of hundreds needs none, one of a hundredth four. Five characters. */
static void format_ratio(double value, char *text, size_t size) {
  int decimals = value < 0.00995 ? 4 : value < 9.9995 ? 3 : value < 99.95 ? 1 : 0;
  snprintf(text, size, "%.*f", decimals, value);
  if (decimals == 4) memmove(text, text + 1, strlen(text)); /* ".0042" */
}

void bench_text_ratio(const bench_ratio *ratio, const char *verdict) {
  char text[BENCH_RATIO_TEXT_MAX];
  bench_ratio_text(ratio, text);
  if (ratio->count == 0) {
    printf(" -\n");
  } else {
    printf(" %-*s%s\n", RATIO_WIDTH, text, verdict);
  }
}

void bench_ratio_text(const bench_ratio *ratio, char *text) {
  char median[32], low[32], high[32];
  if (ratio->count == 0) {
    snprintf(text, BENCH_RATIO_TEXT_MAX, "-");
    return;
  }
  if (ratio->modes.two) {
    format_ratio(ratio->modes.low, low, sizeof low);
    format_ratio(ratio->modes.high, high, sizeof high);
    snprintf(text, BENCH_RATIO_TEXT_MAX, "%s or %s", low, high);
    return;
  }
  format_ratio(ratio->median, median, sizeof median);
  format_ratio(ratio->low, low, sizeof low);
  format_ratio(ratio->high, high, sizeof high);
  snprintf(text, BENCH_RATIO_TEXT_MAX, "%s [%s-%s]", median, low, high);
}

/* In the order of bench_unit. */
static const char *const units[] = {" per loop",    " per iteration", " each", " per run",
                                    "% of one CPU", "threads",        "kB"};

/* The peers side by side in one block, in their order; the ratio is the subject's to `rival`, or in each row to the
 * better one. */
typedef struct block {
  size_t peers[BENCH_PEERS_MAX];
  size_t count, subject, rival;
  bool to_better;
  size_t case_width;
  bench_scale scale;
  char unit[32]; /* in the titles' line */
  bool narrow;
} block;

#define NEAR 1.1

/* A serial loop is the best where threads do not pay, which the reader sees: among runtimes it has no part, but for
 * rows of one thread. Nor has a figure of 0, which is nothing that was measured. */
static bool competes(const bench_report *report, const bench_row *row, size_t p) {
  return row->cells[p].outcome == BENCH_MEASURED && bench_cell_summary(report->results, &row->cells[p]).median > 0 &&
         (row->threads == 1 || !bench_peer_is(report->peers[p].kind, "serial"));
}

/* Marks the least median, and those near it whose interval of the ratio holds 1; of a noisy row none. */
static void mark_best(const bench_report *report, const bench_row *row, bool *marks) {
  const bench_results *results = report->results;
  size_t best = results->peer_count, others = 0;
  double least = INFINITY;
  for (size_t p = 0; p < results->peer_count; p++) {
    double median = bench_cell_summary(results, &row->cells[p]).median;
    marks[p] = false;
    others += competes(report, row, p);
    if (!competes(report, row, p) || !(median < least)) continue;
    best = p;
    least = median;
  }
  if (row->doubt != BENCH_BELIEVED) return;
  for (size_t p = 0; p < results->peer_count && others > 1; p++) {
    bench_ratio ratio = bench_cells_ratio(results, &row->cells[p], &row->cells[best], 1);
    marks[p] = p == best || (competes(report, row, p) && ratio.conclusive && ratio.low <= 1 && ratio.median <= NEAR);
  }
}

/* A title over two lines stands in the middle of its cells: their values end where it ends. */
static void print_titles(const bench_report *report, const block *b) {
  int rest = (b->narrow ? NARROW_WIDTH : WIDE_WIDTH) - NARROW_WIDTH + 1;
  bool any = false;
  for (size_t k = 0; k < b->count; k++) any |= report->peers[b->peers[k]].kind->over != NULL;
  for (int line = any ? 0 : 1; line < 2; line++) {
    printf("%-*s", (int)b->case_width, line == 1 ? b->unit : "");
    for (size_t k = 0; k < b->count; k++) {
      const bench_peer_kind *kind = report->peers[b->peers[k]].kind;
      const char *text = line == 1 ? kind->column : kind->over != NULL ? kind->over : "";
      bool last = line == 0 && k + 1 == b->count;
      printf("%*s%*s", NARROW_WIDTH - 1, text, last ? 0 : rest, "");
    }
    if (line == 0) printf("\n");
  }
  if (b->rival < report->results->peer_count) {
    bool any_subject = b->subject < report->results->peer_count;
    printf(" %s / %s  [95%%]", any_subject ? report->peers[b->subject].kind->title : "ppar",
           b->to_better ? "the better" : report->peers[b->rival].kind->title);
  }
  printf("\n");
}

bool bench_text_forbidden(const bench_results *results, const bench_row *row) {
  for (size_t p = 0; p < results->peer_count; p++)
    if (row->cells[p].outcome == BENCH_FORBIDDEN) return true;
  return false;
}

static void print_row(const bench_report *report, const block *b, const bench_row *row) {
  const bench_results *results = report->results;
  size_t rival = b->to_better ? bench_peer_rival(report->peers, results, row) : b->rival;
  bool marks[BENCH_PEERS_MAX];
  if (bench_text_forbidden(results, row)) {
    printf("%-*snot permitted here\n", (int)b->case_width, row->definition->name);
    return;
  }
  mark_best(report, row, marks);
  printf("%-*s", (int)b->case_width, row->definition->name);
  for (size_t k = 0; k < b->count; k++)
    print_cell(results, &row->cells[b->peers[k]], b->scale.ns, b->narrow, marks[b->peers[k]]);
  if (rival < results->peer_count && b->rival < results->peer_count && b->subject < results->peer_count) {
    bench_ratio ratio = bench_cells_ratio(results, &row->cells[b->subject], &row->cells[rival], 1);
    bench_text_ratio(&ratio, bench_verdict(&ratio));
  } else {
    printf("\n");
  }
}

static bool has_cells(const bench_row *rows, size_t count, size_t p) {
  for (size_t k = 0; k < count; k++)
    if (rows[k].cells[p].outcome != BENCH_UNTRIED && rows[k].cells[p].outcome != BENCH_ABSENT &&
        rows[k].cells[p].outcome != BENCH_FORBIDDEN)
      return true;
  return false;
}

/* The peers that have one of the rows, by place. */
static size_t list_peers(const bench_report *report, const bench_row *rows, size_t count, size_t *out) {
  size_t listed = 0;
  for (size_t p = 0; p < report->results->peer_count; p++) {
    size_t at = listed;
    if (!has_cells(rows, count, p)) continue;
    for (; at > 0 && report->peers[out[at - 1]].kind->place > report->peers[p].kind->place; at--) out[at] = out[at - 1];
    out[at] = p;
    listed++;
  }
  return listed;
}

static bool in_block(const block *b, const bench_row *row) {
  for (size_t k = 0; k < b->count; k++)
    if (has_cells(row, 1, b->peers[k])) return true;
  return false;
}

/* A column of ratios is for rows that have one. */
static bool any_ratio(const bench_report *report, const bench_row *rows, size_t count, size_t rival) {
  size_t ppar = bench_peer_subject(report->peers, report->results->peer_count, rows->suite);
  if (rival == report->results->peer_count || ppar == report->results->peer_count) return true;
  for (size_t k = 0; k < count; k++)
    if (bench_cells_ratio(report->results, &rows[k].cells[ppar], &rows[k].cells[rival], 1).count > 0) return true;
  return false;
}

/* Adds what the runtimes took; what one thread took, where it is not alone, may need more digits. */
static void add_row(const bench_report *report, const bench_row *row, bench_range *range) {
  bench_range all = BENCH_NO_RANGE, runtimes = BENCH_NO_RANGE;
  const bench_range *wanted = &runtimes;
  for (size_t p = 0; p < report->results->peer_count; p++) {
    double median = bench_cell_summary(report->results, &row->cells[p]).median;
    bench_range_add(&all, median);
    if (!bench_peer_is(report->peers[p].kind, "serial")) bench_range_add(&runtimes, median);
  }
  if (!(runtimes.most > 0)) wanted = &all;
  bench_range_add(range, wanted->least);
  bench_range_add(range, wanted->most);
}

/* How many of the rows stand in one table: they follow each other, and have the rival and the unit of the first. Rows
 * of one group stay together, whatever digits that takes. */
static size_t section_of(const bench_report *report, const bench_row *rows, size_t count, bench_range *range) {
  size_t rival = bench_peer_rival(report->peers, report->results, rows), length = 1;
  add_row(report, rows, range);
  for (; length < count; length++) {
    const bench_row *row = &rows[length];
    bench_range longer = *range;
    if (row->definition->unit != rows->definition->unit ||
        (!rows->suite->to_better && bench_peer_rival(report->peers, report->results, row) != rival))
      break;
    for (size_t k = length; k < count && (k == length || bench_rows_share_rounds(row, &rows[k])); k++)
      add_row(report, &rows[k], &longer);
    if (bench_unit_is_time(row->definition->unit) && !bench_rows_share_rounds(row - 1, row) &&
        !bench_range_fits(&longer))
      break;
    add_row(report, row, range);
  }
  return length;
}

static void print_section(const bench_report *report, const bench_row *rows, size_t count, size_t case_width,
                          const bench_range *range) {
  size_t peers[BENCH_PEERS_MAX], listed = list_peers(report, rows, count, peers);
  size_t taken = case_width + 1 + RATIO_WIDTH + VERDICT_WIDTH - 1, columns = bench_columns();
  size_t room = columns > taken + NARROW_WIDTH ? columns - taken : NARROW_WIDTH;
  size_t fit = room / WIDE_WIDTH < listed ? room / NARROW_WIDTH : room / WIDE_WIDTH;
  size_t rival = bench_peer_rival(report->peers, report->results, rows);
  bool time = bench_unit_is_time(rows->definition->unit);
  for (size_t first = 0; first < listed; first += fit) {
    block b = {.count = listed - first < fit ? listed - first : fit, .case_width = case_width};
    memcpy(b.peers, peers + first, b.count * sizeof *peers);
    b.scale = time ? bench_scale_of(range) : (bench_scale){1, ""};
    snprintf(b.unit, sizeof b.unit, "%s%s", b.scale.name, units[rows->definition->unit]);
    b.narrow = listed * WIDE_WIDTH > room;
    b.subject = bench_peer_subject(report->peers, report->results->peer_count, rows->suite);
    b.to_better = rows->suite->to_better;
    b.rival = first == 0 ? rival : b.peers[b.peers[0] == rival && b.count > 1];
    if (!any_ratio(report, rows, count, b.rival)) b.rival = report->results->peer_count;
    if (first > 0) printf("and further peers\n");
    print_titles(report, &b);
    for (size_t k = 0; k < count; k++)
      if (first == 0 || in_block(&b, &rows[k])) print_row(report, &b, &rows[k]);
  }
}

static void print_sections(const bench_report *report, const bench_row *rows, size_t count, size_t case_width) {
  for (size_t first = 0, length; first < count; first += length) {
    bench_range range = BENCH_NO_RANGE;
    length = section_of(report, rows + first, count - first, &range);
    print_section(report, rows + first, length, case_width, &range);
  }
}

/* Times first, then what is no time: rows that alternate make two tables, not many. What nobody has is said below. */
void bench_text_table(const bench_report *report, const bench_row *rows, size_t count) {
  bench_row *ordered = calloc(count, sizeof *ordered);
  size_t case_width = CASE_WIDTH_MIN, placed = 0;
  for (size_t k = 0; k < count; k++)
    if (bench_row_left_out(report->results, &rows[k]) == NULL && strlen(rows[k].definition->name) >= case_width)
      case_width = strlen(rows[k].definition->name) + 1;
  for (int times = 1; times >= 0 && ordered != NULL; times--)
    for (size_t k = 0; k < count; k++)
      if (bench_unit_is_time(rows[k].definition->unit) == (times == 1) &&
          bench_row_left_out(report->results, &rows[k]) == NULL)
        ordered[placed++] = rows[k];
  print_sections(report, ordered != NULL ? ordered : rows, ordered != NULL ? placed : count, case_width);
  free(ordered);
}

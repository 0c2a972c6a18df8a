/* SPDX-License-Identifier: MIT */
/* compare.c: reads an earlier run, matches it with this one, says what became faster or slower. */
#include "driver/compare.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/quantity.h"
#include "driver/unpaired.h"

struct bench_earlier {
  json_t *run;
  const char *path;
};

#define LITTLE_PERCENT 0.1 /* of a CPU */

enum { CASE_WIDTH = 33, PEER_WIDTH = 15, TIME_WIDTH = 10, RATIO_WIDTH = 23 };

/* A run as json.c writes it: simulations and other programs' files have no rows of cells. */
static bool is_run(const json_t *run) {
  const json_t *rows = json_object_get(run, "rows");
  size_t r;
  json_t *row;
  if (!json_is_string(json_object_get(run, "ppar_bench")) || !json_is_array(rows)) return false;
  json_array_foreach(rows, r, row) {
    const json_t *cells = json_object_get(row, "cells");
    if (!json_is_string(json_object_get(row, "suite")) || !json_is_string(json_object_get(row, "case")) ||
        !json_is_string(json_object_get(row, "unit")) || !json_is_integer(json_object_get(row, "n")) ||
        !json_is_integer(json_object_get(row, "threads")) || !json_is_object(cells))
      return false;
  }
  return true;
}

bench_earlier *bench_earlier_read(const char *path) {
  json_error_t error;
  json_t *run = json_load_file(path, 0, &error);
  bench_earlier *earlier = NULL;
  if (run == NULL || !is_run(run)) {
    fprintf(stderr, "ppar_bench: --compare %s: %.100s; allowed: what ppar_bench --format json wrote\n", path,
            run == NULL ? error.text : "no measurements of ppar_bench in it");
    json_decref(run);
    return NULL;
  }
  earlier = malloc(sizeof *earlier);
  if (earlier == NULL) {
    fprintf(stderr, "ppar_bench: no memory\n");
    json_decref(run);
    return NULL;
  }
  *earlier = (bench_earlier){run, path};
  return earlier;
}

void bench_earlier_free(bench_earlier *earlier) {
  if (earlier == NULL) return;
  json_decref(earlier->run);
  free(earlier);
}

static bool has_text(const json_t *object, const char *key, const char *value) {
  return strcmp(json_string_value(json_object_get(object, key)), value) == 0;
}

static bool has_number(const json_t *object, const char *key, json_int_t value) {
  return json_integer_value(json_object_get(object, key)) == value;
}

/* The row of the same name, whatever it measured; NULL when there is none. */
static const json_t *earlier_row(const bench_earlier *earlier, const bench_row *row) {
  size_t r;
  json_t *candidate;
  json_array_foreach(json_object_get(earlier->run, "rows"), r, candidate) {
    if (has_text(candidate, "suite", row->suite->name) && has_text(candidate, "case", row->definition->name))
      return candidate;
  }
  return NULL;
}

/* Of another size, on other threads or in another unit the times say nothing. */
static bool measures_alike(const json_t *earlier, const bench_row *row) {
  return has_number(earlier, "n", row->n) && has_number(earlier, "threads", row->threads) &&
         has_text(earlier, "unit", bench_row_unit(row));
}

/* Copies the samples; returns how many there are. 0: the earlier run has no such cell, or nothing in it. */
static size_t earlier_samples(const json_t *row, const char *peer, double *out) {
  const json_t *samples = json_object_get(json_object_get(json_object_get(row, "cells"), peer), "samples");
  size_t k, count = 0;
  json_t *sample;
  json_array_foreach(samples, k, sample) {
    double ns = json_is_number(sample) ? json_number_value(sample) : -1;
    if (ns >= 0 && count < BENCH_ROUNDS_MAX) out[count++] = ns;
  }
  return count;
}

static void print_header(const bench_earlier *earlier, const bench_report *report) {
  const json_t *machine = json_object_get(earlier->run, "machine");
  const char *processor = json_string_value(json_object_get(machine, "processor"));
  printf("\ncompared with %s (ppar_bench %s, %lld rounds)\n", earlier->path,
         json_string_value(json_object_get(earlier->run, "ppar_bench")),
         (long long)json_integer_value(json_object_get(earlier->run, "rounds")));
  if (processor != NULL &&
      (strcmp(processor, report->machine->processor) != 0 || !has_number(machine, "cpus", report->machine->cpus)))
    printf("It is of another machine: %s, %lld CPUs.\n", processor,
           (long long)json_integer_value(json_object_get(machine, "cpus")));
  printf("%-*s%-*s%*s%*s  %s\n", CASE_WIDTH, "", PEER_WIDTH, "peer", TIME_WIDTH, "old", TIME_WIDTH, "new",
         "new / old  [99.9%]");
}

static bench_quantity_text text_of(const bench_row *row, double value) {
  bench_quantity_text out;
  if (bench_unit_is_time(row->definition->unit)) return bench_time_text(value);
  snprintf(out.text, sizeof out.text, "%.3g %s", value,
           row->definition->unit == BENCH_PERCENT_OF_CPU ? "%" : bench_row_unit(row));
  return out;
}

static void print_names(const bench_row *row, const char *peer) {
  char name[128];
  snprintf(name, sizeof name, "%s: %s", row->suite->name, row->definition->name);
  printf("%-*s%-*s", CASE_WIDTH, name, PEER_WIDTH, peer);
}

static void print_line(const bench_row *row, const char *peer, double old, double now, const bench_ratio *ratio) {
  bench_quantity_text before = text_of(row, old), after = text_of(row, now);
  char interval[64];
  snprintf(interval, sizeof interval, "%.3f [%.3f..%.3f]", ratio->median, ratio->low, ratio->high);
  print_names(row, peer);
  printf("%*s%*s  %-*s %s\n", TIME_WIDTH, before.text, TIME_WIDTH, after.text, RATIO_WIDTH, interval,
         bench_verdict(ratio));
}

/* It was measured, and now it cannot be. */
static void print_loss(const bench_row *row, const char *peer, double old, bench_outcome outcome) {
  print_names(row, peer);
  printf("%*s%*s\n", TIME_WIDTH, text_of(row, old).text, TIME_WIDTH, bench_outcome_text(outcome));
}

/* What came of all cells. */
typedef struct tally {
  size_t lines, others, slower; /* others: rows that the earlier run lacks or that measured something else */
  size_t lost, unsure, noisy;   /* of ppar's */
} tally;

/* Of two figures near nothing the ratio says nothing: a little is added to each. */
static bench_ratio ratio_of(const bench_row *row, const double *now, size_t now_count, const double *old,
                            size_t old_count) {
  double little = row->definition->unit == BENCH_PERCENT_OF_CPU ? LITTLE_PERCENT : 0;
  double above[BENCH_ROUNDS_MAX], below[BENCH_ROUNDS_MAX];
  for (size_t k = 0; k < now_count; k++) above[k] = now[k] + little;
  for (size_t k = 0; k < old_count; k++) below[k] = old[k] + little;
  return bench_ratio_unpaired(above, now_count, below, old_count);
}

static void compare_cell(const bench_report *report, const bench_row *row, size_t p, const json_t *old, tally *sum) {
  const bench_cell *cell = &row->cells[p];
  const char *peer = report->peers[p].kind->name;
  double samples[BENCH_ROUNDS_MAX];
  size_t count = earlier_samples(old, peer, samples);
  bench_ratio ratio;
  bool own = strcmp(peer, "ppar") == 0;
  if (count == 0 || cell->outcome == BENCH_UNTRIED) return;
  sum->lines++;
  if (cell->outcome != BENCH_MEASURED) {
    print_loss(row, peer, bench_summarize(samples, count).median, cell->outcome);
    sum->lost += own;
    return;
  }
  ratio = ratio_of(row, cell->samples, report->results->rounds, samples, count);
  ratio.noisy = cell->noisy;
  print_line(row, peer, bench_summarize(samples, count).median, bench_cell_summary(report->results, cell).median,
             &ratio);
  sum->slower += own && ratio.conclusive && ratio.low > 1 && !ratio.noisy;
  sum->noisy += own && ratio.noisy;
  sum->unsure += own && !ratio.conclusive;
}

bench_compared bench_compare(const bench_earlier *earlier, const bench_report *report) {
  tally sum = {.lines = 0};
  print_header(earlier, report);
  for (size_t r = 0; r < report->results->row_count; r++) {
    const bench_row *row = &report->results->rows[r];
    const json_t *old = earlier_row(earlier, row);
    if (old == NULL || !measures_alike(old, row)) {
      sum.others++;
      continue;
    }
    for (size_t p = 0; p < report->results->peer_count; p++) compare_cell(report, row, p, old, &sum);
  }
  if (sum.others > 0) printf("%zu rows are not in it, or with another size or number of threads.\n", sum.others);
  if (sum.lines == 0) {
    printf("There is nothing to compare.\n");
    return BENCH_COMPARED_NOTHING;
  }
  printf(
      "%zu of ppar's rows are slower, %zu are no longer measured, %zu cannot be judged (?: fewer than seven rounds).\n"
      "%zu were too disturbed to be judged (noisy). All slower alike, the peers too, is the machine. Parts of a\n"
      "CPU are compared with 0.1 %% added to both.\n",
      sum.slower, sum.lost, sum.unsure, sum.noisy);
  return sum.slower + sum.lost > 0 ? BENCH_COMPARED_SLOWER : BENCH_COMPARED;
}

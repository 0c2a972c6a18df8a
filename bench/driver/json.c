/* SPDX-License-Identifier: MIT */
/* json.c: the whole run as one JSON object, raw samples included. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/answers.h"
#include "driver/json.h"
#include "driver/report.h"

/* JSON has no NaN. */
static json_t *number(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static json_t *ratio_object(const bench_ratio *ratio) {
  json_t *object =
      json_pack("{s:I, s:o, s:o, s:o, s:b}", "rounds", (json_int_t)ratio->count, "median", number(ratio->median), "low",
                number(ratio->low), "high", number(ratio->high), "conclusive", ratio->conclusive);
  if (ratio->modes.two)
    json_object_set_new(object, "modes", json_pack("[o, o]", number(ratio->modes.low), number(ratio->modes.high)));
  return object;
}

static json_t *machine_object(const bench_machine *machine) {
  return json_pack("{s:s, s:s, s:i, s:o, s:o, s:o, s:o}", "processor", machine->processor, "system", machine->system,
                   "cpus", machine->cpus, "roundtrip_ns", number(machine->roundtrip_ns), "two_lines_ns",
                   number(machine->two_lines_ns), "others", number(machine->others), "stolen", number(machine->stolen));
}

static json_t *peers_array(const bench_report *report) {
  json_t *array = json_array();
  for (size_t p = 0; p < report->results->peer_count; p++) {
    const bench_peer *peer = &report->peers[p];
    json_array_append_new(
        array, json_pack("{s:s, s:s, s:b, s:b, s:s, s:s}", "name", peer->kind->name, "title", peer->kind->title,
                         "wanted", peer->wanted, "found", peer->found, "version", peer->version, "setting",
                         peer->kind->setting != NULL ? peer->kind->setting : ""));
  }
  return array;
}

static json_t *cell_object(const bench_report *report, const bench_row *row, size_t p) {
  const bench_cell *cell = &row->cells[p];
  bench_summary summary = bench_cell_summary(report->results, cell);
  size_t rounds = cell->outcome == BENCH_MEASURED ? report->results->rounds : 0;
  bench_ratio median = bench_median_of(cell->samples, rounds);
  json_t *samples = json_array(), *outliers = json_array(), *object;
  for (size_t round = 0; round < report->results->rounds; round++) {
    json_array_append_new(samples, number(cell->samples[round]));
    if (bench_is_outlier(cell->samples[round], cell->samples, rounds))
      json_array_append_new(outliers, json_integer((json_int_t)round));
  }
  object = json_pack("{s:s, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "outcome", bench_outcome_text(cell->outcome),
                     "median", number(summary.median), "low", number(median.low), "high", number(median.high),
                     "conclusive", median.conclusive, "lower_quartile", number(summary.lower_quartile),
                     "upper_quartile", number(summary.upper_quartile), "outliers", outliers, "samples", samples);
  if (median.modes.two)
    json_object_set_new(object, "modes", json_pack("[o, o]", number(median.modes.low), number(median.modes.high)));
  if (cell->note[0] != '\0') json_object_set_new(object, "found", json_string(cell->note));
  return object;
}

static json_t *row_object(const bench_report *report, const bench_row *row) {
  json_t *cells = json_object(), *object;
  size_t peer_count = report->results->peer_count, above = bench_peer_subject(report->peers, peer_count, row->suite);
  size_t below = bench_peer_rival(report->peers, report->results, row);
  const char *against = below < peer_count ? report->peers[below].kind->name : bench_row_against(row);
  const char *left_out = bench_row_left_out(report->results, row);
  for (size_t p = 0; p < report->results->peer_count; p++) {
    const char *name = report->peers[p].kind->name;
    const bench_cell *cell = &row->cells[p];
    if (cell->outcome != BENCH_UNTRIED && cell->outcome != BENCH_ABSENT)
      json_object_set_new(cells, name, cell_object(report, row, p));
  }
  object = json_pack("{s:s, s:s, s:I, s:i, s:s, s:s, s:o}", "suite", row->suite->name, "case", row->definition->name,
                     "n", (json_int_t)row->n, "threads", row->threads, "unit", bench_row_unit(row), "against", against,
                     "cells", cells);
  json_object_set_new(
      object, "machine",
      json_pack("{s:o, s:o, s:o, s:o}", "seconds", number(row->reading.seconds), "others", number(row->reading.others),
                "stolen", number(row->reading.stolen), "roundtrip_ns", number(row->reading.roundtrip_ns)));
  if (left_out != NULL) json_object_set_new(object, "left_out", json_string(left_out));
  json_object_set_new(object, "noisy", json_boolean(row->doubt != BENCH_BELIEVED));
  if (above < peer_count && below < peer_count) {
    bench_ratio ratio = bench_cells_ratio(report->results, &row->cells[above], &row->cells[below], 1);
    json_object_set_new(object, "ratio", ratio_object(&ratio));
    json_object_set_new(object, "verdict", json_string(bench_verdict(&ratio)));
  }
  return object;
}

static json_t *headlines_array(const bench_report *report) {
  bench_headline headlines[BENCH_HEADLINES_MAX];
  size_t count = bench_headlines_of(report->results, report->peers, report->machine, headlines);
  json_t *array = json_array();
  for (size_t k = 0; k < count; k++)
    json_array_append_new(
        array, json_pack("{s:s, s:f, s:o, s:s}", "name", headlines[k].name, "target", headlines[k].target, "ratio",
                         ratio_object(&headlines[k].ratio), "verdict", headlines[k].verdict));
  return array;
}

static json_t *answers_array(const bench_report *report) {
  static bench_answer_line lines[BENCH_ANSWERS_MAX];
  size_t count = bench_answers_of(report, lines);
  json_t *array = json_array();
  for (size_t k = 0; k < count; k++) {
    json_t *ratios = json_array();
    for (size_t p = 0; p < lines[k].part_count; p++) {
      json_t *part = ratio_object(&lines[k].parts[p].ratio);
      json_object_set_new(part, "of", json_string(lines[k].parts[p].what));
      json_object_set_new(part, "verdict", json_string(lines[k].parts[p].verdict));
      json_array_append_new(ratios, part);
    }
    json_array_append_new(array,
                          json_pack("{s:s, s:s, s:o}", "name", lines[k].name, "text", lines[k].text, "ratios", ratios));
  }
  return array;
}

json_t *bench_report_object(const bench_report *report) {
  const bench_results *results = report->results;
  char environment[512];
  char readings[512];
  json_t *rows = json_array(), *whole;
  bench_peer_environment_text(results->threads, environment, sizeof environment);
  bench_trust_readings(&report->trust, report->machine, readings, sizeof readings);
  for (size_t r = 0; r < results->row_count; r++) json_array_append_new(rows, row_object(report, &results->rows[r]));
  whole = json_pack("{s:s, s:b, s:b, s:i, s:I, s:I, s:s, s:o, s:o, s:o, s:o}", "ppar_bench", BENCH_VERSION, "quick",
                    report->quick, "interrupted", report->interrupted, "threads", results->threads, "rounds",
                    (json_int_t)results->rounds, "sample_ns", (json_int_t)report->sample_ns, "environment", environment,
                    "machine", machine_object(report->machine), "peers", peers_array(report), "rows", rows, "headline",
                    headlines_array(report));
  if (whole != NULL) json_object_set_new(whole, "answers", answers_array(report));
  if (whole != NULL) json_object_set_new(whole, "trust", json_string(readings));
  return whole;
}

bool bench_report_json(const bench_report *report) {
  json_t *whole = bench_report_object(report);
  bool written = whole != NULL && json_dumpf(whole, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0;
  json_decref(whole);
  return puts("") >= 0 && fflush(stdout) == 0 && written;
}

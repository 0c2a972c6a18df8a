/* SPDX-License-Identifier: MIT */
/* rounds.c: takes every sample, in the order that rounds.h describes. */
#include "driver/rounds.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/neighbour.h"
#include "driver/reading.h"

/* Results may differ by rounding, which depends on the order of additions; anything more is an error. */
#define CHECK_TOLERANCE 1e-6

/* A line that is broken cannot be written over. */
enum { PROGRESS_WIDTH = 79 };

typedef struct run {
  bench_results *results;
  bench_peer *peers;
  const bench_order *order;
  bench_pass pass;
  size_t before, all; /* rows of the pass: before this group, and in all */
  bench_peer *last;   /* who was measured last */
} run;

static void show(const run *r, const bench_row *row, size_t round) {
  char text[PROGRESS_WIDTH + 1];
  if (!r->order->show_progress) return;
  snprintf(text, sizeof text, "%s: group from row %zu of %zu, round %zu of %zu: %s: %s",
           r->pass == BENCH_EARLY ? "for the answers" : "for the tables", r->before + 1, r->all, round + 1,
           r->results->rounds, row->suite->name, row->definition->name);
  fprintf(stderr, "\r\033[K%s", text);
}

static bench_request request_for(const run *r, const bench_row *row, const bench_peer *peer) {
  const bench_case *definition = row->definition;
  bool own = definition->ppar_kernel != NULL && bench_peer_is_ppar(peer->kind);
  bench_request request = {.n = row->n,
                           .outer = definition->outer,
                           .threads = definition->threads != 0 ? row->threads : 0,
                           .sample_ns = row->sample_ns != 0 ? row->sample_ns : r->order->sample_ns};
  snprintf(request.kernel, sizeof request.kernel, "%s", own ? definition->ppar_kernel : definition->kernel);
  snprintf(request.schedule, sizeof request.schedule, "%s",
           definition->schedule != NULL ? definition->schedule : "default");
  return request;
}

/* The rows behind that show further figures of this one's answer have their samples from it, or are absent with it. */
static void take_figures(const run *r, bench_row *row, size_t p, size_t round, const bench_answer *answer) {
  const bench_row *end = r->results->rows + r->results->row_count;
  for (bench_row *next = row + 1; next < end && next->definition->figure > 0; next++) {
    bool given = row->cells[p].outcome == BENCH_MEASURED && next->definition->figure <= answer->figure_count;
    snprintf(next->cells[p].why, sizeof next->cells[p].why, "%s", row->cells[p].why);
    next->cells[p].outcome = given ? BENCH_MEASURED : BENCH_ABSENT;
    if (given) next->cells[p].samples[round] = answer->figures[next->definition->figure - 1];
  }
}

static void take(run *r, bench_row *row, size_t p, size_t round) {
  bench_peer *peer = &r->peers[p];
  bench_cell *cell = &row->cells[p];
  bench_request request;
  bench_answer answer = {.figure_count = 0};
  bench_outcome outcome;
  bool failed = cell->outcome != BENCH_UNTRIED && cell->outcome != BENCH_MEASURED;
  if (failed || bench_peer_sits_out(peer, row) || round >= row->rounds || row->definition->figure > 0) return;
  if (cell->outcome == BENCH_MEASURED && bench_peer_is_given_up(peer))
    return; /* other rows' failures are not this one's */
  if (r->last != NULL && r->last != peer) bench_peer_rest(r->last);
  r->last = peer;
  show(r, row, round);
  request = request_for(r, row, peer);
  outcome = bench_neighbour_sample(peer, row->definition->beside, &request, &answer);
  if (outcome == BENCH_UNTRIED) return; /* interrupted: earlier rounds stand */
  cell->outcome = outcome;
  if (outcome == BENCH_ABSENT) {
    snprintf(cell->why, sizeof cell->why, "%s", answer.why);
    take_figures(r, row, p, round, &answer);
  }
  if (outcome != BENCH_MEASURED) return;
  cell->samples[round] = row->definition->unit == BENCH_PER_ITERATION ? answer.ns / (double)row->n : answer.ns;
  cell->check = answer.check;
  take_figures(r, row, p, round, &answer);
  snprintf(cell->note, sizeof cell->note, "%s", answer.note);
}

static bool agree(double a, double b) { return fabs(a - b) <= CHECK_TOLERANCE * fmax(1, fmax(fabs(a), fabs(b))); }

/* A peer that computes something else is not a comparison: the first peer that has the row says what is right. */
static void compare_checks(const run *r, bench_row *row) {
  const bench_cell *first = NULL;
  for (size_t p = 0; p < r->results->peer_count; p++) {
    bench_cell *cell = &row->cells[p];
    if (cell->outcome != BENCH_MEASURED) continue;
    if (first == NULL) {
      first = cell;
    } else if (!agree(cell->check, first->check)) {
      cell->outcome = BENCH_DIFFERS;
    }
  }
}

/* A peer takes all rows of the group in its turn: its threads come to rest once, not after each. */
static void run_group(run *r, bench_row *rows, size_t count) {
  size_t peers = r->results->peer_count, entries = count * peers;
  bench_reading reading = {.seconds = 0};
  bench_usage start;
  if (r->last != NULL) bench_peer_rest(r->last); /* its threads may still spin */
  start = bench_reading_begin(r->results, r->peers, &reading);
  for (size_t round = 0; round < r->results->rounds; round++) {
    for (size_t e = 0; e < entries && !bench_interrupted; e++) {
      size_t entry = round % 2 == 0 ? e : entries - 1 - e;
      if (r->order->renew && e % count == 0) bench_peer_stop(&r->peers[entry / count]);
      take(r, &rows[entry % count], entry / count, round);
    }
  }
  if (r->last != NULL) bench_peer_rest(r->last);
  bench_reading_end(r->results, r->peers, &start, &reading);
  for (size_t k = 0; k < count; k++) {
    rows[k].reading = reading;
    compare_checks(r, &rows[k]);
  }
}

/* The rows from this one on that are measured together. */
static size_t group_of(const bench_results *results, size_t first, bench_pass *pass) {
  size_t count = 1;
  const bench_row *rows = &results->rows[first];
  *pass = rows->early ? BENCH_EARLY : BENCH_LATE;
  for (; first + count < results->row_count && bench_rows_share_rounds(rows, rows + count); count++)
    if (rows[count].early) *pass = BENCH_EARLY;
  return count;
}

void bench_rounds_run(bench_results *results, bench_peer *peers, const bench_order *order, bench_pass pass) {
  run r = {results, peers, order, pass, 0, 0, NULL};
  bench_pass its;
  for (size_t first = 0, count; first < results->row_count; first += count) {
    count = group_of(results, first, &its);
    if (its == pass) r.all += count;
  }
  for (size_t first = 0, count; first < results->row_count && !bench_interrupted; first += count) {
    count = group_of(results, first, &its);
    if (its != pass) continue;
    run_group(&r, &results->rows[first], count);
    r.before += count;
  }
  bench_neighbours_end();
  if (order->show_progress) fprintf(stderr, "\r\033[K");
}

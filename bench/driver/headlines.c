/* SPDX-License-Identifier: MIT */
/* headlines.c: each target is a ratio of two cells that were measured in the same rounds. */
#include "driver/headlines.h"

#include <math.h>
#include <string.h>

/* ppar's cell of a row, over the same row's cell of another peer or over ppar's own cell of another row. */
typedef struct target {
  const char *name;
  double limit;
  const char *suite, *row;
  const char *peer;      /* of the cell below; NULL: ppar */
  const char *other_row; /* of the cell below; NULL: the same */
} target;

static const target targets[] = {
    {"two-iteration loop, to OpenMP's", 0.25, "overhead", "empty, 2 iterations", "openmp", NULL},
    {"dynamic,1 per iteration, to OpenMP's", 0.1, "schedules", "dynamic,1", "openmp", NULL},
    {"guided,1 per iteration, to OpenMP's", 1, "schedules", "guided,1", "openmp", NULL},
    {"static per iteration, to OpenMP's", 1, "schedules", "static", "openmp", NULL},
    {"static,1 per iteration, to OpenMP's", 1, "schedules", "static,1", "openmp", NULL},
    {"integration2d, to OpenMP's", 1, "kernels", "integration2d", "openmp", NULL},
    {"dot of 10000, to OpenMP's", 1, "kernels", "dot, 10000", "openmp", NULL},
    {"dot in memory, to OpenMP's", 1, "kernels", "dot, in memory", "openmp", NULL},
    {"triad in memory, to OpenMP's", 1, "kernels", "triad, in memory", "openmp", NULL},
    {"PPAR_BODY at one thread (triad), to the serial loop", 1.02, "kernels", "triad, one thread", "serial", NULL},
    {"PPAR_FOLD at one thread (count), to the serial loop", 1.02, "kernels", "count, one thread", "serial", NULL},
    {"dgemm, n = 2048, to CBLAS's", 1.25, "kernels", "dgemm, n = 2048", "cblas", NULL},
    {"reproducible sum, to the plain one", 1.1, "reduction", "reproducible, in memory", NULL, "sum, in memory"},
};

#define TRIANGULAR_NAME "triangular, auto, to the best of serial / T and OpenMP's"
#define TRIANGULAR_LIMIT 1.03

static size_t peer_index(const bench_results *results, const bench_peer *peers, const char *name) {
  for (size_t p = 0; p < results->peer_count; p++)
    if (strcmp(peers[p].kind->name, name) == 0) return p;
  return 0;
}

/* "unsure" is neither: the interval holds the target, so another run may say otherwise. */
static bench_headline judge(const char *name, double limit, bench_ratio ratio) {
  bench_headline headline = {name, limit, ratio, "-"};
  if (ratio.count > 0) headline.verdict = ratio.median <= limit ? "met" : ratio.low <= limit ? "unsure" : "missed";
  return headline;
}

/* The better is chosen by medians, and the ratio then taken to that one: the least of each round would be
 * a winner by luck. */
static bench_ratio triangular_ratio(const bench_results *results, const bench_peer *peers, const bench_row *row) {
  size_t ppar = peer_index(results, peers, "ppar"), openmp = peer_index(results, peers, "openmp");
  const bench_cell *best = &row->cells[peer_index(results, peers, "serial")];
  double scale = results->threads, least = bench_cell_summary(results, best).median / scale;
  for (size_t r = 0; r < results->row_count; r++) {
    const bench_row *other = &results->rows[r];
    double median;
    if (!bench_rows_share_rounds(row, other)) continue;
    median = bench_cell_summary(results, &other->cells[openmp]).median;
    if (isnan(median) || median >= least) continue;
    best = &other->cells[openmp];
    least = median;
    scale = 1;
  }
  return bench_cells_ratio(results, &row->cells[ppar], best, scale);
}

size_t bench_headlines_of(const bench_results *results, const bench_peer *peers, bench_headline *out) {
  size_t count = 0, ppar = peer_index(results, peers, "ppar");
  const bench_row *row = bench_results_find(results, "kernels", "triangular, auto");
  for (size_t t = 0; t < sizeof targets / sizeof *targets; t++) {
    const target *wanted = &targets[t];
    const bench_row *above = bench_results_find(results, wanted->suite, wanted->row), *below = above;
    size_t peer = wanted->peer != NULL ? peer_index(results, peers, wanted->peer) : ppar;
    if (wanted->other_row != NULL) below = bench_results_find(results, wanted->suite, wanted->other_row);
    if (above == NULL || below == NULL) continue;
    out[count++] =
        judge(wanted->name, wanted->limit, bench_cells_ratio(results, &above->cells[ppar], &below->cells[peer], 1));
  }
  if (row != NULL) out[count++] = judge(TRIANGULAR_NAME, TRIANGULAR_LIMIT, triangular_ratio(results, peers, row));
  return count;
}

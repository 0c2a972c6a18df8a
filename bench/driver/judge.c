/* SPDX-License-Identifier: MIT */
/* judge.c: the better cell, a ratio, and what it says of a target. */
#include "driver/judge.h"

#include <math.h>

const bench_cell *bench_best_cell(const bench_results *results, const bench_peer *peers, const bench_row *row,
                                  const char *name) {
  const bench_cell *best = NULL;
  double least = INFINITY;
  for (size_t p = 0; p < results->peer_count; p++) {
    double median = bench_cell_summary(results, &row->cells[p]).median;
    if (!bench_peer_is(peers[p].kind, name) || !(median < least)) continue;
    best = &row->cells[p];
    least = median;
  }
  return best;
}

bench_ratio bench_ratio_to(const bench_results *results, const bench_cell *above, const bench_cell *below,
                           double scale) {
  return above != NULL && below != NULL ? bench_cells_ratio(results, above, below, scale) : (bench_ratio)BENCH_NO_RATIO;
}

/* By the median. "unsure" is neither: the interval holds the target, so another run may say otherwise. Of two modes
 * with the target between them the one that is the median is so by chance: "modes". */
const char *bench_headline_verdict(double limit, const bench_ratio *ratio) {
  bool sides = ratio->modes.two && ratio->modes.low <= limit && ratio->modes.high > limit;
  if (ratio->count == 0 || ratio->noisy || sides) return bench_verdict(ratio);
  if (ratio->median <= limit) return ratio->conclusive ? "met" : "met?";
  if (ratio->low <= limit) return "unsure";
  return ratio->conclusive ? "missed" : "missed?";
}

bench_headline bench_judge(const char *name, double limit, bench_ratio ratio) {
  return (bench_headline){name, limit, ratio, bench_headline_verdict(limit, &ratio)};
}

bench_ratio bench_fixed_ratio(const bench_results *results, const bench_cell *cell, double unit) {
  double units[BENCH_ROUNDS_MAX];
  bench_ratio ratio;
  for (size_t round = 0; round < results->rounds; round++) units[round] = unit;
  if (cell == NULL) return (bench_ratio)BENCH_NO_RATIO;
  ratio = bench_ratio_of(cell->samples, units, results->rounds, 1);
  ratio.noisy = cell->noisy;
  return ratio;
}

/* SPDX-License-Identifier: MIT */
/* 11_nested_solution.c: the pairs of n points, i < j: a triangle, so that neither loop alone is easy to divide; the
 * least distance of two points, by the outer loop alone, by both collapsed in a region, and in tiles. */
#include <math.h>
#include <stdio.h>

#include <ppar/ppar.h>

enum { POINTS = 6000, ROUNDS = 3 };

static double x[POINTS], y[POINTS];

static double distance(int64_t i, int64_t j) { return (x[i] - x[j]) * (x[i] - x[j]) + (y[i] - y[j]) * (y[i] - y[j]); }

/* --- The outer loop alone. Its first iterations are the long ones. */
PPAR_FOLD_GLOBAL(outer, double, least, i) {
  double mine = *least;
  for (int64_t j = i + 1; j < POINTS; j++) mine = distance(i, j) < mine ? distance(i, j) : mine;
  *least = mine;
}

/* --- Both loops as one, of all pairs: half of the iterations have nothing to do. */
static void collapsed(ppar_team *team, void *arg) {
  double mine = INFINITY;
  ppar_prange_2d(team, i, j, PPAR_BOUNDS(0, POINTS), PPAR_BOUNDS(0, POINTS), PPAR_OPTIONS(.nowait = true)) {
    if (j > i && distance(i, j) < mine) mine = distance(i, j);
  }
  PPAR_TEAM_REDUCE(team, mine, arg, &ppar_min_f64);
}

/* --- Tiles of 200 by 200 pairs; those below the diagonal end at once. */
/* [tiles] */
struct tiles {
  ppar_per_thread *least;
};
static void tile(const ppar_tile *box, void *arg) {
  const struct tiles *tiles = arg;
  double *least = ppar_per_thread_at(tiles->least, box->thread), mine = *least;
  if (box->dim[1].end <= box->dim[0].begin) return;
  for (int64_t i = box->dim[0].begin; i < box->dim[0].end; i++)
    for (int64_t j = box->dim[1].begin > i ? box->dim[1].begin : i + 1; j < box->dim[1].end; j++)
      mine = distance(i, j) < mine ? distance(i, j) : mine;
  *least = mine;
}
/* [/tiles] */

static double by_outer(ppar_schedule schedule) {
  double least = INFINITY;
  PPAR_REDUCE(0, POINTS, outer, NULL, PPAR_MIN(&least), &least, PPAR_OPTIONS(.schedule = schedule));
  return least;
}
static double by_static(void) { return by_outer(ppar_static(0)); }
static double by_auto(void) { return by_outer(ppar_auto()); }

static double by_collapsed(void) {
  double least = INFINITY;
  ppar_parallel(collapsed, &least, NULL);
  return least;
}

static double by_tiles(void) {
  struct tiles tiles;
  double least = INFINITY;
  if (ppar_per_thread_create(&tiles.least, 0, sizeof least, &least) != PPAR_OK) return NAN;
  ppar_parallel_for_2d(PPAR_BOUNDS(0, POINTS), PPAR_BOUNDS(0, POINTS), tile, &tiles, PPAR_OPTIONS(.tile = {200, 200}));
  ppar_per_thread_combine(tiles.least, &ppar_min_f64, &least);
  ppar_per_thread_free(tiles.least);
  return least;
}

int main(void) {
  static const struct {
    const char *name;
    double (*run)(void);
  } ways[] = {{"outer, static", by_static}, {"outer, auto", by_auto}, {"collapsed", by_collapsed}, {"tiles", by_tiles}};
  for (int i = 0; i < POINTS; i++) {
    x[i] = fmod(i * 0.6180339887498949, 1);
    y[i] = fmod(i * 0.7548776662466927, 1);
  }
  for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
    double least = 0, best = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      double begin = ppar_wtime();
      least = ways[way].run();
      best = fmin(best, (ppar_wtime() - begin) * 1e3);
    }
    printf("%-14s %6.1f ms, least distance %.9f\n", ways[way].name, best, sqrt(least));
  }
  return 0;
}

/* SPDX-License-Identifier: MIT */
/* headlines.c: each target is a ratio of two cells that were measured in the same rounds. */
#include "driver/headlines.h"

#include <math.h>
#include <string.h>

#include "driver/judge.h"
#include "driver/speedups.h"

/* ppar's cell of a row, over the same row's cell of another peer or over ppar's own cell of another row. */
typedef struct target {
  const char *name;
  double limit;
  const char *suite, *row;
  const char *peer;      /* of the cell below, or the family whose best is the cell below; NULL: ppar */
  const char *other_row; /* of the cell below; NULL: the same */
} target;

/* 0.95 of the one loop's speed, 0.6 of the passes', a third of the time, 0.9 of CBLAS's speed, rounded to the strict
 * side. */
#define FLAT_LIMIT 1.05
#define SCAN_LIMIT 1.66
#define CROWD_LIMIT 1.1
#define THIRD_LIMIT 0.333
#define DGEMM_LIMIT 1.11

/* The depth of a tree of 64 over that of one of 8: log 64 / log 8. */
#define DEPTH_LIMIT 2

/* A loop's caller, at 64 slots over 8. */
#define DEPTH_TARGET(end) \
  { end ", 64 slots, to 8 slots", DEPTH_LIMIT, "overhead", end ", 64 slots", NULL, end ", 8 slots" }

/* A batch that holds sleepers. */
#define ASLEEP_LIMIT 1.25
#define ASLEEP_ROW(where, count) where ", " count " threads"
#define ASLEEP_TARGET(where, count)                                                         \
  {"sleepers " where ", " count " threads, to libgomp's",                                   \
   ASLEEP_LIMIT,                                                                            \
   "asleep",                                                                                \
   ASLEEP_ROW(where, count),                                                                \
   "libgomp",                                                                               \
   NULL},                                                                                   \
  {                                                                                         \
    "sleepers " where ", " count " threads, by hand, to libgomp's", ASLEEP_LIMIT, "asleep", \
        ASLEEP_ROW(where, count) ", by hand", "libgomp", NULL                               \
  }

/* "OpenMP's" is the better of libgomp's and libomp's. */
static const target targets[] = {
    {"two-iteration loop, to libgomp's", 0.25, "overhead", "empty, 2 iterations", "libgomp", NULL},
    {"dynamic,1 per iteration, to libgomp's", 0.1, "schedules", "dynamic,1", "libgomp", NULL},
    {"dynamic,1 per iteration, to libomp's", 0.1, "schedules", "dynamic,1", "libomp", NULL},
    {"dynamic,1 per iteration, to pthreadpool's", THIRD_LIMIT, "schedules", "dynamic,1", "pthreadpool", NULL},
    {"dynamic,1 per item in 2-D, by hand, to 1-D", 1.5, "schedules", "dynamic,1, 2-D, by hand", NULL,
     "dynamic,1, by hand"},
    {"dynamic,1 per item in 2-D, by hand, to pthreadpool's", 1, "schedules", "dynamic,1, 2-D, by hand", "pthreadpool",
     NULL},
    {"guided,1 per iteration, to libgomp's", 1, "schedules", "guided,1", "libgomp", NULL},
    {"static per iteration, to libgomp's", 1, "schedules", "static", "libgomp", NULL},
    {"static,1 per iteration, to libgomp's", 1, "schedules", "static,1", "libgomp", NULL},
    {"integration2d, to OpenMP's", 1, "kernels", "integration2d", "openmp", NULL},
    {"dot of 10000, to OpenMP's", 1, "kernels", "dot, 10000", "openmp", NULL},
    {"triad of 10000, to OpenMP's", 1, "kernels", "triad, 10000", "openmp", NULL},
    {"scale in memory, to OpenMP's", 1, "kernels", "scale, in memory", "openmp", NULL},
    {"matmul, plain loops, to OpenMP's", 1, "kernels", "matmul, plain loops", "openmp", NULL},
    {"stencil of five points, to OpenMP's", 1, "kernels", "stencil, five points", "openmp", NULL},
    {"dot in memory, to OpenMP's", 1, "kernels", "dot, in memory", "openmp", NULL},
    {"triad in memory, to OpenMP's", 1, "kernels", "triad, in memory", "openmp", NULL},
    {"PPAR_BODY at one thread (triad), to the serial loop", 1.02, "kernels", "triad, one thread", "serial", NULL},
    {"PPAR_FOLD at one thread (count), to the serial loop", 1.02, "kernels", "count, one thread", "serial", NULL},
    {"dgemm, n = 1024, to CBLAS's", DGEMM_LIMIT, "kernels", "dgemm, n = 1024", "cblas", NULL},
    {"dgemm, n = 2048, to CBLAS's", DGEMM_LIMIT, "kernels", "dgemm, n = 2048", "cblas", NULL},
    {"reproducible sum, to the plain one", 1.05, "reduction", "reproducible, in memory", NULL, "sum, in memory"},
    {"two-iteration loop, to oneTBB's", 1, "overhead", "empty, 2 iterations", "tbb", NULL},
    {"nested, outer 2, to one loop", FLAT_LIMIT, "nested", "outer 2", NULL, "outer 2, as one loop"},
    {"nested, outer 3, to one loop", FLAT_LIMIT, "nested", "outer 3", NULL, "outer 3, as one loop"},
    {"nested, outer 4, to one loop", FLAT_LIMIT, "nested", "outer 4", NULL, "outer 4, as one loop"},
    {"nested, outer 8, to one loop", FLAT_LIMIT, "nested", "outer 8", NULL, "outer 8, as one loop"},
    {"nested, outer 16, to one loop", FLAT_LIMIT, "nested", "outer 16", NULL, "outer 16, as one loop"},
    {"nested, outer 64, to one loop", FLAT_LIMIT, "nested", "outer 64", NULL, "outer 64, as one loop"},
    {"nested, 2 x 1000 empty, to oneTBB's", 1, "nested", "2 x 1000 empty", "tbb", NULL},
    {"loops from 8 threads, to the same from 1", 1.1, "nested", "loops from 8 threads", NULL, "loops from 1 thread"},
    {"fib as tasks, to OpenMP's", 1, "tasks", "fib(30), (24) if quick", "openmp", NULL},
    {"fib as tasks, to oneTBB's", 1, "tasks", "fib(30), (24) if quick", "tbb", NULL},
    {"quicksort as tasks, to OpenMP's", 1, "tasks", "quicksort", "openmp", NULL},
    {"ppar_sort, to qsort", 1, "tasks", "sort", "serial", NULL},
    {"work on 4T threads, to T threads", CROWD_LIMIT, "overhead", "work, 4T threads", NULL, "work, T threads"},
    {"work on 8T threads, to T threads", CROWD_LIMIT, "overhead", "work, 8T threads", NULL, "work, T threads"},
    {"work on 8T threads, to OpenMP's", 1, "overhead", "work, 8T threads", "openmp", NULL},
    {"empty loop, 8T threads, to libgomp's", 0.25, "overhead", "empty, 8T threads", "libgomp", NULL},
    DEPTH_TARGET("to the first body"),
    DEPTH_TARGET("from the last body"),
    DEPTH_TARGET("sum: to the first body"),
    DEPTH_TARGET("sum: from the last body"),
    ASLEEP_TARGET("first", "2"),
    ASLEEP_TARGET("last", "2"),
    ASLEEP_TARGET("first", "8"),
    ASLEEP_TARGET("last", "8"),
    {"scan, to two passes at memory speed", SCAN_LIMIT, "tasks", "scan", NULL, "scan's two passes"},
};

/* Of the rows of the region suite with this kernel and so many times T threads, the one with the greatest ratio to the
 * peer's, or to the best of the family's. */
typedef struct region_target {
  const char *name;
  double limit;
  const char *kernel;
  int times;
  const char *peer;
} region_target;

#define REGION_TARGETS(text, which)                                                                                \
  {text ", to OpenMP's", 1, which, 1, "openmp"}, {text ", 2T threads, to libgomp's", 0.25, which, 2, "libgomp"}, { \
    text ", 4T threads, to libgomp's", 0.25, which, 4, "libgomp"                                                   \
  }

static const region_target region_targets[] = {
    REGION_TARGETS("barrier", "barrier"),
    REGION_TARGETS("single", "single"),
    REGION_TARGETS("single nowait", "single_nowait"),
    REGION_TARGETS("critical", "critical"),
    REGION_TARGETS("ordered", "ordered"),
    REGION_TARGETS("reduction in a region", "reduce"),
    REGION_TARGETS("prange, its worst row", "prange"),
    {"prange nowait, its worst row, to OpenMP's", 1, "prange_nowait", 1, "openmp"},
};

#define ROUNDTRIP_NAME "empty region, to a cache line's round trip"
#define ROUNDTRIP_LIMIT 1.2

/* auto, untouched, against work / T and the best schedule that a peer found by search. */
typedef struct imbalance_target {
  const char *name, *row;
} imbalance_target;

static const imbalance_target imbalance_targets[] = {
    {"rising, auto, to the best of work / T and searched", "rising"},
    {"falling, auto, to the best of work / T and searched", "falling"},
    {"random, auto, to the best of work / T and searched", "random"},
    {"power law, auto, to the best of work / T and searched", "power law"},
    {"one heavy, auto, to the best of work / T and searched", "one heavy"},
    {"Mandelbrot, auto, to the best of work / T and searched", "Mandelbrot"},
};
#define IMBALANCE_LIMIT 1.02

/* The best of other peers is chosen as bench_best_cell does, from all rows of the same work. */
static bench_ratio imbalance_ratio(const bench_results *results, const bench_peer *peers, const bench_machine *machine,
                                   const bench_row *row) {
  const bench_cell *best = bench_serial_cell(results, peers, row);
  double scale = bench_row_processors(row, machine), least;
  if (best == NULL) return (bench_ratio){.count = 0};
  least = bench_cell_summary(results, best).median / scale;
  for (size_t r = 0; r < results->row_count; r++) {
    const bench_row *other = &results->rows[r];
    if (!bench_rows_share_rounds(row, other) || strcmp(row->definition->kernel, other->definition->kernel) != 0)
      continue;
    for (size_t p = 0; p < results->peer_count; p++) {
      double median = bench_cell_summary(results, &other->cells[p]).median;
      if (bench_peer_is_ours(peers[p].kind) || !(median < least)) continue;
      best = &other->cells[p];
      least = median;
      scale = 1;
    }
  }
  return bench_ratio_to(results, bench_best_cell(results, peers, row, "ppar"), best, scale);
}

static size_t imbalance_headlines(const bench_results *results, const bench_peer *peers, const bench_machine *machine,
                                  bench_headline *out) {
  size_t count = 0;
  for (size_t t = 0; t < sizeof imbalance_targets / sizeof *imbalance_targets; t++) {
    const bench_row *row = bench_results_find(results, "imbalance", imbalance_targets[t].row);
    if (row == NULL) continue;
    out[count++] =
        bench_judge(imbalance_targets[t].name, IMBALANCE_LIMIT, imbalance_ratio(results, peers, machine, row));
  }
  return count;
}

static bench_ratio region_ratio(const bench_results *results, const bench_peer *peers, const region_target *wanted) {
  bench_ratio worst = BENCH_NO_RATIO;
  for (size_t r = 0; r < results->row_count; r++) {
    const bench_row *row = &results->rows[r];
    bench_ratio ratio;
    if (strcmp(row->suite->name, "region") != 0 || strcmp(row->definition->kernel, wanted->kernel) != 0 ||
        row->threads != wanted->times * results->threads)
      continue;
    ratio = bench_ratio_to(results, bench_best_cell(results, peers, row, "ppar"),
                           bench_best_cell(results, peers, row, wanted->peer), 1);
    if (ratio.count > 0 && (worst.count == 0 || ratio.median > worst.median)) worst = ratio;
  }
  return worst;
}

static size_t region_headlines(const bench_results *results, const bench_peer *peers, const bench_machine *machine,
                               bench_headline *out) {
  const bench_row *empty = bench_results_find(results, "region", "empty region");
  size_t count = 0;
  if (empty == NULL) return 0;
  if (machine->roundtrip_ns > 0) {
    const bench_cell *cell = bench_best_cell(results, peers, empty, "ppar");
    out[count++] =
        bench_judge(ROUNDTRIP_NAME, ROUNDTRIP_LIMIT, bench_fixed_ratio(results, cell, machine->roundtrip_ns));
  }
  for (size_t t = 0; t < sizeof region_targets / sizeof *region_targets; t++) {
    const region_target *wanted = &region_targets[t];
    out[count++] = bench_judge(wanted->name, wanted->limit, region_ratio(results, peers, wanted));
  }
  return count;
}

size_t bench_headlines_of(const bench_results *results, const bench_peer *peers, const bench_machine *machine,
                          bench_headline *out) {
  size_t count = 0;
  for (size_t t = 0; t < sizeof targets / sizeof *targets; t++) {
    const target *wanted = &targets[t];
    const bench_row *above = bench_results_find(results, wanted->suite, wanted->row), *below = above;
    const char *peer = wanted->peer != NULL ? wanted->peer : "ppar";
    if (wanted->other_row != NULL) below = bench_results_find(results, wanted->suite, wanted->other_row);
    if (above == NULL || below == NULL) continue;
    out[count++] = bench_judge(wanted->name, wanted->limit,
                               bench_ratio_to(results, bench_best_cell(results, peers, above, "ppar"),
                                              bench_best_cell(results, peers, below, peer), 1));
  }
  count += imbalance_headlines(results, peers, machine, out + count);
  count += region_headlines(results, peers, machine, out + count);
  count += bench_openmp_headlines(results, peers, machine, out + count);
  return count + bench_own_headlines(results, peers, machine, out + count);
}

/* SPDX-License-Identifier: MIT */
/* headlines.c: each target is a ratio of two cells that were measured in the same rounds. */
#include "driver/headlines.h"

#include <math.h>
#include <string.h>

#include "driver/grain.h"
#include "driver/neighbour.h"
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

/* ppar's cells of the neighbour suite over its own cell alone, times what fair shares leave. */
typedef struct neighbour_target {
  const char *name;
  double limit;
  const char *row;
} neighbour_target;

#define COMPANY_TARGETS(schedule)                                               \
  {schedule ": two programs, to fair halves", 1.05, schedule ", two programs"}, \
      {schedule ": one hog, to fair shares", 1.1, schedule ", one hog"}, {      \
    schedule ": quota, to the work / 1.5", 1.05, schedule ", quota"             \
  }

static const neighbour_target neighbour_targets[] = {
    {"two programs at once, to fair halves", 1.1, "two programs at once"},
    {"one hog beside, to fair shares", 1.1, "one hog beside"},
    {"quota of 1.5 CPUs, to the work / 1.5", 1.05, "quota of 1.5 CPUs"},
    COMPANY_TARGETS("auto"),
    COMPANY_TARGETS("static"),
    COMPANY_TARGETS("dynamic,64"),
    COMPANY_TARGETS("guided"),
    COMPANY_TARGETS("monotonic:dynamic,64"),
    {"4T threads, to T threads", 1.1, "alone, 4T threads"},
    {"8T threads, to T threads", 1.1, "alone, 8T threads"},
};

/* ppar's cells of the idle suite in a unit of their own. The wake-up and a spin of 100 us after the loop are not
 * burning over a second. */
typedef struct idle_target {
  const char *name;
  double limit;
  const char *row;
  double unit;
} idle_target;

/* The same of the overhead suite. */
#define POOL_OF_ONE_NAME "a call on a pool of one, in ns"
#define POOL_OF_ONE_LIMIT 25

static const idle_target idle_targets[] = {
    {"CPU burnt over 20 ms gaps, in % of one", 2, "20 ms: CPU burnt", 1},
    {"CPU burnt over 1 s gaps, in % of one", 0.02, "1 s: CPU burnt", 1},
    {"small loop after 20 ms, median, in us", 10, "20 ms: next loop", 1e3},
};

/* Of the row's cells of the peer or of the family, the one with the least median; NULL where none was measured. The
 * better of two is chosen by medians, and the ratio then taken to that one: the least of each round would be a winner
 * by luck. */
static const bench_cell *best_cell(const bench_results *results, const bench_peer *peers, const bench_row *row,
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

static bench_ratio ratio_to(const bench_results *results, const bench_cell *above, const bench_cell *below,
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

static bench_headline judge(const char *name, double limit, bench_ratio ratio) {
  return (bench_headline){name, limit, ratio, bench_headline_verdict(limit, &ratio)};
}

/* The best of other peers is chosen as best_cell does, from all rows of the same work. */
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
      if (bench_peer_is_ppar(peers[p].kind) || !(median < least)) continue;
      best = &other->cells[p];
      least = median;
      scale = 1;
    }
  }
  return ratio_to(results, best_cell(results, peers, row, "ppar"), best, scale);
}

static size_t imbalance_headlines(const bench_results *results, const bench_peer *peers, const bench_machine *machine,
                                  bench_headline *out) {
  size_t count = 0;
  for (size_t t = 0; t < sizeof imbalance_targets / sizeof *imbalance_targets; t++) {
    const bench_row *row = bench_results_find(results, "imbalance", imbalance_targets[t].row);
    if (row == NULL) continue;
    out[count++] = judge(imbalance_targets[t].name, IMBALANCE_LIMIT, imbalance_ratio(results, peers, machine, row));
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
    ratio = ratio_to(results, best_cell(results, peers, row, "ppar"), best_cell(results, peers, row, wanted->peer), 1);
    if (ratio.count > 0 && (worst.count == 0 || ratio.median > worst.median)) worst = ratio;
  }
  return worst;
}

/* To what is the same in all rounds, such as the machine's unit. */
static bench_ratio fixed_ratio(const bench_results *results, const bench_cell *cell, double unit) {
  double units[BENCH_ROUNDS_MAX];
  bench_ratio ratio;
  for (size_t round = 0; round < results->rounds; round++) units[round] = unit;
  if (cell == NULL) return (bench_ratio)BENCH_NO_RATIO;
  ratio = bench_ratio_of(cell->samples, units, results->rounds, 1);
  ratio.noisy = cell->noisy;
  return ratio;
}

static size_t neighbour_headlines(const bench_results *results, const bench_peer *peers, int cpus,
                                  bench_headline *out) {
  size_t count = 0;
  for (size_t t = 0; t < sizeof neighbour_targets / sizeof *neighbour_targets; t++) {
    const neighbour_target *wanted = &neighbour_targets[t];
    const bench_row *row = bench_results_find(results, "neighbour", wanted->row), *alone;
    double ideal;
    if (row == NULL) continue;
    alone = bench_neighbour_alone(results, row);
    ideal = bench_neighbour_ideal(row, results->threads, cpus);
    out[count++] = judge(
        wanted->name, wanted->limit,
        ratio_to(results, best_cell(results, peers, row, "ppar"), best_cell(results, peers, alone, "ppar"), 1 / ideal));
  }
  return count;
}

static size_t idle_headlines(const bench_results *results, const bench_peer *peers, bench_headline *out) {
  size_t count = 0;
  for (size_t t = 0; t < sizeof idle_targets / sizeof *idle_targets; t++) {
    const idle_target *wanted = &idle_targets[t];
    const bench_row *row = bench_results_find(results, "idle", wanted->row);
    if (row != NULL)
      out[count++] = judge(wanted->name, wanted->limit,
                           fixed_ratio(results, best_cell(results, peers, row, "ppar"), wanted->unit));
  }
  return count;
}

/* auto over the better of static and guided, by medians. */
static bench_ratio setup_ratio(const bench_results *results, const bench_peer *peers, const bench_row *row) {
  const bench_cell *best = NULL;
  double least = INFINITY;
  for (size_t r = 0; r < results->row_count; r++) {
    const bench_row *other = &results->rows[r];
    const bench_cell *cell;
    if (other == row || !bench_rows_share_rounds(other, row) || other->definition->outer != row->definition->outer)
      continue;
    cell = best_cell(results, peers, other, "ppar");
    if (cell == NULL || !(bench_cell_summary(results, cell).median < least)) continue;
    best = cell;
    least = bench_cell_summary(results, cell).median;
  }
  return ratio_to(results, best_cell(results, peers, row, "ppar"), best, 1);
}

static const char *const setup_names[][2] = {
    {"0 us a call, auto", "auto, set-up of 0 us, to static's and guided's better"},
    {"1 us a call, auto", "auto, set-up of 1 us, to static's and guided's better"},
    {"5 us a call, auto", "auto, set-up of 5 us, to static's and guided's better"},
    {"10 us a call, auto", "auto, set-up of 10 us, to static's and guided's better"},
    {"100 us a call, auto", "auto, set-up of 100 us, to static's and guided's better"},
};
#define SETUP_LIMIT 1.1

static size_t setup_headlines(const bench_results *results, const bench_peer *peers, bench_headline *out) {
  size_t count = 0;
  for (size_t k = 0; k < sizeof setup_names / sizeof *setup_names; k++) {
    const bench_row *row = bench_results_find(results, "setup", setup_names[k][0]);
    if (row != NULL) out[count++] = judge(setup_names[k][1], SETUP_LIMIT, setup_ratio(results, peers, row));
  }
  return count;
}

/* Of each body's curve the point that is farthest above its bound. */
typedef struct grain_target {
  const char *name, *kernel;
  bool first;
} grain_target;

static const grain_target grain_targets[] = {
    {"auto, streaming, its worst size, to the bound", "grain_stream", false},
    {"auto, streaming, first calls, its worst size", "grain_stream", true},
    {"auto, computing, its worst size, to the bound", "grain_compute", false},
    {"auto, computing, first calls, its worst size", "grain_compute", true},
};

static size_t grain_headlines(const bench_results *results, const bench_peer *peers, bench_headline *out) {
  size_t count = 0;
  for (size_t t = 0; t < sizeof grain_targets / sizeof *grain_targets; t++) {
    bench_ratio ratio = bench_grain_worst(results, peers, grain_targets[t].kernel, grain_targets[t].first);
    if (ratio.count > 0) out[count++] = judge(grain_targets[t].name, 1, ratio);
  }
  return count;
}

static size_t overhead_headlines(const bench_results *results, const bench_peer *peers, bench_headline *out) {
  const bench_row *row = bench_results_find(results, "overhead", "a pool of one, 1 iteration");
  if (row == NULL) return 0;
  *out = judge(POOL_OF_ONE_NAME, POOL_OF_ONE_LIMIT, fixed_ratio(results, best_cell(results, peers, row, "ppar"), 1));
  return 1;
}

static size_t region_headlines(const bench_results *results, const bench_peer *peers, const bench_machine *machine,
                               bench_headline *out) {
  const bench_row *empty = bench_results_find(results, "region", "empty region");
  size_t count = 0;
  if (empty == NULL) return 0;
  if (machine->roundtrip_ns > 0) {
    const bench_cell *cell = best_cell(results, peers, empty, "ppar");
    out[count++] = judge(ROUNDTRIP_NAME, ROUNDTRIP_LIMIT, fixed_ratio(results, cell, machine->roundtrip_ns));
  }
  for (size_t t = 0; t < sizeof region_targets / sizeof *region_targets; t++) {
    const region_target *wanted = &region_targets[t];
    out[count++] = judge(wanted->name, wanted->limit, region_ratio(results, peers, wanted));
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
    out[count++] =
        judge(wanted->name, wanted->limit,
              ratio_to(results, best_cell(results, peers, above, "ppar"), best_cell(results, peers, below, peer), 1));
  }
  count += overhead_headlines(results, peers, out + count);
  count += imbalance_headlines(results, peers, machine, out + count);
  count += region_headlines(results, peers, machine, out + count);
  count += neighbour_headlines(results, peers, machine->cpus, out + count);
  count += idle_headlines(results, peers, out + count);
  count += grain_headlines(results, peers, out + count);
  count += setup_headlines(results, peers, out + count);
  return count;
}

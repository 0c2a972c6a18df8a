/* SPDX-License-Identifier: MIT */
/* headlines_own.c: what ppar takes beside others, while idle, on a pool of one, at any length of a loop and with a
 * set-up in each call, held against itself or a figure. */
#include <math.h>
#include <string.h>

#include "driver/grain.h"
#include "driver/judge.h"
#include "driver/neighbour.h"

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

/* ppar's cells of the idle suite over what they may be. The wake-up and a spin of 100 us after the loop are not
 * burning over a second. */
typedef struct idle_target {
  const char *name, *row;
  double most;
} idle_target;

/* The same of the overhead suite. */
#define POOL_OF_ONE_NAME "a call on a pool of one, to 25 ns"
#define POOL_OF_ONE_NS 25

static const idle_target idle_targets[] = {
    {"CPU burnt over 20 ms gaps, to 2 % of one", "20 ms: CPU burnt", 2},
    {"CPU burnt over 1 s gaps, to 0.02 % of one", "1 s: CPU burnt", 0.02},
    {"small loop after 20 ms, median, to 10 us", "20 ms: next loop", 1e4},
};

static size_t neighbour_headlines(const bench_results *results, const bench_peer *peers, int cpus,
                                  bench_headline *out) {
  size_t count = 0;
  for (size_t t = 0; t < sizeof neighbour_targets / sizeof *neighbour_targets; t++) {
    const neighbour_target *wanted = &neighbour_targets[t];
    const bench_row *row = bench_results_find(results, "neighbour", wanted->row), *alone;
    double ideal;
    alone = row != NULL ? bench_neighbour_alone(results, row) : NULL;
    if (alone == NULL) continue;
    ideal = bench_neighbour_ideal(row, results->threads, cpus);
    out[count++] = bench_judge(wanted->name, wanted->limit,
                               bench_ratio_to(results, bench_best_cell(results, peers, row, "ppar"),
                                              bench_best_cell(results, peers, alone, "ppar"), 1 / ideal));
  }
  return count;
}

static size_t idle_headlines(const bench_results *results, const bench_peer *peers, bench_headline *out) {
  size_t count = 0;
  for (size_t t = 0; t < sizeof idle_targets / sizeof *idle_targets; t++) {
    const idle_target *wanted = &idle_targets[t];
    const bench_row *row = bench_results_find(results, "idle", wanted->row);
    if (row != NULL)
      out[count++] = bench_judge(
          wanted->name, 1, bench_fixed_ratio(results, bench_best_cell(results, peers, row, "ppar"), wanted->most));
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
    cell = bench_best_cell(results, peers, other, "ppar");
    if (cell == NULL || !(bench_cell_summary(results, cell).median < least)) continue;
    best = cell;
    least = bench_cell_summary(results, cell).median;
  }
  return bench_ratio_to(results, bench_best_cell(results, peers, row, "ppar"), best, 1);
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
    if (row != NULL) out[count++] = bench_judge(setup_names[k][1], SETUP_LIMIT, setup_ratio(results, peers, row));
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
    if (ratio.count > 0) out[count++] = bench_judge(grain_targets[t].name, 1, ratio);
  }
  return count;
}

static size_t overhead_headlines(const bench_results *results, const bench_peer *peers, bench_headline *out) {
  const bench_row *row = bench_results_find(results, "overhead", "a pool of one, 1 iteration");
  if (row == NULL) return 0;
  *out = bench_judge(POOL_OF_ONE_NAME, 1,
                     bench_fixed_ratio(results, bench_best_cell(results, peers, row, "ppar"), POOL_OF_ONE_NS));
  return 1;
}

size_t bench_own_headlines(const bench_results *results, const bench_peer *peers, const bench_machine *machine,
                           bench_headline *out) {
  size_t count = overhead_headlines(results, peers, out);
  count += neighbour_headlines(results, peers, machine->cpus, out + count);
  count += idle_headlines(results, peers, out + count);
  count += grain_headlines(results, peers, out + count);
  count += setup_headlines(results, peers, out + count);
  return count;
}

/* SPDX-License-Identifier: MIT */
/* headlines_openmp.c: OpenMP's program on ppar, held against the same on gcc's and LLVM's runtimes, or against itself
 * alone: of the rows that a target is about, the one with the greatest ratio. */
#include <math.h>
#include <string.h>

#include "driver/judge.h"
#include "driver/neighbour.h"

typedef struct openmp_target {
  const char *name;
  double limit;
  const char *suite;
  const char *begins; /* the rows' names begin so; "": all */
  int times;          /* rows of so many times T threads */
  bench_beside beside;
  const char *peer; /* of the cell below, or the family whose better is the cell below */
} openmp_target;

static const openmp_target openmp_targets[] = {
    {"OpenMP's constructs, the worst row, to the better", 1, "openmp", "", 1, BENCH_BESIDE_NOTHING, "openmp"},
    {"OpenMP's for dynamic,1, to libgomp's", 0.2, "openmp", "for dynamic,1", 1, BENCH_BESIDE_NOTHING, "libgomp"},
    {"OpenMP's constructs, 2T, the worst row, to libgomp's", 0.25, "openmp", "", 2, BENCH_BESIDE_NOTHING, "libgomp"},
    {"OpenMP's constructs, 4T, the worst row, to libgomp's", 0.25, "openmp", "", 4, BENCH_BESIDE_NOTHING, "libgomp"},
    {"OpenMP's nested regions, the worst row, to libgomp's", 0.1, "openmp", "nested", 1, BENCH_BESIDE_NOTHING,
     "libgomp"},
    {"OpenMP's tasks, the worst row, to the better", 1, "openmp-tasks", "", 1, BENCH_BESIDE_NOTHING, "openmp"},
    {"OpenMP's tasks, 2T, the worst row, to libgomp's", 0.25, "openmp-tasks", "", 2, BENCH_BESIDE_NOTHING, "libgomp"},
    {"OpenMP's tasks, 4T, the worst row, to libgomp's", 0.25, "openmp-tasks", "", 4, BENCH_BESIDE_NOTHING, "libgomp"},
    {"fib of OpenMP's tasks, to libgomp's", 0.5, "openmp-programs", "fib", 1, BENCH_BESIDE_NOTHING, "libgomp"},
    {"queens of OpenMP's tasks, to libgomp's", 0.5, "openmp-programs", "queens", 1, BENCH_BESIDE_NOTHING, "libgomp"},
    {"OpenMP's programs, the worst row, to the better", 1, "openmp-programs", "", 1, BENCH_BESIDE_NOTHING, "openmp"},
    {"OpenMP's programs, two at once, to the better", 1, "openmp-programs", "", 1, BENCH_BESIDE_TWIN, "openmp"},
    {"packages on OpenMP, the worst row, to libgomp's", 1, "openmp-packages", "", 1, BENCH_BESIDE_NOTHING, "libgomp"},
};

static bench_ratio worse_of(bench_ratio worst, bench_ratio ratio) {
  return ratio.count > 0 && (worst.count == 0 || ratio.median > worst.median) ? ratio : worst;
}

static bool is_about(const bench_results *results, const openmp_target *wanted, const bench_row *row) {
  return strcmp(row->suite->name, wanted->suite) == 0 && row->threads == wanted->times * results->threads &&
         row->definition->beside == wanted->beside &&
         strncmp(row->definition->name, wanted->begins, strlen(wanted->begins)) == 0;
}

/* A second program like it beside a solver: what the same takes alone, times what fair shares leave. */
#define FAIR_NAME "OpenMP's programs, two at once, the worst row, to fair halves"
#define FAIR_LIMIT 1.15

static size_t fair_headline(const bench_results *results, const bench_peer *peers, int cpus, bench_headline *out) {
  bench_ratio worst = BENCH_NO_RATIO;
  bool any = false;
  for (size_t r = 0; r < results->row_count; r++) {
    const bench_row *row = &results->rows[r], *alone;
    bench_ratio ratio;
    if (row->definition->beside != BENCH_BESIDE_TWIN || strcmp(row->suite->name, "openmp-programs") != 0) continue;
    alone = bench_neighbour_alone(results, row);
    if (alone == NULL) continue;
    any = true;
    ratio = bench_ratio_to(results, bench_best_cell(results, peers, row, BENCH_PEER_GOMP),
                           bench_best_cell(results, peers, alone, BENCH_PEER_GOMP),
                           1 / bench_neighbour_ideal(row, results->threads, cpus));
    worst = worse_of(worst, ratio);
  }
  if (any) *out = bench_judge(FAIR_NAME, FAIR_LIMIT, worst);
  return any;
}

size_t bench_openmp_headlines(const bench_results *results, const bench_peer *peers, const bench_machine *machine,
                              bench_headline *out) {
  size_t count = 0;
  for (size_t t = 0; t < sizeof openmp_targets / sizeof *openmp_targets; t++) {
    const openmp_target *wanted = &openmp_targets[t];
    bench_ratio worst = BENCH_NO_RATIO;
    bool any = false;
    for (size_t r = 0; r < results->row_count; r++) {
      const bench_row *row = &results->rows[r];
      bench_ratio ratio;
      if (!is_about(results, wanted, row)) continue;
      any = true;
      ratio = bench_ratio_to(results, bench_best_cell(results, peers, row, BENCH_PEER_GOMP),
                             bench_best_cell(results, peers, row, wanted->peer), 1);
      worst = worse_of(worst, ratio);
    }
    if (any) out[count++] = bench_judge(wanted->name, wanted->limit, worst);
  }
  return count + fair_headline(results, peers, machine->cpus, out + count);
}

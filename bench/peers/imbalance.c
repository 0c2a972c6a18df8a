/* SPDX-License-Identifier: MIT */
/* imbalance.c: the iterations that differ, and the search for the schedule that suits them best. */
#include "peers/imbalance.h"

#include <math.h>
#include <stdlib.h>

#include "peers/times.h"

/* The average, in units of bench_work. */
#define UNITS 300

/* 0 ... 1 without a pattern that a chunk could meet. */
static double fraction_of(int64_t i) {
  uint64_t mixed = ((uint64_t)i + 1) * UINT64_C(0x9E3779B97F4A7C15);
  mixed ^= mixed >> 32;
  mixed *= UINT64_C(0xD6E8FEB86659FD93);
  mixed ^= mixed >> 32;
  return (double)(mixed >> 11) * 0x1p-53;
}

void bench_rising(int64_t i, int64_t n) { bench_keep(bench_work(2 * UNITS * i / n)); }
void bench_falling(int64_t i, int64_t n) { bench_rising(n - 1 - i, n); }

void bench_random(int64_t i, int64_t n) {
  (void)n;
  bench_keep(bench_work((int64_t)(2 * UNITS * fraction_of(i))));
}

/* With the exponent 1.5 the average is three times the least. */
void bench_power_law(int64_t i, int64_t n) {
  double units = UNITS / 3.0 * pow(1 - fraction_of(i), -1 / 1.5);
  (void)n;
  bench_keep(bench_work((int64_t)fmin(units, 100 * UNITS)));
}

void bench_one_heavy(int64_t i, int64_t n) { bench_keep(bench_work(i == n / 3 ? UNITS * n / 7 : UNITS)); }

/* Sixteen points a row: most of the time is spent on the set's own, a third of the rows having none. */
enum { ROW_POINTS = 16, ESCAPE_STEPS = 100 };

void bench_mandelbrot(int64_t i, int64_t n) {
  double y = 3.0 * (double)i / (double)n - 1.5;
  uint64_t steps = 0;
  for (int p = 0; p < ROW_POINTS; p++) {
    double x = 3.0 * p / ROW_POINTS - 2, re = 0, im = 0;
    for (int s = 0; s < ESCAPE_STEPS && re * re + im * im < 4; s++, steps++) {
      double next = re * re - im * im + x;
      im = 2 * re * im + y;
      re = next;
    }
  }
  bench_keep(steps);
}

/* A median of so many runs, taken in turns, decides between two candidates; of long loops it is fewer. */
enum { SEARCH_PASSES = 5, FOUND_MAX = 32 };
#define SEARCH_NS 5e8

typedef struct trial {
  const bench_candidate *candidate;
  double ns[SEARCH_PASSES];
  double median; /* once the passes are over */
} trial;

typedef struct found {
  bench_iteration *iteration;
  int64_t n;
  int threads;
  const bench_candidate *best;
} found;

static int by_median(const void *left, const void *right) {
  const trial *a = left, *b = right;
  return bench_by_value(&a->median, &b->median);
}

/* The slower half leaves until one is left, so those that are close are compared most often. */
static const bench_candidate *search(bench_job *job, bench_iteration *iteration, const bench_candidate *candidates,
                                     size_t count) {
  trial trials[BENCH_CANDIDATES_MAX];
  for (size_t k = 0; k < count; k++) trials[k].candidate = &candidates[k];
  for (; count > 1; count = (count + 1) / 2) {
    double began = bench_now_ns();
    int passes = 0;
    for (; passes < SEARCH_PASSES && (passes == 0 || bench_now_ns() - began < SEARCH_NS); passes++) {
      for (size_t k = 0; k < count; k++) {
        double start = bench_now_ns();
        trials[k].candidate->run(job, iteration);
        trials[k].ns[passes] = bench_now_ns() - start;
      }
    }
    for (size_t k = 0; k < count; k++) {
      bench_sort(trials[k].ns, (size_t)passes);
      trials[k].median = trials[k].ns[passes / 2];
    }
    qsort(trials, count, sizeof *trials, by_median);
  }
  return trials[0].candidate;
}

void bench_run_best(bench_job *job, bench_iteration *iteration, const bench_candidate *candidates, size_t count) {
  static found known[FOUND_MAX];
  static size_t known_count;
  found *place = known;
  while (place < known + known_count &&
         (place->iteration != iteration || place->n != job->n || place->threads != job->threads))
    place++;
  if (place == known + known_count) {
    if (known_count < FOUND_MAX) known_count++;
    if (place == known + FOUND_MAX) place--;
    *place = (found){iteration, job->n, job->threads, search(job, iteration, candidates, count)};
  }
  job->note = place->best->name;
  place->best->run(job, iteration);
}

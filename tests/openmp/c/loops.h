// SPDX-License-Identifier: MIT
// loops.h: loops of one type of counter by every schedule, in teams, over ranges of all kinds. loops_int.c and its
// neighbours define COUNTER (the type), LOWEST and HIGHEST, and include this once. Every iteration runs exactly once,
// and nothing else does.
#include <stdbool.h>
#include <string.h>

#include "program.h"

typedef struct {
  COUNTER start, end, step;  // step is the distance; downward loops subtract it
  int down;
  unsigned long long expected;  // iterations
} range;

enum { MOST_ITERATIONS = 4096 };

static unsigned char times[MOST_ITERATIONS];

static void mark(const range *r, COUNTER i) {
  unsigned long long distance = r->down ? (unsigned long long)r->start - (unsigned long long)i
                                        : (unsigned long long)i - (unsigned long long)r->start;
  unsigned long long step = (unsigned long long)r->step;
  EXPECT_EQ(distance % step, 0);
  EXPECT(distance / step < r->expected);
  if (distance / step < MOST_ITERATIONS) __atomic_add_fetch(&times[distance / step], 1, __ATOMIC_RELAXED);
}

#define PRAGMA(text) _Pragma(#text)

// One loop construct, upward and downward, bound to the region that calls it.
#define LOOP(name, ...)                                          \
  static void name(const range *r) {                             \
    COUNTER end = r->end, step = r->step;                        \
    if (!r->down) {                                              \
      PRAGMA(omp for __VA_ARGS__)                                \
      for (COUNTER i = r->start; i < end; i += step) mark(r, i); \
    } else {                                                     \
      PRAGMA(omp for __VA_ARGS__)                                \
      for (COUNTER i = r->start; i > end; i -= step) mark(r, i); \
    }                                                            \
  }

LOOP(by_default, )
LOOP(by_static, schedule(static))
LOOP(by_static_1, schedule(static, 1))
LOOP(by_static_7, schedule(monotonic : static, 7))
LOOP(by_dynamic, schedule(dynamic))
LOOP(by_dynamic_7, schedule(dynamic, 7))
LOOP(by_monotonic, schedule(monotonic : dynamic, 3))
LOOP(by_nonmonotonic, schedule(nonmonotonic : dynamic, 2))
LOOP(by_guided, schedule(guided))
LOOP(by_guided_5, schedule(monotonic : guided, 5))
LOOP(by_nonmonotonic_guided, schedule(nonmonotonic : guided, 2))
LOOP(by_auto, schedule(auto))
LOOP(by_runtime, schedule(runtime))
LOOP(by_monotonic_runtime, schedule(monotonic : runtime))
LOOP(by_nonmonotonic_runtime, schedule(nonmonotonic : runtime))
LOOP(by_ordered_static, ordered schedule(static))
LOOP(by_ordered_dynamic, ordered schedule(dynamic, 2))
LOOP(by_ordered_guided, ordered schedule(guided))
LOOP(by_ordered_runtime, ordered schedule(runtime))

typedef void (*loop)(const range *);

static const loop all_loops[] = {
    by_default,
    by_static,
    by_static_1,
    by_static_7,
    by_dynamic,
    by_dynamic_7,
    by_monotonic,
    by_nonmonotonic,
    by_guided,
    by_guided_5,
    by_nonmonotonic_guided,
    by_auto,
    by_ordered_static,
    by_ordered_dynamic,
    by_ordered_guided,
};
static const loop runtime_loops[] = {by_runtime, by_monotonic_runtime, by_nonmonotonic_runtime, by_ordered_runtime};

#define UP(start, end, step, expected) \
  { (start), (end), (step), 0, (expected) }
#define DOWN(start, end, step, expected) \
  { (start), (end), (step), 1, (expected) }

// One step beyond the last iteration is within the type, as the serial loop needs it.
static const range all_ranges[] = {
    UP(0, 0, 1, 0),
    UP(5, 3, 1, 0),
    UP(7, 8, 1, 1),
    UP(0, 1000, 1, 1000),
    UP(3, 100, 7, 14),
    UP(0, 5, 1000, 1),
    UP(HIGHEST - 100, HIGHEST - 9, 9, 11),
    UP(HIGHEST - 300, HIGHEST - 1, 1, 299),
    UP(LOWEST, LOWEST + 100, 1, 100),
    UP(0, HIGHEST / 20 * 10, HIGHEST / 20, 10),
    DOWN(100, 0, 1, 100),
    DOWN(100, 100, 1, 0),
    DOWN(3, 5, 2, 0),
    DOWN(109, 1, 9, 12),
    DOWN(LOWEST + 300, LOWEST + 1, 1, 299),
    DOWN(HIGHEST - 1, HIGHEST - 250, 3, 83),
    DOWN(HIGHEST / 20 * 19, HIGHEST / 20 * 10, HIGHEST / 20, 9),
};
enum { ALL_RANGES = sizeof all_ranges / sizeof *all_ranges };

// GCC 12 makes of a downward loop with a counter that is unsigned int, and a schedule that it leaves to the library,
// one that has no iterations.
static bool is_miscompiled(const range *r) { return r->down && sizeof(COUNTER) == 4 && (COUNTER)-1 > 0; }

static void expect_once(const range *r) {
  for (unsigned long long i = 0; i < r->expected; i++) EXPECT_EQ(times[i], 1);
  memset(times, 0, sizeof times);
}

static void run_all(const loop *loops, size_t loops_there, int step) {
  for (int r = 0; r < ALL_RANGES; r += step) {
    if (is_miscompiled(&all_ranges[r])) continue;
    for (size_t l = 0; l < loops_there; l++) {
#pragma omp parallel
      loops[l](&all_ranges[r]);
      expect_once(&all_ranges[r]);
    }
  }
}

// Outside any region a loop is the one thread's.
static void run_alone(void) {
  for (int r = 0; r < ALL_RANGES; r++) {
    if (is_miscompiled(&all_ranges[r])) continue;
    for (size_t l = 0; l < sizeof all_loops / sizeof *all_loops; l++) {
      all_loops[l](&all_ranges[r]);
      expect_once(&all_ranges[r]);
    }
    for (size_t l = 0; l < sizeof runtime_loops / sizeof *runtime_loops; l++) {
      runtime_loops[l](&all_ranges[r]);
      expect_once(&all_ranges[r]);
    }
  }
}

static void run_by_runtime(void) {
  static const omp_sched_t kinds[] = {omp_sched_static, omp_sched_dynamic, omp_sched_guided, omp_sched_auto};
  static const int chunks[] = {0, 1, 6};
  for (int k = 0; k < 4; k++) {
    for (int c = 0; c < 3; c++) {
      omp_set_schedule(kinds[k], chunks[c]);
      run_all(runtime_loops, sizeof runtime_loops / sizeof *runtime_loops, c ? 3 : 1);
      omp_set_schedule((omp_sched_t)((unsigned)kinds[k] | (unsigned)omp_sched_monotonic), chunks[c]);
      run_all(runtime_loops, sizeof runtime_loops / sizeof *runtime_loops, 4);
    }
  }
}

// The including file names its programs by the type.
#define LOOP_PROGRAMS(type)                                                              \
  PROGRAM(loops_##type) { run_all(all_loops, sizeof all_loops / sizeof *all_loops, 1); } \
  PROGRAM(loops_##type##_runtime) { run_by_runtime(); }                                  \
  PROGRAM(loops_##type##_alone) { run_alone(); }

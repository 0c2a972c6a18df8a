// SPDX-License-Identifier: MIT
// entry_loops.c: the loops' entry points called by hand, also those that GCC 12 makes no code for any more (it divides
// static loops in place) but older programs call.
#include "c/entry_points.h"

#include <limits.h>
#include <sched.h>
#include <string.h>

#include "program.h"

enum { MOST = 512 };

static unsigned char times[MOST];
static int ordered;  // whether the iterations have ordered parts
static int turn;     // the number of the one whose ordered part is next, counted from 1; in ordered parts

typedef struct {
  long start, end, step;
} range;

static const range ranges[] = {
    {0, 500, 1},
    {10, 10, 1},
    {10, 0, 1},
    {-50, 300, 7},
    {300, -50, -7},
    {0, 5, 100},
    {0, 1, 1},
    {LONG_MAX - 400, LONG_MAX - 2, 1},
    {LONG_MIN + 400, LONG_MIN + 1, -1},
    {LONG_MIN / 2, LONG_MAX / 4, LONG_MAX / 200},
};
enum { RANGES = sizeof ranges / sizeof *ranges };

static long iterations(const range *r) {
  unsigned long distance =
      r->step > 0 ? (unsigned long)r->end - (unsigned long)r->start : (unsigned long)r->start - (unsigned long)r->end;
  unsigned long step = r->step > 0 ? (unsigned long)r->step : -(unsigned long)r->step;
  if (r->step > 0 ? r->start >= r->end : r->start <= r->end) return 0;
  return (long)((distance - 1) / step + 1);
}

static void mark(const range *r, long first, long last) {
  for (unsigned long i = (unsigned long)first; r->step > 0 ? (long)i < last : (long)i > last;
       i += (unsigned long)r->step) {
    unsigned long number = (i - (unsigned long)r->start) / (unsigned long)r->step;
    if (r->step < 0) number = ((unsigned long)r->start - i) / -(unsigned long)r->step;
    EXPECT(number < (unsigned long)iterations(r));
    if (number < MOST) __atomic_add_fetch(&times[number], 1, __ATOMIC_RELAXED);
    if (ordered) {
      GOMP_ordered_start();
      EXPECT_EQ(turn, number + 1);
      turn++;
      GOMP_ordered_end();
    }
    // The next one may be beyond the type.
    if (r->step > 0 ? last - (long)i <= r->step && last >= (long)i : (long)i - last <= -r->step && (long)i >= last)
      break;
  }
}

static void expect_once(const range *r) {
  long expected = iterations(r);
  for (long i = 0; i < MOST; i++) EXPECT_EQ(times[i], i < expected);
  memset(times, 0, sizeof times);
}

#define BY_HAND(name, ...)                                                                 \
  static void loop_##name(const range *r) {                                                \
    long first, last;                                                                      \
    if (GOMP_loop_##name##_start(r->start, r->end, r->step, __VA_ARGS__ & first, &last)) { \
      do mark(r, first, last);                                                             \
      while (GOMP_loop_##name##_next(&first, &last));                                      \
    }                                                                                      \
    GOMP_loop_end();                                                                       \
  }
#define WITH_A_CHUNK(name) BY_HAND(name, 3, )
#define BY_RUNTIME_ALONE(name) BY_HAND(name, )
LOOPS_WITH_A_CHUNK(WITH_A_CHUNK)
LOOPS_BY_RUNTIME(BY_RUNTIME_ALONE)

#define LISTED(name) {loop_##name, #name},
static const struct {
  void (*run)(const range *);
  const char *name;
} loops[] = {LOOPS_WITH_A_CHUNK(LISTED) LOOPS_BY_RUNTIME(LISTED)};

static void run(int alone) {
  for (size_t l = 0; l < sizeof loops / sizeof *loops; l++) {
    for (int r = 0; r < RANGES; r++) {
      ordered = strncmp(loops[l].name, "ordered", 7) == 0;
      turn = 1;
      if (alone) {
        loops[l].run(&ranges[r]);
      } else {
#pragma omp parallel
        loops[l].run(&ranges[r]);
      }
      expect_once(&ranges[r]);
    }
  }
}

PROGRAM(entry_loops) {
  run(0);
  omp_set_schedule(omp_sched_static, 2);
  run(0);
  omp_set_schedule(omp_sched_guided, 3);
  run(0);
}

PROGRAM(entry_loops_alone) { run(1); }

// No barrier at the ends: a thread may be several loops ahead of another one.
PROGRAM(entry_loops_nowait) {
  static int sums[50];
#pragma omp parallel
  {
    for (int round = 0; round < 50; round++) {
      long first, last;
      if (GOMP_loop_dynamic_start(0, 40, 1, 3, &first, &last)) {
        do {
          for (long i = first; i < last; i++) __atomic_add_fetch(&sums[round], (int)i, __ATOMIC_RELAXED);
        } while (GOMP_loop_dynamic_next(&first, &last));
      }
      GOMP_loop_end_nowait();
    }
  }
  for (int round = 0; round < 50; round++) EXPECT_EQ(sums[round], 780);
}

// The entry for all schedules, with memory for the team. It begins as zeros, and is the same for all.
static void by_number(const range *r, long schedule, long chunk, int is_ordered) {
  long first, last;
  void *memory = (void *)(uintptr_t)64;  // bytes; the address comes back
  bool any = is_ordered
                 ? GOMP_loop_ordered_start(r->start, r->end, r->step, schedule, chunk, &first, &last, NULL, &memory)
                 : GOMP_loop_start(r->start, r->end, r->step, schedule, chunk, &first, &last, NULL, &memory);
  int *entered = memory;
  EXPECT((uintptr_t)memory % 8 == 0);
  int before = __atomic_load_n(&entered[0], __ATOMIC_RELAXED);
  EXPECT(before >= 0 && before < omp_get_num_threads());
  EXPECT_EQ(entered[15], 0);
  __atomic_add_fetch(&entered[0], 1, __ATOMIC_RELAXED);
  while (__atomic_load_n(&entered[0], __ATOMIC_RELAXED) < omp_get_num_threads()) sched_yield();
  while (any) {
    mark(r, first, last);
    if (is_ordered) {
      any = (schedule & 7) == BY_STATIC    ? GOMP_loop_ordered_static_next(&first, &last)
            : (schedule & 7) == BY_DYNAMIC ? GOMP_loop_ordered_dynamic_next(&first, &last)
            : (schedule & 7) == BY_GUIDED  ? GOMP_loop_ordered_guided_next(&first, &last)
                                           : GOMP_loop_ordered_runtime_next(&first, &last);
    } else {
      any = (schedule & 7) == BY_STATIC    ? GOMP_loop_static_next(&first, &last)
            : (schedule & 7) == BY_DYNAMIC ? GOMP_loop_nonmonotonic_dynamic_next(&first, &last)
            : (schedule & 7) == BY_GUIDED  ? GOMP_loop_nonmonotonic_guided_next(&first, &last)
                                           : GOMP_loop_maybe_nonmonotonic_runtime_next(&first, &last);
    }
  }
  GOMP_loop_end();
}

PROGRAM(entry_loops_by_number) {
  for (long schedule = BY_RUNTIME; schedule <= BY_GUIDED; schedule++) {
    for (int r = 0; r < RANGES; r++) {
      for (int is_ordered = 0; is_ordered < 2; is_ordered++) {
        ordered = is_ordered;
        turn = 1;
#pragma omp parallel
        by_number(&ranges[r], schedule | (is_ordered && schedule != BY_RUNTIME ? MONOTONIC : 0), 2, is_ordered);
        expect_once(&ranges[r]);
      }
    }
  }
}

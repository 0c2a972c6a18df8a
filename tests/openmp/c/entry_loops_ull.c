// SPDX-License-Identifier: MIT
// entry_loops_ull.c: the entry points of loops with unsigned counters of 64 bits, called by hand.
#include <limits.h>
#include <sched.h>
#include <string.h>

#include "c/entry_points.h"
#include "program.h"

enum { MOST = 512 };

static unsigned char times[MOST];
static int ordered;  // whether the iterations have ordered parts
static int turn;     // the number of the one whose ordered part is next, counted from 1; in ordered parts

typedef struct {
  bool up;
  ull start, end, step;  // the step of downward loops is negative, in two's complement
  ull iterations;
} range;

static const range ranges[] = {
    {true, 0, 500, 1, 500},
    {true, 10, 10, 1, 0},
    {true, 10, 3, 1, 0},
    {true, 5, 300, 7, 43},
    {true, 0, 5, 100, 1},
    {true, ULLONG_MAX - 300, ULLONG_MAX - 1, 1, 299},
    {true, 0, ULLONG_MAX / 16 * 15, ULLONG_MAX / 16, 15},
    {true, LLONG_MAX - 50ULL, LLONG_MAX + 50ULL, 1, 100},  // across what signed numbers hold
    {false, 300, 0, -1ULL, 300},
    {false, 10, 10, -3ULL, 0},
    {false, 3, 10, -3ULL, 0},
    {false, ULLONG_MAX - 1, ULLONG_MAX - 200, -9ULL, 23},
    {false, LLONG_MAX + 100ULL, LLONG_MAX - 100ULL, -2ULL, 100},
};
enum { RANGES = sizeof ranges / sizeof *ranges };

static void mark(const range *r, ull first, ull last) {
  ull distance = r->up ? last - first : first - last, step = r->up ? r->step : -r->step;
  ull from = (r->up ? first - r->start : r->start - first) / step;
  ull count = (distance + step - 1) / step;
  EXPECT(r->up ? first < last : first > last);
  EXPECT(from + count <= r->iterations);
  for (ull number = from; number < from + count && number < MOST; number++) {
    __atomic_add_fetch(&times[number], 1, __ATOMIC_RELAXED);
    if (ordered) {
      GOMP_ordered_start();
      EXPECT_EQ(turn, number + 1);
      turn++;
      GOMP_ordered_end();
    }
  }
}

static void expect_once(const range *r) {
  for (ull i = 0; i < MOST; i++) EXPECT_EQ(times[i], i < r->iterations);
  memset(times, 0, sizeof times);
}

#define BY_HAND(name, ...)                                                                            \
  static void loop_##name(const range *r) {                                                           \
    ull first, last;                                                                                  \
    if (GOMP_loop_ull_##name##_start(r->up, r->start, r->end, r->step, __VA_ARGS__ & first, &last)) { \
      do mark(r, first, last);                                                                        \
      while (GOMP_loop_ull_##name##_next(&first, &last));                                             \
    }                                                                                                 \
    GOMP_loop_end();                                                                                  \
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

PROGRAM(entry_loops_ull) {
  run(0);
  omp_set_schedule(omp_sched_static, 2);
  run(0);
  omp_set_schedule(omp_sched_guided, 3);
  run(0);
}

PROGRAM(entry_loops_ull_alone) { run(1); }

static void by_number(const range *r, long schedule, bool is_ordered) {
  ull first, last;
  void *memory = (void *)(uintptr_t)16;
  bool any =
      is_ordered
          ? GOMP_loop_ull_ordered_start(r->up, r->start, r->end, r->step, schedule, 2, &first, &last, NULL, &memory)
          : GOMP_loop_ull_start(r->up, r->start, r->end, r->step, schedule, 2, &first, &last, NULL, &memory);
  __atomic_add_fetch((int *)memory, 1, __ATOMIC_RELAXED);
  while (__atomic_load_n((int *)memory, __ATOMIC_RELAXED) < omp_get_num_threads()) sched_yield();
  while (any) {
    mark(r, first, last);
    if (is_ordered) {
      any = schedule == (BY_STATIC | MONOTONIC)    ? GOMP_loop_ull_ordered_static_next(&first, &last)
            : schedule == (BY_DYNAMIC | MONOTONIC) ? GOMP_loop_ull_ordered_dynamic_next(&first, &last)
                                                   : GOMP_loop_ull_ordered_guided_next(&first, &last);
    } else {
      any = schedule == BY_STATIC    ? GOMP_loop_ull_static_next(&first, &last)
            : schedule == BY_DYNAMIC ? GOMP_loop_ull_nonmonotonic_dynamic_next(&first, &last)
                                     : GOMP_loop_ull_nonmonotonic_guided_next(&first, &last);
    }
  }
  GOMP_loop_end();
}

PROGRAM(entry_loops_ull_by_number) {
  for (long schedule = BY_STATIC; schedule <= BY_GUIDED; schedule++) {
    for (int r = 0; r < RANGES; r++) {
      for (int is_ordered = 0; is_ordered < 2; is_ordered++) {
        ordered = is_ordered;
        turn = 1;
#pragma omp parallel
        by_number(&ranges[r], is_ordered ? schedule | MONOTONIC : schedule, is_ordered);
        expect_once(&ranges[r]);
      }
    }
  }
}

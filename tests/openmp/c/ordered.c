// SPDX-License-Identifier: MIT
// ordered.c: the ordered parts of a loop run one after the other, in the order of the iterations.
#include "program.h"

static int next;

static void in_turn(int i) {
  EXPECT_EQ(next, i);
  next = i + 1;
}

#define PRAGMA(text) _Pragma(#text)
#define ORDERED(name, ...)                       \
  static void name(int n) {                      \
    next = 0;                                    \
    PRAGMA(omp parallel for ordered __VA_ARGS__) \
    for (int i = 0; i < n; i++) {                \
      PRAGMA(omp ordered)                        \
      in_turn(i);                                \
    }                                            \
    EXPECT_EQ(next, n);                          \
  }
ORDERED(by_static, schedule(static))
ORDERED(by_static_chunks, schedule(static, 3))
ORDERED(by_dynamic, schedule(dynamic))
ORDERED(by_dynamic_chunks, schedule(dynamic, 5))
ORDERED(by_guided, schedule(guided))
ORDERED(by_auto, schedule(auto))
ORDERED(by_runtime, schedule(runtime))

static void all(int n) {
  by_static(n);
  by_static_chunks(n);
  by_dynamic(n);
  by_dynamic_chunks(n);
  by_guided(n);
  by_auto(n);
  by_runtime(n);
}

PROGRAM(ordered_schedules) {
  for (int n = 0; n < 120; n += 17) all(n);
  omp_set_schedule(omp_sched_dynamic, 2);
  all(70);
  omp_set_schedule(omp_sched_static, 0);
  all(70);
  omp_set_schedule(omp_sched_guided, 4);
  all(70);
}

// An iteration without an ordered part does not hold up the others.
PROGRAM(ordered_left_out) {
  for (int every = 1; every < 6; every++) {
    int last = -1, parts = 0;
#pragma omp parallel for ordered schedule(dynamic, 2)
    for (int i = 0; i < 100; i++) {
      if (i % every) continue;
#pragma omp ordered
      {
        EXPECT(i > last);
        last = i;
        parts++;
      }
    }
    EXPECT_EQ(parts, (99 + every) / every);
    last = -1;
#pragma omp parallel for ordered schedule(static)
    for (int i = 0; i < 100; i++) {
      if (i % every) continue;
#pragma omp ordered
      {
        EXPECT(i > last);
        last = i;
      }
    }
  }
}

PROGRAM(ordered_downward) {
  int last = 51;
#pragma omp parallel for ordered schedule(dynamic)
  for (int i = 50; i > 0; i--) {
#pragma omp ordered
    {
      EXPECT_EQ(i, last - 1);
      last = i;
    }
  }
  EXPECT_EQ(last, 1);
  unsigned long long number = 0;
#pragma omp parallel for ordered schedule(guided)
  for (unsigned long long i = ~0ULL - 100; i < ~0ULL - 1; i++) {
#pragma omp ordered
    {
      EXPECT_EQ(i, ~0ULL - 100 + number);
      number++;
    }
  }
  EXPECT_EQ(number, 99);
}

static void orphaned(int i) {
#pragma omp ordered threads
  in_turn(i);
}

// Loops one after the other in one region, also without barriers between them.
PROGRAM(ordered_in_a_row) {
  static int nexts[10];
#pragma omp parallel
  {
    for (int round = 0; round < 10; round++) {
#pragma omp for ordered schedule(dynamic, 3) nowait
      for (int i = 0; i < 40; i++) {
#pragma omp ordered
        {
          EXPECT_EQ(nexts[round], i);
          nexts[round]++;
        }
      }
    }
#pragma omp for ordered schedule(runtime)
    for (int i = 0; i < 40; i++) orphaned(i);
  }
  for (int round = 0; round < 10; round++) EXPECT_EQ(nexts[round], 40);
  EXPECT_EQ(next, 40);
}

PROGRAM(ordered_alone) {
#pragma omp for ordered schedule(dynamic)
  for (int i = 0; i < 20; i++) orphaned(i);
  EXPECT_EQ(next, 20);
}

PROGRAM(ordered_collapse) {
#pragma omp parallel for ordered collapse(2) schedule(dynamic, 2)
  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 5; j++) {
#pragma omp ordered
      in_turn(5 * i + j);
    }
  EXPECT_EQ(next, 40);
}

// Thousands of ordered loops that follow each other without a barrier, then with one, and some without ordered parts
// between them. The iterations of each are in order.
PROGRAM(ordered_many_without_barriers) {
  enum { LOOPS = 3000 };
  static long at[LOOPS];
  int wrong = 0;
#pragma omp parallel shared(at, wrong)
  for (int k = 0; k < LOOPS; k++) {
#pragma omp for ordered schedule(dynamic, 1) nowait
    for (int i = 0; i < 5; i++) {
      if (k % 3 == 0) continue;
#pragma omp ordered
      {
        if (at[k] != i) wrong++;
        at[k]++;
      }
    }
    if (k % 500 == 0) {
#pragma omp barrier
    }
  }
  for (int k = 0; k < LOOPS; k++) EXPECT_EQ(at[k], k % 3 == 0 ? 0 : 5);
  EXPECT_EQ(wrong, 0);
}

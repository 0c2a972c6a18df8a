// SPDX-License-Identifier: MIT
// sections.c: each section is run once, by some thread.
#include "program.h"

static int ran[8];

static void run(int section) { __atomic_add_fetch(&ran[section], 1, __ATOMIC_RELAXED); }

static void expect_each(int times) {
  for (int i = 0; i < 8; i++) EXPECT_EQ(ran[i], times);
}

static void eight_sections(void) {
#pragma omp sections
  {
    run(0);
#pragma omp section
    run(1);
#pragma omp section
    run(2);
#pragma omp section
    run(3);
#pragma omp section
    run(4);
#pragma omp section
    run(5);
#pragma omp section
    run(6);
#pragma omp section
    run(7);
  }
}

PROGRAM(sections_each_once) {
  for (int round = 1; round <= 30; round++) {
#pragma omp parallel
    eight_sections();
    expect_each(round);
  }
}

PROGRAM(sections_alone) {
  eight_sections();
  expect_each(1);
}

// There is a barrier at the end.
PROGRAM(sections_barrier) {
#pragma omp parallel
  for (int round = 1; round <= 20; round++) {
    eight_sections();
    expect_each(round);
#pragma omp barrier
  }
}

PROGRAM(sections_nowait) {
#pragma omp parallel
  for (int round = 0; round < 40; round++) {
#pragma omp sections nowait
    {
#pragma omp section
      run(0);
#pragma omp section
      run(1);
#pragma omp section
      run(2);
    }
  }
  for (int i = 0; i < 3; i++) EXPECT_EQ(ran[i], 40);
}

PROGRAM(sections_clauses) {
  int first = 4, sum = 0, last = 0;
#pragma omp parallel
  {
#pragma omp sections firstprivate(first) reduction(+ : sum) lastprivate(last)
    {
#pragma omp section
      {
        EXPECT(first >= 4);
        first++;
        sum += 1;
        last = 1;
      }
#pragma omp section
      {
        EXPECT(first >= 4);
        first++;
        sum += 2;
        last = 2;
      }
    }
    EXPECT_EQ(sum, 3);
    EXPECT_EQ(last, 2);
  }
  EXPECT_EQ(first, 4);
}

PROGRAM(sections_combined) {
  for (int threads = 1; threads < 6; threads++) {
    int sum = 0;
#pragma omp parallel sections num_threads(threads) reduction(+ : sum)
    {
#pragma omp section
      sum += 1;
#pragma omp section
      sum += 10;
#pragma omp section
      {
        sum += 100;
        EXPECT_EQ(omp_get_num_threads(), threads);
      }
    }
    EXPECT_EQ(sum, 111);
  }
}

// Where a variable is both firstprivate and lastprivate, compiled code has a barrier between the beginning of the
// region, which is that of its sections, and the first one.
PROGRAM(sections_combined_with_a_barrier) {
  int value = 5;
  for (int round = 0; round < 50; round++) {
    static int sum;
    sum = 0;
#pragma omp parallel sections firstprivate(value) lastprivate(value)
    {
#pragma omp section
      {
        __atomic_add_fetch(&sum, value, __ATOMIC_RELAXED);
        value = 0;
      }
#pragma omp section
      {
        __atomic_add_fetch(&sum, 1, __ATOMIC_RELAXED);
        value = 6 + round;
      }
    }
    EXPECT_EQ(sum, 6 + round);
    EXPECT_EQ(value, 6 + round);
  }
}

// Within sections there are regions, and within these sections.
PROGRAM(sections_nested) {
  omp_set_max_active_levels(2);
#pragma omp parallel sections num_threads(2)
  {
#pragma omp section
    {
#pragma omp parallel num_threads(2)
      eight_sections();
    }
#pragma omp section
    {
#pragma omp parallel num_threads(3)
      eight_sections();
    }
  }
  expect_each(2);
}

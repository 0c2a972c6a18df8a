// SPDX-License-Identifier: MIT
// task_yield.c: what a task may run while it yields. GCC's library runs nothing there, and OpenMP allows that: programs
// that wait for a task to be run are for ours alone.
#include <stdlib.h>

#include "program.h"

enum { N = 100 };

static int read_flag(const int *flag) {
  int value;
#pragma omp atomic read seq_cst
  value = *flag;
  return value;
}

static void set_flag(int *flag) {
#pragma omp atomic write seq_cst
  *flag = 1;
}

static void yield_until(const int *flag) {
  while (!read_flag(flag)) {
#pragma omp taskyield
  }
}

// Each thread is in a task that waits for its own child, which nobody else can run meanwhile.
PROGRAM_OF_OURS(yield_runs_a_child) {
#pragma omp parallel num_threads(program_threads() + 1)
  {
    int implicit_ran = 0;
#pragma omp task shared(implicit_ran)
    set_flag(&implicit_ran);
    yield_until(&implicit_ran);
#pragma omp barrier
#pragma omp task
    {
      int ran = 0;
#pragma omp task shared(ran)
      set_flag(&ran);
      yield_until(&ran);
    }
  }
}

// The child that is waited for is one of many, lies in the list of those with a priority, has a child of its own to
// wait for, or waits for another one to end.
PROGRAM_OF_OURS(yield_runs_any_child) {
#pragma omp parallel num_threads(program_threads() + 1)
  {
    int first = 0, urgent = 0, inner = 0, chained = 0, order = 0;
#pragma omp task shared(first)
    set_flag(&first);
    for (int i = 0; i < N; i++) {
#pragma omp task
      program_threads();
    }
    yield_until(&first);
#pragma omp task priority(1) shared(urgent)
    set_flag(&urgent);
    yield_until(&urgent);
#pragma omp task shared(inner)
    {
#pragma omp task shared(inner)
      set_flag(&inner);
    }
    yield_until(&inner);
    for (int i = 0; i < N; i++) {
#pragma omp task depend(inout : order) shared(order, chained)
      if (++order == N) set_flag(&chained);
    }
    yield_until(&chained);
#pragma omp taskwait
    EXPECT_EQ(order, N);
  }
}

static int yielding;
#pragma omp threadprivate(yielding)

// A tied task that yields is suspended, and its thread takes up none but its descendants.
static void yield_among_siblings(void) {
#pragma omp task
  EXPECT_EQ(yielding, 0);
#pragma omp task
  {
    int ran = 0;
    EXPECT_EQ(yielding, 0);
    yielding = 1;
    for (int i = 0; i < 3; i++) {
#pragma omp task shared(ran)
#pragma omp atomic
      ran++;
    }
    for (int i = 0; i < 5; i++) {
#pragma omp taskyield
    }
    yielding = 0;
#pragma omp taskwait
    EXPECT_EQ(ran, 3);
  }
#pragma omp task
  EXPECT_EQ(yielding, 0);
}

PROGRAM(yield_runs_no_sibling) {
#pragma omp parallel
  for (int i = 0; i < N; i++) yield_among_siblings();
}

static void come_to_section(void) {
#pragma omp critical(yields)
  program_threads();
}

// A child that wants what the task holds as it yields is left until that is given up.
PROGRAM(yield_with_locks) {
  omp_lock_t lock;
  omp_nest_lock_t nest;
  int held = 0;
  omp_init_lock(&lock);
  omp_init_nest_lock(&nest);
#pragma omp parallel shared(held)
  for (int i = 0; i < N; i++) {
    omp_set_lock(&lock);
#pragma omp task shared(held)
    {
      omp_set_lock(&lock);
      held++;
      omp_unset_lock(&lock);
    }
#pragma omp taskyield
    omp_unset_lock(&lock);
    if (omp_test_nest_lock(&nest)) {
#pragma omp task
      {
        omp_set_nest_lock(&nest);
        omp_unset_nest_lock(&nest);
      }
#pragma omp task if (0)
      {
#pragma omp taskyield
      }
#pragma omp taskyield
      omp_unset_nest_lock(&nest);
    }
#pragma omp critical(yields)
    {
#pragma omp task
      come_to_section();
#pragma omp taskyield
    }
#pragma omp taskwait
  }
  EXPECT_EQ(held, N * program_threads());
  omp_destroy_lock(&lock);
  omp_destroy_nest_lock(&nest);
}

// Tasks that each make one and yield are not run beneath each other without end.
enum { DEEP = 200000 };

static void make_another(int left, int *count) {
  char room[100];
  room[left % (int)sizeof room] = 1;
  if (left > 0) {
#pragma omp task shared(count)
    make_another(left - 1, count);
  }
#pragma omp taskyield
#pragma omp atomic
  *count += room[left % (int)sizeof room];
}

PROGRAM(yield_is_not_deep) {
  int count = 0;
#pragma omp parallel num_threads(program_threads() + 1)
#pragma omp single
#pragma omp task shared(count)
  make_another(DEEP, &count);
  EXPECT_EQ(count, DEEP + 1);
}

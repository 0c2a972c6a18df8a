// SPDX-License-Identifier: MIT
// taskloop.c: loops divided into tasks: every iteration once, and all have ended at the end, unless there is nogroup.
#include <stdlib.h>
#include <unistd.h>

#include "program.h"

enum { N = 300 };

static int ran[N];

static void run(long i) { __atomic_add_fetch(&ran[i], 1, __ATOMIC_RELAXED); }

static void expect_each(int times) {
  for (int i = 0; i < N; i++) EXPECT_EQ(ran[i], times);
}

#define PRAGMA(text) _Pragma(#text)
#define TASKLOOP(name, ...)                                          \
  static void name(void) {                                           \
    for (int i = 0; i < N; i++) ran[i] = 0;                          \
    PRAGMA(omp taskloop __VA_ARGS__)                                 \
    for (int i = 0; i < N; i++) run(i);                              \
    expect_each(1);                                                  \
    PRAGMA(omp taskloop __VA_ARGS__)                                 \
    for (unsigned long long i = N + 5; i > 5; i--) run((long)i - 6); \
    expect_each(2);                                                  \
    PRAGMA(omp taskloop __VA_ARGS__)                                 \
    for (long i = 0; i < 2 * N; i += 2) run(i / 2);                  \
    expect_each(3);                                                  \
    PRAGMA(omp taskloop __VA_ARGS__)                                 \
    for (int i = 0; i < 0; i++) run(i);                              \
    expect_each(3);                                                  \
  }
TASKLOOP(by_default, )
TASKLOOP(by_grainsize, grainsize(7))
TASKLOOP(by_grainsize_strict, grainsize(strict : 11))
TASKLOOP(by_num_tasks, num_tasks(13))
TASKLOOP(by_num_tasks_strict, num_tasks(strict : 8))
TASKLOOP(undeferred, if (0))
TASKLOOP(by_final, final(1))
TASKLOOP(untied_of_priority, untied mergeable priority(2) grainsize(1))

static void all(void) {
  by_default();
  by_grainsize();
  by_grainsize_strict();
  by_num_tasks();
  by_num_tasks_strict();
  undeferred();
  by_final();
  untied_of_priority();
}

PROGRAM(taskloop_clauses) {
#pragma omp parallel
#pragma omp single
  all();
  all();  // outside any region
}

// What strict promises: tasks of exactly that many iterations, but for the last one.
PROGRAM(taskloop_strict) {
  static int begins[N];
  int begin = -1;
#pragma omp parallel
#pragma omp single
  {
#pragma omp taskloop grainsize(strict : 7) firstprivate(begin)
    for (int i = 0; i < N; i++) {
      if (begin < 0) begin = i;
      begins[i] = begin;
    }
  }
  for (int i = 0; i < N; i++) EXPECT_EQ(begins[i], i / 7 * 7);
}

PROGRAM(taskloop_nogroup) {
#pragma omp parallel
  {
#pragma omp single nowait
    {
#pragma omp taskloop nogroup grainsize(4)
      for (int i = 0; i < N; i++) run(i);
    }
#pragma omp barrier
    expect_each(1);
  }
#pragma omp parallel
#pragma omp single
  {
#pragma omp taskloop nogroup
    for (int i = 0; i < N; i++) run(i);
#pragma omp taskwait
    expect_each(2);
  }
}

PROGRAM(taskloop_collapse) {
#pragma omp parallel
#pragma omp single
  {
#pragma omp taskloop collapse(2) grainsize(3)
    for (int i = 0; i < 20; i++)
      for (int j = 0; j < 15; j++) run(15 * i + j);
  }
  expect_each(1);
}

PROGRAM(taskloop_privates) {
  int first = 3, last = -1, i;
#pragma omp parallel
#pragma omp single
  {
#pragma omp taskloop firstprivate(first) lastprivate(last, i) num_tasks(9)
    for (i = 0; i < N; i++) {
      EXPECT_EQ(first, 3);
      last = i + first;
    }
    EXPECT_EQ(last, N + 2);
    EXPECT_EQ(i, N);
  }
}

PROGRAM(taskloop_reduction) {
  long sum = 10, most = -1;
  int bins[4] = {0};
#pragma omp parallel
#pragma omp single
  {
#pragma omp taskloop reduction(+ : sum, bins) reduction(max : most) grainsize(5)
    for (int i = 0; i < N; i++) {
      sum += i;
      bins[i % 4]++;
      if (i > most) most = i;
    }
    EXPECT_EQ(sum, 10 + N * (N - 1) / 2);
    EXPECT_EQ(most, N - 1);
    for (int i = 0; i < 4; i++) EXPECT_EQ(bins[i], N / 4);
#pragma omp taskgroup task_reduction(+ : sum)
    {
#pragma omp taskloop in_reduction(+ : sum) num_tasks(6) nogroup
      for (int i = 0; i < N; i++) sum++;
#pragma omp task in_reduction(+ : sum)
      sum += 1000;
    }
    EXPECT_EQ(sum, 10 + N * (N - 1) / 2 + N + 1000);
  }
  long outside = 0;
#pragma omp taskloop reduction(+ : outside)
  for (int i = 0; i < N; i++) outside += i;
  EXPECT_EQ(outside, N * (N - 1) / 2);
}

// By all threads, each with loops of its own; and combined with a region.
PROGRAM(taskloop_by_all) {
#pragma omp parallel num_threads(3)
  {
#pragma omp taskloop grainsize(10)
    for (int i = 0; i < N; i++) run(i);
  }
  expect_each(3);
#pragma omp parallel master taskloop
  for (int i = 0; i < N; i++) run(i);
  expect_each(4);
#pragma omp parallel masked taskloop simd
  for (int i = 0; i < N; i++) ran[i]++;
  expect_each(5);
}

PROGRAM(taskloop_nested) {
#pragma omp parallel
#pragma omp single
  {
#pragma omp taskloop grainsize(1)
    for (int i = 0; i < 20; i++) {
#pragma omp taskloop num_tasks(3)
      for (int j = 0; j < 15; j++) run(15 * i + j);
    }
  }
  expect_each(1);
}

// Tasks that are shorter than a theft are not given away. Where longer ones follow, other threads take some of them: so
// that this does not depend on how soon the system gives these a CPU, a task stays a while until somebody has come.
static void be_long(int us, const int *others) {
  enum { PATIENCE = 100, STEP_US = 200 };
  int came = 0;
  usleep((unsigned)us);
  for (int k = 0; k < PATIENCE && !came; k++) {
#pragma omp atomic read
    came = *others;
    if (!came) usleep(STEP_US);
  }
}

static int threads_of_long_tasks(int first) {
  enum { TASKS = 1000, LONG = 16, MOST = 64 };
  int ran[MOST] = {0}, one = -1, others = 0, threads = 0;
#pragma omp parallel num_threads(program_threads() + 1)
#pragma omp single
#pragma omp taskloop grainsize(1) shared(ran, one, others)
  for (int i = 0; i < TASKS; i++) {
    if (i < first || i >= first + LONG) continue;
    int here = omp_get_thread_num();
#pragma omp critical(long_tasks)
    {
      if (one < 0) one = here;
      if (one != here) {
#pragma omp atomic write
        others = 1;
      }
    }
    be_long(2000, &others);
    ran[here % MOST] = 1;
  }
  for (int t = 0; t < MOST; t++) threads += ran[t];
  return threads;
}

PROGRAM_OF_OURS(taskloop_that_becomes_long) {
  for (int first = 0; first < 1000; first += 123) EXPECT(threads_of_long_tasks(first) >= 2);
}

// The last tasks that begin are the long ones, and so some of them are among those that a thread has kept when they
// seemed short. Whether one thread runs all of them.
static int one_runs_the_long_tasks(void) {
  enum { TASKS = 200000, LONG = 20, LONG_US = 300 };
  int begun = 0, ran[2] = {0, 0};
#pragma omp parallel num_threads(2)
#pragma omp single
#pragma omp taskloop grainsize(1) shared(begun, ran)
  for (int i = 0; i < TASKS; i++) {
    int number, here = omp_get_thread_num();
#pragma omp atomic capture relaxed
    number = begun++;
    if (number < TASKS - LONG) continue;
    be_long(LONG_US, &ran[1 - here]);
#pragma omp atomic
    ran[here]++;
  }
  EXPECT_EQ(ran[0] + ran[1], LONG);
  return ran[0] == 0 || ran[1] == 0;
}

// Started anew by this name. A thread that has found no tasks, and sleeps, cannot say a second time that it wants some.
PROGRAM_OF_OURS(taskloop_that_becomes_long_as_others_sleep) {
  int alone = 0;
  if (getenv("OMP_WAIT_POLICY") == NULL) {
    setenv("OMP_WAIT_POLICY", "passive", 1);
    execl("/proc/self/exe", "taskloop", "taskloop_that_becomes_long_as_others_sleep", (char *)NULL);
  }
  for (int round = 0; round < 40; round++) alone += one_runs_the_long_tasks();
  EXPECT_EQ(alone, 0);
}

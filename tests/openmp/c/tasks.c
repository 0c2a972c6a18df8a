// SPDX-License-Identifier: MIT
// tasks.c: tasks run once, with the values that they were given, and have ended where the standard says so. When each
// one runs, and by whom, no program can know.
#include <string.h>
#include <unistd.h>

#include "program.h"

enum { N = 200 };

static int ran[N];

static void expect_each(int times) {
  for (int i = 0; i < N; i++) EXPECT_EQ(ran[i], times);
}

static void run(int i) { __atomic_add_fetch(&ran[i], 1, __ATOMIC_RELAXED); }

PROGRAM(tasks_end_at_barriers) {
#pragma omp parallel
  {
#pragma omp single nowait
    for (int i = 0; i < N; i++) {
#pragma omp task firstprivate(i)
      run(i);
    }
#pragma omp barrier
    expect_each(1);
#pragma omp barrier
    // Each thread creates some, and the end of the region waits for them.
    for (int i = omp_get_thread_num(); i < N; i += omp_get_num_threads()) {
#pragma omp task
      run(i);
    }
  }
  expect_each(2);
}

PROGRAM(tasks_taskwait) {
#pragma omp parallel
#pragma omp single
  for (int round = 1; round <= 10; round++) {
    for (int i = 0; i < N; i++) {
#pragma omp task
      run(i);
    }
#pragma omp taskwait
    expect_each(round);
  }
}

// taskwait is for children; taskgroup for all descendants.
PROGRAM(tasks_taskgroup) {
#pragma omp parallel
#pragma omp single
  for (int round = 1; round <= 10; round++) {
#pragma omp taskgroup
    {
      for (int i = 0; i < N; i += 4) {
#pragma omp task
        for (int j = i; j < i + 4; j++) {
#pragma omp task
          run(j);
        }
      }
    }
    expect_each(round);
  }
}

PROGRAM(tasks_alone) {
  for (int i = 0; i < N; i++) {
#pragma omp task
    run(i);
  }
#pragma omp taskwait
  expect_each(1);
#pragma omp taskgroup
  for (int i = 0; i < N; i++) {
#pragma omp task
    run(i);
  }
  expect_each(2);
}

PROGRAM(tasks_undeferred) {
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < N; i++) {
    int here = omp_get_thread_num(), local = 0;
#pragma omp task if (0) shared(local)
    {
      EXPECT_EQ(omp_get_thread_num(), here);
      local = i + 1;
    }
    EXPECT_EQ(local, i + 1);  // it has ended
#pragma omp task final(1) shared(local)
    {
      EXPECT(omp_in_final());
      int before = local;
#pragma omp task shared(local)
      {
        EXPECT(omp_in_final());
        local++;
      }
      EXPECT_EQ(local, before + 1);  // a final task's children are run at once
    }
#pragma omp taskwait
    EXPECT_EQ(local, i + 2);
    EXPECT(!omp_in_final());
  }
}

typedef struct {
  char text[300];
  double numbers[30];
} record;

// Arguments are copied when the task is made: what the maker changes then makes no difference.
PROGRAM(tasks_arguments) {
  static int wrong;
#pragma omp parallel
#pragma omp single
  {
    record r;
    memset(&r, 0, sizeof r);
    int array[17];
    _Alignas(64) struct { double x[8]; } aligned = {{0}};
    for (int i = 0; i < N; i++) {
      memset(r.text, i & 127, sizeof r.text);
      r.numbers[29] = i / 4.0;
      for (int k = 0; k < 17; k++) array[k] = i + k;
      aligned.x[7] = i;
#pragma omp task firstprivate(r, array, aligned, i) shared(wrong)
      {
        int bad = r.text[0] != (i & 127) || r.text[299] != (i & 127) || r.numbers[29] != i / 4.0 ||
                  array[16] != i + 16 || aligned.x[7] != i || (size_t)&aligned % 64 != 0;
        r.text[0] = 0;  // its own
#pragma omp atomic
        wrong += bad;
      }
    }
  }
  EXPECT_EQ(wrong, 0);
}

static void of_length(int n) {
  int values[n];
  for (int i = 0; i < n; i++) values[i] = i * i;
#pragma omp task firstprivate(values)
  {
    for (int i = 0; i < n; i++) EXPECT_EQ(values[i], i * i);
    run(n % N);
  }
  for (int i = 0; i < n; i++) values[i] = -1;
}

// An array whose length is known when it runs is copied by a function that the compiler makes.
PROGRAM(tasks_arguments_of_any_length) {
#pragma omp parallel
#pragma omp single
  for (int n = 1; n <= 2000; n += 111) of_length(n);
  of_length(7);
#pragma omp taskwait
  int sum = 0;
  for (int i = 0; i < N; i++) sum += ran[i];
  EXPECT_EQ(sum, 20);
}

PROGRAM(tasks_of_all_kinds) {
#pragma omp parallel
#pragma omp single
  for (int i = 0; i < N; i++) {
#pragma omp task untied priority(i % 5)
    {
      run(i);
#pragma omp taskyield
#pragma omp task mergeable
      run(i);
    }
#pragma omp task mergeable if (i % 2) priority(3)
    run(i);
#pragma omp task untied final(i % 3 == 0)
    run(i);
  }
  expect_each(4);
  EXPECT(omp_get_max_task_priority() >= 0);
}

// A task has the number of the thread that runs it, and belongs to the region's team.
PROGRAM(tasks_where_they_run) {
#pragma omp parallel num_threads(3)
  {
#pragma omp task
    {
      EXPECT(omp_get_thread_num() >= 0 && omp_get_thread_num() < 3);
      EXPECT_EQ(omp_get_num_threads(), 3);
      EXPECT_EQ(omp_get_level(), 1);
      int here = omp_get_thread_num();
#pragma omp taskyield
      EXPECT_EQ(omp_get_thread_num(), here);  // it is tied
    }
  }
}

// Regions within tasks, and tasks within these.
PROGRAM(tasks_with_regions) {
  omp_set_max_active_levels(2);
  int sum = 0;
#pragma omp parallel num_threads(2)
  {
#pragma omp single
    for (int i = 0; i < 10; i++) {
#pragma omp task shared(sum)
      {
        int part = 0;
#pragma omp parallel num_threads(2) reduction(+ : part)
        {
          part++;
#pragma omp task
          run(i);
        }
        EXPECT_EQ(ran[i], 2);
#pragma omp atomic
        sum += part;
      }
    }
  }
  EXPECT_EQ(sum, 20);
}

// A task that still runs while the one that created it is in a region of its own, whose constructs do not wait for it.
static void beside_a_region(int task_is_first) {
  int value = 1, members = 0;
  for (int i = 0; i < 2; i++) {
    if (i == !task_is_first) {
#pragma omp task shared(value)
      {
        usleep(500);
        value = 2;
      }
    } else {
#pragma omp parallel num_threads(2) reduction(+ : members)
      {
#pragma omp single
        usleep(700);
        members++;
      }
    }
  }
#pragma omp taskwait
  EXPECT_EQ(value, 2);
  EXPECT_EQ(members, 2);
}

PROGRAM(tasks_beside_a_region) {
  omp_set_max_active_levels(2);
  for (int round = 0; round < 10; round++) {
#pragma omp parallel num_threads(2)
#pragma omp single
    beside_a_region(round % 2);
    beside_a_region(round % 2);
  }
}

// Loops whose iterations create tasks; they have ended after the loop's barrier.
PROGRAM(tasks_of_loops) {
#pragma omp parallel
  {
#pragma omp for schedule(dynamic, 3)
    for (int i = 0; i < N; i++) {
#pragma omp task
      run(i);
    }
    expect_each(1);
  }
}

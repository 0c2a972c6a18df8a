// SPDX-License-Identifier: MIT
// cancel.c: cancel and cancellation points. Without OMP_CANCELLATION they do nothing, and all is run. With it, at least
// the thread that cancelled leaves the construct there, and no barrier is waited at for ever.
#include <malloc.h>
#include <unistd.h>

#include "program.h"

static int enabled(void) { return omp_get_cancellation(); }

PROGRAM(cancel_parallel) {
  for (int round = 0; round < 20; round++) {
    int after = 0, after_point = 0, members = 0;
#pragma omp parallel
    {
#pragma omp atomic
      members++;
      if (omp_get_thread_num() == 0) {
#pragma omp cancel parallel
#pragma omp atomic
        after++;
      }
#pragma omp cancellation point parallel
#pragma omp barrier
#pragma omp atomic
      after_point++;
    }
    EXPECT_EQ(members, program_threads());
    EXPECT_EQ(after, !enabled());
    if (enabled()) {
      EXPECT_EQ(after_point, 0);  // the barrier comes after the point, and thread 0 never reaches it
    } else {
      EXPECT_EQ(after_point, program_threads());
    }
  }
}

// A single is no cancellation point: of the threads that go on, one runs it.
PROGRAM(cancel_parallel_before_singles) {
  enum { SINGLES = 5 };
  for (int round = 0; round < 20; round++) {
    int canceled = 0, ran = 0;
#pragma omp parallel num_threads(3)
    {
      int seen = 0;
      if (omp_get_thread_num() == 0) {
#pragma omp atomic write
        canceled = 1;
#pragma omp cancel parallel
      }
      while (!seen) {
#pragma omp atomic read
        seen = canceled;
      }
      usleep(round % 2 * 100);
      for (int k = 0; k < SINGLES; k++) {
#pragma omp single nowait
        {
#pragma omp atomic
          ran++;
        }
      }
    }
    EXPECT_EQ(ran, SINGLES);
  }
}

PROGRAM(cancel_parallel_if) {
  int after = 0;
#pragma omp parallel
  {
#pragma omp cancel parallel if (omp_get_num_threads() < 0)
#pragma omp barrier
#pragma omp atomic
    after++;
  }
  EXPECT_EQ(after, program_threads());
}

#define PRAGMA(text) _Pragma(#text)
#define CANCELLED(name, ...)                                                     \
  static void name(void) {                                                       \
    static int ran[400];                                                         \
    int count = 0, after_loop = 0;                                               \
    for (int i = 0; i < 400; i++) ran[i] = 0;                                    \
    PRAGMA(omp parallel) {                                                       \
      PRAGMA(omp for __VA_ARGS__)                                                \
      for (int i = 0; i < 400; i++) {                                            \
        PRAGMA(omp cancellation point for)                                       \
        __atomic_add_fetch(&ran[i], 1, __ATOMIC_RELAXED);                        \
        if (i == 200) {                                                          \
          PRAGMA(omp cancel for)                                                 \
          __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);                       \
        }                                                                        \
      }                                                                          \
      __atomic_add_fetch(&after_loop, 1, __ATOMIC_RELAXED);                      \
    }                                                                            \
    EXPECT_EQ(after_loop, program_threads());                                    \
    EXPECT_EQ(count, !enabled());                                                \
    EXPECT_EQ(ran[200], 1);                                                      \
    for (int i = 0; i < 400; i++) EXPECT(enabled() ? ran[i] <= 1 : ran[i] == 1); \
  }
CANCELLED(cancel_static, schedule(static))
CANCELLED(cancel_static_chunks, schedule(static, 3))
CANCELLED(cancel_dynamic, schedule(dynamic, 2))
CANCELLED(cancel_guided, schedule(guided))
CANCELLED(cancel_runtime, schedule(runtime))

PROGRAM(cancel_for) {
  for (int round = 0; round < 10; round++) {
    cancel_static();
    cancel_static_chunks();
    cancel_dynamic();
    cancel_guided();
    cancel_runtime();
  }
}

PROGRAM(cancel_for_if) {
  long ran = 0;
#pragma omp parallel
#pragma omp for schedule(dynamic)
  for (int i = 0; i < 1000; i++) {
#pragma omp atomic
    ran++;
#pragma omp cancel for if (i == 3)
  }
  EXPECT(enabled() ? ran >= 1 && ran <= 1000 : ran == 1000);
}

// After a cancelled loop the team goes on with others.
PROGRAM(cancel_for_again) {
  static long sum;
#pragma omp parallel
  for (int round = 0; round < 20; round++) {
#pragma omp for schedule(dynamic)
    for (int i = 0; i < 50; i++) {
#pragma omp cancel for
    }
#pragma omp for schedule(dynamic) reduction(+ : sum)
    for (int i = 0; i < 50; i++) sum += i;
    EXPECT_EQ(sum, (round + 1) * 1225);
#pragma omp barrier
  }
}

PROGRAM(cancel_sections) {
  for (int round = 0; round < 20; round++) {
    int after = 0, before = 0, members = 0;
#pragma omp parallel
    {
#pragma omp sections
      {
#pragma omp section
        {
#pragma omp atomic
          before++;
#pragma omp cancel sections
#pragma omp atomic
          after++;
        }
#pragma omp section
        {
#pragma omp cancellation point sections
        }
      }
#pragma omp atomic
      members++;
    }
    EXPECT(enabled() ? before <= 1 && after == 0 : before == 1 && after == 1);
    EXPECT_EQ(members, program_threads());
  }
}

PROGRAM(cancel_taskgroup) {
  for (int round = 0; round < 10; round++) {
    int ran = 0, after = 0, outside = 0;
#pragma omp parallel
#pragma omp single
    {
#pragma omp task shared(outside)
      {
#pragma omp atomic
        outside++;
      }
#pragma omp taskgroup
      {
        for (int i = 0; i < 50; i++) {
#pragma omp task shared(ran, after) firstprivate(i)
          {
#pragma omp cancellation point taskgroup
#pragma omp atomic
            ran++;
            if (i == 10) {
#pragma omp cancel taskgroup
#pragma omp atomic
              after++;
            }
          }
        }
      }
      EXPECT(enabled() ? ran <= 50 && after == 0 : ran == 50 && after == 1);
    }
    EXPECT_EQ(outside, 1);  // it is not of the group
  }
}

// A construct that reduces with tasks has a group of its own, which no cancel means: it is about the one around it.
PROGRAM(cancel_taskgroup_around_reductions) {
  for (int round = 0; round < 10; round++) {
    int begun = 0, past = 0, later = 0, sum = 0;
#pragma omp parallel
#pragma omp taskgroup
    {
#pragma omp for schedule(static, 1) reduction(task, + : sum)
      for (int i = 0; i < 40; i++) {
        sum += 3;
#pragma omp task in_reduction(+ : sum) shared(past)
        {
          sum -= 0;
#pragma omp cancel taskgroup
#pragma omp atomic
          past++;
        }
      }
      EXPECT_EQ(sum, 120);
#pragma omp scope reduction(task, + : sum)
      {
        sum++;
#pragma omp task in_reduction(+ : sum) shared(begun)
        {
          sum -= 0;
#pragma omp atomic
          begun++;
        }
      }
      EXPECT_EQ(sum, 120 + omp_get_num_threads());
#pragma omp task shared(later)
      {
#pragma omp atomic
        later++;
      }
    }
    EXPECT_EQ(past, enabled() ? 0 : 40);
    EXPECT_EQ(begun, enabled() ? 0 : program_threads());
    EXPECT_EQ(later, enabled() ? 0 : program_threads());
  }
}

// Where a region was cancelled, some threads have left a loop that reduces over tasks before others come to it: what
// these share must still be there. The C library overwrites what is freed.
PROGRAM_OF_OURS(cancel_parallel_around_reductions) {
  mallopt(M_PERTURB, 0xa5);
  for (int round = 0; round < 10; round++) {
    static long sums[4];
#pragma omp parallel
    {
      int thread = omp_get_thread_num();
      if (thread == 1) {
        usleep(500);
#pragma omp cancel parallel
      }
      if (thread > 1) usleep(400 * thread);
#pragma omp for schedule(static, 1) reduction(task, + : sums)
      for (int i = 0; i < 50; i++) {
#pragma omp task in_reduction(+ : sums)
        sums[1]++;
#pragma omp cancel for if (i < 0)
      }
    }
    if (!enabled() || program_threads() == 1) EXPECT_EQ(sums[1], 50 * (round + 1));
  }
}

// What is inside of a cancelled region goes on to its end, and what a region inside of it cancels is itself alone.
PROGRAM(cancel_parallel_of_nested_regions) {
  omp_set_max_active_levels(3);
  for (int round = 0; round < 10; round++) {
    int ended = 0, past = 0, in_serial = 0;
#pragma omp parallel num_threads(3)
    {
      int sum = 0, inside = 0;
#pragma omp parallel num_threads(1)
      {
#pragma omp cancel parallel
#pragma omp atomic
        in_serial++;
      }
#pragma omp parallel num_threads(2) reduction(+ : inside)
      {
#pragma omp cancel parallel if (omp_get_ancestor_thread_num(1) == 1)
        inside++;
#pragma omp barrier
      }
      EXPECT(enabled() && omp_get_thread_num() == 1 ? inside == 0 : inside > 0);
      if (omp_get_thread_num() == 2) {
#pragma omp cancel parallel
      }
#pragma omp parallel num_threads(2) reduction(+ : sum)
      {
        for (int k = 0; k < 5; k++) {
#pragma omp barrier
        }
#pragma omp for schedule(dynamic)
        for (int i = 0; i < 20; i++) sum += i;
      }
      EXPECT_EQ(sum, 190);
#pragma omp atomic
      ended++;
#pragma omp barrier
#pragma omp atomic
      past++;
    }
    EXPECT_EQ(ended, enabled() ? 2 : 3);
    EXPECT_EQ(past, enabled() ? 0 : 3);
    EXPECT_EQ(in_serial, enabled() ? 0 : 3);
  }
}

// A group inside of another one is cancelled alone; and in a cancelled one no task begins, of whatever kind.
PROGRAM(cancel_taskgroup_alone) {
  int outer = 0, inner = 0, none = 0;
#pragma omp parallel
#pragma omp single
  {
#pragma omp taskgroup
    for (int k = 0; k < 10; k++) {
#pragma omp task shared(outer, inner)
      {
#pragma omp taskgroup
        for (int i = 0; i < 10; i++) {
#pragma omp task shared(inner)
          {
#pragma omp cancel taskgroup
#pragma omp atomic
            inner++;
          }
        }
#pragma omp task shared(outer)
        {
#pragma omp cancellation point taskgroup
#pragma omp atomic
          outer++;
        }
      }
    }
    EXPECT_EQ(outer, 10);
    EXPECT_EQ(inner, enabled() ? 0 : 100);
#pragma omp taskgroup
    {
#pragma omp task if (0) shared(none)
      {
#pragma omp cancel taskgroup
        none++;
      }
#pragma omp task if (0) shared(none)
      none++;
#pragma omp task final(1) shared(none)
      none++;
#pragma omp taskwait
#pragma omp task depend(out : none) shared(none)
      none++;
#pragma omp task if (0) depend(in : none) shared(none)
      none++;
    }
    EXPECT_EQ(none, enabled() ? 0 : 5);
  }
}

// What the tasks of a cancelled taskloop have added up is there.
PROGRAM(cancel_taskgroup_of_a_taskloop) {
  for (int round = 0; round < 10; round++) {
    int sum = 0, ran = 0, after = 0;
#pragma omp parallel
#pragma omp single
    {
#pragma omp taskloop reduction(+ : sum) num_tasks(30)
      for (int i = 0; i < 60; i++) {
        sum++;
#pragma omp atomic
        ran++;
#pragma omp cancel taskgroup if (i == 20)
#pragma omp cancellation point taskgroup
      }
      EXPECT_EQ(sum, ran);
#pragma omp taskloop reduction(+ : after)
      for (int i = 0; i < 60; i++) after++;
    }
    EXPECT(enabled() ? ran < 60 : ran == 60);
    EXPECT_EQ(after, 60);
  }
}

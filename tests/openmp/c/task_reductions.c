// SPDX-License-Identifier: MIT
// task_reductions.c: tasks that take part in the reductions of task groups, regions, loops, sections and scopes.
#include "program.h"

enum { N = 200 };

static const long expected = (long)N * (N - 1) / 2;

PROGRAM(task_reductions_of_a_group) {
  long sum = 1, most = -1;
  unsigned bits = 0;
#pragma omp parallel
#pragma omp single
  {
#pragma omp taskgroup task_reduction(+ : sum) task_reduction(max : most) task_reduction(| : bits)
    {
      for (int i = 0; i < N; i++) {
#pragma omp task in_reduction(+ : sum) in_reduction(max : most) in_reduction(| : bits)
        {
          sum += i;
          if (i > most) most = i;
          bits |= 1u << i % 32;
        }
      }
    }
    EXPECT_EQ(sum, 1 + expected);
    EXPECT_EQ(most, N - 1);
    EXPECT(bits == ~0u);
  }
}

// Groups within groups; a task of the inner one takes part in both.
PROGRAM(task_reductions_nested) {
  long outer = 0, inner_total = 0;
#pragma omp parallel
#pragma omp single
  {
#pragma omp taskgroup task_reduction(+ : outer)
    for (int i = 0; i < 10; i++) {
#pragma omp task in_reduction(+ : outer) shared(inner_total)
      {
        outer += 1;
        long inner = 0;
#pragma omp taskgroup task_reduction(+ : inner)
        for (int j = 0; j < 10; j++) {
#pragma omp task in_reduction(+ : inner) in_reduction(+ : outer)
          {
            inner += j;
            outer += 100;
          }
        }
        EXPECT_EQ(inner, 45);
#pragma omp atomic
        inner_total += inner;
      }
    }
  }
  EXPECT_EQ(outer, 10 + 10000);
  EXPECT_EQ(inner_total, 450);
}

PROGRAM(task_reductions_of_a_region) {
  for (int round = 0; round < 5; round++) {
    long sum = 0;
    int array[3] = {0};
#pragma omp parallel reduction(task, + : sum, array)
    {
      sum += 1;
#pragma omp single nowait
      for (int i = 0; i < N; i++) {
#pragma omp task in_reduction(+ : sum, array)
        {
          sum += i;
          array[i % 3]++;
        }
      }
    }
    EXPECT_EQ(sum, expected + program_threads());
    EXPECT_EQ(array[0] + array[1] + array[2], N);
  }
}

#define PRAGMA(text) _Pragma(#text)
#define OF_A_LOOP(name, ...)                               \
  static void name(void) {                                 \
    long sum = 0;                                          \
    PRAGMA(omp parallel) {                                 \
      PRAGMA(omp for reduction(task, + : sum) __VA_ARGS__) \
      for (int i = 0; i < N; i++) {                        \
        sum += 1000;                                       \
        PRAGMA(omp task in_reduction(+ : sum))             \
        sum += i;                                          \
      }                                                    \
      EXPECT_EQ(sum, expected + 1000L * N);                \
    }                                                      \
    EXPECT_EQ(sum, expected + 1000L * N);                  \
  }
OF_A_LOOP(of_a_loop, )
OF_A_LOOP(of_a_static_loop, schedule(static, 3))
OF_A_LOOP(of_a_dynamic_loop, schedule(dynamic))
OF_A_LOOP(of_a_guided_loop, schedule(monotonic : guided))
OF_A_LOOP(of_a_runtime_loop, schedule(runtime))

PROGRAM(task_reductions_of_loops) {
  of_a_loop();
  of_a_static_loop();
  of_a_dynamic_loop();
  of_a_guided_loop();
  of_a_runtime_loop();
}

PROGRAM(task_reductions_of_a_combined_loop) {
  long sum = 0;
#pragma omp parallel for reduction(task, + : sum) schedule(dynamic, 2)
  for (int i = 0; i < N; i++) {
#pragma omp task in_reduction(+ : sum)
    sum += i;
  }
  EXPECT_EQ(sum, expected);
}

PROGRAM(task_reductions_of_sections) {
  long sum = 0;
#pragma omp parallel
  {
#pragma omp sections reduction(task, + : sum)
    {
#pragma omp section
      {
#pragma omp task in_reduction(+ : sum)
        sum += 1;
      }
#pragma omp section
      {
        sum += 10;
#pragma omp task in_reduction(+ : sum)
        sum += 100;
      }
    }
    EXPECT_EQ(sum, 111);
  }
}

PROGRAM(task_reductions_of_a_scope) {
  long sum = 0;
#pragma omp parallel
  {
#pragma omp scope reduction(task, + : sum)
    {
      sum += 1;
#pragma omp task in_reduction(+ : sum)
      sum += 10;
    }
    EXPECT_EQ(sum, 11L * omp_get_num_threads());
  }
}

typedef struct {
  long sum;
  int count;
} digest;

#pragma omp declare reduction(digest:digest                                               \
                              : omp_out.sum += omp_in.sum, omp_out.count += omp_in.count) \
    initializer(omp_priv = {0, 0})

PROGRAM(task_reductions_of_its_own) {
  digest whole = {0, 0};
#pragma omp parallel
#pragma omp single
  {
#pragma omp taskgroup task_reduction(digest : whole)
    for (int i = 0; i < N; i++) {
#pragma omp task in_reduction(digest : whole)
      {
        whole.sum += i;
        whole.count++;
      }
    }
  }
  EXPECT_EQ(whole.sum, expected);
  EXPECT_EQ(whole.count, N);
}

PROGRAM(task_reductions_alone) {
  long sum = 0;
#pragma omp taskgroup task_reduction(+ : sum)
  for (int i = 0; i < N; i++) {
#pragma omp task in_reduction(+ : sum)
    sum += i;
  }
  EXPECT_EQ(sum, expected);
}

#define EACH_ONCE(schedule_clause)                                                                     \
  {                                                                                                    \
    int ran = 0, last = -1;                                                                            \
    long sum = 0;                                                                                      \
    PRAGMA_OF_LOOP(omp parallel num_threads(4))                                                        \
 PRAGMA_OF_LOOP(omp for schedule_clause reduction(task, + : sum) firstprivate(last) lastprivate(last)) \
    for (int k = 0; k < 300; k++) {                                                                    \
      PRAGMA_OF_LOOP(omp atomic)                                                                       \
      ran++;                                                                                           \
      sum += k;                                                                                        \
      last = k;                                                                                        \
    }                                                                                                  \
    EXPECT_EQ(ran, 300);                                                                               \
    EXPECT_EQ(sum, 300 * 299 / 2);                                                                     \
    EXPECT_EQ(last, 299);                                                                              \
  }
#define PRAGMA_OF_LOOP(text) _Pragma(#text)

// Compiled code has a barrier between the call that begins such a loop and its first iteration: the loop goes on.
PROGRAM(task_reduction_and_lastprivate) {
  EACH_ONCE(schedule(static, 3))
  EACH_ONCE(schedule(dynamic))
  EACH_ONCE(schedule(monotonic : dynamic, 7))
  EACH_ONCE(schedule(guided))
  EACH_ONCE(schedule(runtime))
  EACH_ONCE(ordered schedule(dynamic))
}

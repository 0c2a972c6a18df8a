// SPDX-License-Identifier: MIT
// lastprivate.c: what comes out of a loop or of sections: the last iteration's values, whichever thread ran it.
#include "program.h"

#define PRAGMA(text) _Pragma(#text)
#define LAST_OF(name, ...)                                                                             \
  static void name(int n) {                                                                            \
    int last = -5, index = -1, both = 3;                                                               \
    double parts[2] = {0, 0};                                                                          \
    PRAGMA(omp parallel) {                                                                             \
      PRAGMA(omp for lastprivate(last, index, parts) firstprivate(both) lastprivate(both) __VA_ARGS__) \
      for (index = 0; index < n; index++) {                                                            \
        last = 10 * index;                                                                             \
        parts[1] = index / 2.0;                                                                        \
        both = both > 2 ? index + 3 : 0;                                                               \
      }                                                                                                \
    }                                                                                                  \
    EXPECT_EQ(index, n);                                                                               \
    EXPECT_EQ(last, 10 * (n - 1));                                                                     \
    EXPECT(parts[1] == (n - 1) / 2.0);                                                                 \
    EXPECT_EQ(both, n + 2);                                                                            \
  }
LAST_OF(by_static, schedule(static))
LAST_OF(by_static_chunks, schedule(static, 3))
LAST_OF(by_dynamic, schedule(dynamic))
LAST_OF(by_dynamic_chunks, schedule(monotonic : dynamic, 4))
LAST_OF(by_guided, schedule(guided))
LAST_OF(by_runtime, schedule(runtime))
LAST_OF(by_ordered, ordered schedule(dynamic))

PROGRAM(lastprivate_loops) {
  static const int lengths[] = {1, 2, 7, 100, 333};
  for (int i = 0; i < 5; i++) {
    by_static(lengths[i]);
    by_static_chunks(lengths[i]);
    by_dynamic(lengths[i]);
    by_dynamic_chunks(lengths[i]);
    by_guided(lengths[i]);
    by_runtime(lengths[i]);
    by_ordered(lengths[i]);
  }
}

PROGRAM(lastprivate_collapse) {
  int i, j, last = 0;
#pragma omp parallel for collapse(2) lastprivate(i, j, last) schedule(dynamic, 3)
  for (i = 0; i < 12; i++)
    for (j = 0; j < 9; j++) last = 100 * i + j;
  EXPECT_EQ(i, 12);
  EXPECT_EQ(j, 9);
  EXPECT_EQ(last, 1108);
}

PROGRAM(lastprivate_sections) {
  int last = 0;
  for (int round = 0; round < 20; round++) {
#pragma omp parallel sections lastprivate(last)
    {
#pragma omp section
      last = 1;
#pragma omp section
      last = 2;
#pragma omp section
      last = 30 + round;
    }
    EXPECT_EQ(last, 30 + round);
  }
}

// The value of the last iteration that assigned one.
#define CONDITIONAL(name, ...)                                                  \
  static void name(int n, int every) {                                          \
    int found = -1;                                                             \
    double also = -2;                                                           \
    PRAGMA(omp parallel for lastprivate(conditional : found, also) __VA_ARGS__) \
    for (int i = 0; i < n; i++) {                                               \
      if (i % every == every - 1) found = i;                                    \
      if (i % 50 == 20) also = i / 4.0;                                         \
    }                                                                           \
    EXPECT_EQ(found, n < every ? -1 : n / every * every - 1);                   \
    EXPECT(also == (n <= 20 ? -2 : ((n - 21) / 50 * 50 + 20) / 4.0));           \
  }
CONDITIONAL(conditional_static, schedule(static))
CONDITIONAL(conditional_static_chunks, schedule(static, 2))
CONDITIONAL(conditional_dynamic, schedule(dynamic, 3))
CONDITIONAL(conditional_guided, schedule(guided))
CONDITIONAL(conditional_runtime, schedule(runtime))

PROGRAM(lastprivate_conditional) {
  for (int n = 1; n < 200; n += 33) {
    for (int every = 1; every < 80; every += 13) {
      conditional_static(n, every);
      conditional_static_chunks(n, every);
      conditional_dynamic(n, every);
      conditional_guided(n, every);
      conditional_runtime(n, every);
    }
  }
}

PROGRAM(lastprivate_conditional_sections) {
  int found = 0, never = omp_get_num_threads() < 0;
#pragma omp parallel
#pragma omp sections lastprivate(conditional : found)
  {
#pragma omp section
    found = 1;
#pragma omp section
    found = 2;
#pragma omp section
    if (never) found = 3;
  }
  EXPECT_EQ(found, 2);
}

PROGRAM(lastprivate_linear) {
  int position = 7, total = 0;
  long far = 100;
#pragma omp parallel for linear(position : 3) linear(far : -2) reduction(+ : total) schedule(dynamic, 4)
  for (int i = 0; i < 50; i++) {
    EXPECT_EQ(position, 7 + 3 * i);
    EXPECT_EQ(far, 100 - 2 * i);
    total += position;
    position += 3;
    far -= 2;
  }
  EXPECT_EQ(position, 157);
  EXPECT_EQ(far, 0);
  EXPECT_EQ(total, 50 * 7 + 3 * 1225);
}

// The code that GCC makes looks at the end whether a thread's last chunk had the last iteration. So the thread that ran
// this one may run none after it, although others may still have many that are slow.
static void slow(void) {
  double end = omp_get_wtime() + 20e-6;
  while (omp_get_wtime() < end) continue;
}

PROGRAM(lastprivate_work_is_uneven) {
  for (int round = 0; round < 5; round++) {
    int last = -1, unequal = -1, position = 0;
#pragma omp parallel for lastprivate(last) schedule(dynamic)
    for (int i = 0; i < 400; i++) {
      if (i < 100) slow();
      last = i;
    }
    EXPECT_EQ(last, 399);
#pragma omp parallel for lastprivate(unequal) schedule(guided)
    for (int i = 0; i < 400; i++) {
      if (i < 100) slow();
      unequal = i;
    }
    EXPECT_EQ(unequal, 399);
#pragma omp parallel for linear(position : 2) schedule(nonmonotonic : dynamic, 2)
    for (unsigned long long i = 0; i < 400; i++) {
      if (i % 100 < 50) slow();
      position += 2;
    }
    EXPECT_EQ(position, 800);
  }
}

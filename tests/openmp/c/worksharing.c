// SPDX-License-Identifier: MIT
// worksharing.c: loops as programs write them: combined, orphaned, one after the other without barriers, collapsed.
#include <sched.h>

#include "program.h"

enum { N = 1000 };
static const long expected = (long)N * (N - 1) / 2;

static long sum;

static void orphaned(void) {
#pragma omp for schedule(dynamic, 10) reduction(+ : sum)
  for (int i = 0; i < N; i++) sum += i;
}

PROGRAM(worksharing_orphaned) {
#pragma omp parallel
  orphaned();
  EXPECT_EQ(sum, expected);
  orphaned();
  EXPECT_EQ(sum, 2 * expected);
}

PROGRAM(worksharing_combined) {
  for (int threads = 1; threads < 7; threads++) {
    long by_static = 0, by_dynamic = 0, by_guided = 0, by_runtime = 0, by_chunks = 0, by_auto = 0;
#pragma omp parallel for num_threads(threads) reduction(+ : by_static)
    for (int i = 0; i < N; i++) by_static += i;
#pragma omp parallel for num_threads(threads) schedule(dynamic) reduction(+ : by_dynamic)
    for (int i = 0; i < N; i++) by_dynamic += i;
#pragma omp parallel for num_threads(threads) schedule(monotonic : guided, 4) reduction(+ : by_guided)
    for (int i = 0; i < N; i++) by_guided += i;
#pragma omp parallel for num_threads(threads) schedule(runtime) reduction(+ : by_runtime)
    for (int i = 0; i < N; i++) by_runtime += i;
#pragma omp parallel for num_threads(threads) schedule(monotonic : dynamic, 7) reduction(+ : by_chunks)
    for (int i = 0; i < N; i++) by_chunks += i;
#pragma omp parallel for num_threads(threads) schedule(auto) reduction(+ : by_auto)
    for (int i = 0; i < N; i++) by_auto += i;
    EXPECT_EQ(by_static, expected);
    EXPECT_EQ(by_dynamic, expected);
    EXPECT_EQ(by_guided, expected);
    EXPECT_EQ(by_runtime, expected);
    EXPECT_EQ(by_chunks, expected);
    EXPECT_EQ(by_auto, expected);
  }
}

// A fast thread is many constructs ahead of a slow one, and each construct has its own state.
PROGRAM(worksharing_nowait) {
  static long sums[4][60];
#pragma omp parallel
  for (int round = 0; round < 60; round++) {
#pragma omp for schedule(dynamic, 5) nowait
    for (int i = 0; i < 100; i++) {
#pragma omp atomic
      sums[0][round] += i;
    }
#pragma omp for schedule(guided) nowait
    for (int i = 100; i > 0; i--) {
#pragma omp atomic
      sums[1][round] += i;
    }
#pragma omp sections nowait
    {
#pragma omp section
      sums[2][round] = round;
#pragma omp section
      sums[3][round] = -round;
    }
#pragma omp single nowait
    {
#pragma omp atomic
      sums[0][round]++;
    }
  }
  for (int round = 0; round < 60; round++) {
    EXPECT_EQ(sums[0][round], 4951);
    EXPECT_EQ(sums[1][round], 5050);
    EXPECT_EQ(sums[2][round], round);
    EXPECT_EQ(sums[3][round], -round);
  }
}

// Static loops of the same shape give each iteration to the same thread, so that no barrier is needed between them.
PROGRAM(worksharing_static_is_the_same) {
  static int owner[2][N];
#pragma omp parallel
  {
#pragma omp for schedule(static) nowait
    for (int i = 0; i < N; i++) owner[0][i] = omp_get_thread_num();
#pragma omp for schedule(static) nowait
    for (int i = 0; i < N; i++) EXPECT_EQ(owner[0][i], omp_get_thread_num());
#pragma omp for schedule(static, 3) nowait
    for (int i = 0; i < N; i++) owner[1][i] = omp_get_thread_num();
#pragma omp for schedule(static, 3) nowait
    for (int i = 0; i < N; i++) EXPECT_EQ(owner[1][i], omp_get_thread_num());
  }
  for (int i = 0; i < N; i++) EXPECT_EQ(owner[1][i], i / 3 % program_threads());
}

// A monotonic loop gives each thread its iterations in increasing order.
PROGRAM(worksharing_monotonic) {
#pragma omp parallel
  {
    int last = -1;
#pragma omp for schedule(monotonic : dynamic, 2)
    for (int i = 0; i < N; i++) {
      EXPECT(i > last);
      last = i;
    }
    last = -1;
#pragma omp for schedule(monotonic : guided)
    for (int i = 0; i < N; i++) {
      EXPECT(i > last);
      last = i;
    }
  }
}

#define PRAGMA(text) _Pragma(#text)

// Who has begun the last piece so far holds on to it until another thread has begun a later one, or has left the loop:
// so neighbouring pieces of a guided loop are two threads', and their lengths are seen. The first is no small part
// of a thread's share, and each is as large a part of what was left as the first was of all, but not below the least.
#define SHARES(name, least, ...)                                                                                   \
  static void name(void) {                                                                                         \
    static int owner[N];                                                                                           \
    int last = -1, left = 0, lengths[N], pieces = 0;                                                               \
    PRAGMA(omp parallel) {                                                                                         \
      PRAGMA(omp for nowait __VA_ARGS__)                                                                           \
      for (int i = 0; i < N; i++) {                                                                                \
        int seen = __atomic_load_n(&last, __ATOMIC_ACQUIRE);                                                       \
        while (i > seen && !__atomic_compare_exchange_n(&last, &seen, i, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) { \
        }                                                                                                          \
        while (omp_get_num_threads() > 1 && !__atomic_load_n(&left, __ATOMIC_ACQUIRE) &&                           \
               __atomic_load_n(&last, __ATOMIC_ACQUIRE) == i)                                                      \
          sched_yield();                                                                                           \
        owner[i] = omp_get_thread_num();                                                                           \
      }                                                                                                            \
      __atomic_store_n(&left, 1, __ATOMIC_RELEASE);                                                                \
    }                                                                                                              \
    for (int i = 0; i < N; i++) {                                                                                  \
      if (i == 0 || owner[i] != owner[i - 1]) lengths[pieces++] = 0;                                               \
      lengths[pieces - 1]++;                                                                                       \
    }                                                                                                              \
    EXPECT(lengths[0] >= N / (4 * program_threads()));                                                             \
    for (int piece = 0, unbegun = N; piece < pieces; unbegun -= lengths[piece++]) {                                \
      int share = lengths[0] * unbegun / N, expected = share < (least) ? (least) : share;                          \
      if (piece == pieces - 1) {                                                                                   \
        EXPECT_EQ(lengths[piece], unbegun);                                                                        \
      } else {                                                                                                     \
        EXPECT(lengths[piece] >= expected - 1 && lengths[piece] <= expected + 1);                                  \
        EXPECT(lengths[piece] >= (least));                                                                         \
      }                                                                                                            \
    }                                                                                                              \
  }
SHARES(shares, 1, schedule(guided))
SHARES(shares_of_three, 3, schedule(guided, 3))
SHARES(monotonic_shares, 1, schedule(monotonic : guided))
SHARES(shares_at_run_time, 5, schedule(runtime))

PROGRAM(worksharing_guided_shares) {
  shares();
  shares_of_three();
  monotonic_shares();
  omp_set_schedule(omp_sched_guided, 5);
  shares_at_run_time();
}

PROGRAM(worksharing_collapse) {
  static int times[20][30][4];
#pragma omp parallel
  {
#pragma omp for collapse(3) schedule(dynamic, 7)
    for (int i = 0; i < 20; i++)
      for (int j = 29; j >= 0; j--)
        for (int k = 0; k < 8; k += 2) {
#pragma omp atomic
          times[i][j][k / 2]++;
        }
#pragma omp for collapse(2) schedule(static)
    for (int i = 0; i < 20; i++)
      for (int j = 0; j < 30; j++)
        for (int k = 0; k < 4; k++) times[i][j][k]++;
#pragma omp for collapse(2) schedule(guided)
    for (unsigned long long i = 0; i < 20; i++)
      for (long j = 0; j < 30; j++) {
#pragma omp atomic
        times[i][j][0]++;
      }
  }
  for (int i = 0; i < 20; i++)
    for (int j = 0; j < 30; j++)
      for (int k = 0; k < 4; k++) EXPECT_EQ(times[i][j][k], k ? 2 : 3);
}

// The inner bounds depend on the outer counter.
PROGRAM(worksharing_triangle) {
  static int times[40][40];
#pragma omp parallel for collapse(2)
  for (int i = 0; i < 40; i++)
    for (int j = i; j < 40; j++) {
#pragma omp atomic
      times[i][j]++;
    }
#pragma omp parallel for collapse(2)
  for (int i = 0; i < 40; i++)
    for (int j = 0; j < i; j++) times[i][j]++;
  for (int i = 0; i < 40; i++)
    for (int j = 0; j < 40; j++) EXPECT_EQ(times[i][j], 1);
}

// An empty dimension makes the whole empty.
PROGRAM(worksharing_collapse_empty) {
  int ran = 0;
#pragma omp parallel for collapse(2) schedule(dynamic) reduction(+ : ran)
  for (int i = 0; i < 10; i++)
    for (int j = 5; j < 5; j++) ran++;
  EXPECT_EQ(ran, 0);
}

PROGRAM(worksharing_simd) {
  static double a[N], b[N];
  double total = 0;
#pragma omp parallel for simd schedule(simd : dynamic, 5) reduction(+ : total)
  for (int i = 0; i < N; i++) {
    a[i] = i;
    b[i] = 2 * a[i];
    total += b[i];
  }
  EXPECT(total == 2.0 * expected);
#pragma omp parallel
#pragma omp loop bind(parallel)
  for (int i = 0; i < N; i++) a[i] = b[i] + 1;
  for (int i = 0; i < N; i++) EXPECT(a[i] == 2.0 * i + 1);
}

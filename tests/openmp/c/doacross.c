// SPDX-License-Identifier: MIT
// doacross.c: loops whose iterations wait for others that they name.
#include "program.h"

enum { N = 60, M = 25 };

static long line[N + 1], grid[N + 1][M + 1], wanted[N + 1][M + 1];

#define PRAGMA(text) _Pragma(#text)
#define LINE(name, type, ...)                                           \
  static void name(void) {                                              \
    for (int i = 0; i <= N; i++) line[i] = 0;                           \
    PRAGMA(omp parallel) {                                              \
      PRAGMA(omp for ordered(1) __VA_ARGS__)                            \
      for (type i = 1; i <= N; i++) {                                   \
        PRAGMA(omp ordered depend(sink : i - 1))                        \
        long before = __atomic_load_n(&line[i - 1], __ATOMIC_RELAXED);  \
        __atomic_store_n(&line[i], before + (long)i, __ATOMIC_RELAXED); \
        PRAGMA(omp ordered depend(source))                              \
      }                                                                 \
    }                                                                   \
    for (long i = 0; i <= N; i++) EXPECT_EQ(line[i], i *(i + 1) / 2);   \
  }
LINE(line_static, int, schedule(static))
LINE(line_static_chunks, long, schedule(static, 3))
LINE(line_dynamic, int, schedule(dynamic))
LINE(line_dynamic_chunks, int, schedule(dynamic, 4))
LINE(line_guided, long, schedule(guided))
LINE(line_runtime, int, schedule(runtime))
LINE(line_auto, int, schedule(auto))
LINE(line_ull, unsigned long long, schedule(dynamic, 2))
LINE(line_ull_static, unsigned long long, schedule(static, 2))
LINE(line_ull_guided, unsigned long long, schedule(guided))
LINE(line_ull_runtime, unsigned long long, schedule(runtime))

PROGRAM(doacross_line) {
  line_static();
  line_static_chunks();
  line_dynamic();
  line_dynamic_chunks();
  line_guided();
  line_runtime();
  line_auto();
}

PROGRAM(doacross_line_ull) {
  line_ull();
  line_ull_static();
  line_ull_guided();
  line_ull_runtime();
}

static void clear_grid(void) {
  for (int i = 0; i <= N; i++)
    for (int j = 0; j <= M; j++) grid[i][j] = wanted[i][j] = 1;
  for (int i = 1; i <= N; i++)
    for (int j = 1; j <= M; j++) wanted[i][j] = (wanted[i - 1][j] + wanted[i][j - 1]) % 1000003;
}

static void expect_grid(void) {
  for (int i = 0; i <= N; i++)
    for (int j = 0; j <= M; j++) EXPECT_EQ(grid[i][j], wanted[i][j]);
}

#define GRID(name, type, ...)                                                   \
  static void name(void) {                                                      \
    clear_grid();                                                               \
    PRAGMA(omp parallel for ordered(2) __VA_ARGS__)                             \
    for (type i = 1; i <= N; i++)                                               \
      for (type j = 1; j <= M; j++) {                                           \
        PRAGMA(omp ordered depend(sink : i - 1, j) depend(sink : i, j - 1))     \
        __atomic_store_n(&grid[i][j],                                           \
                         (__atomic_load_n(&grid[i - 1][j], __ATOMIC_RELAXED) +  \
                          __atomic_load_n(&grid[i][j - 1], __ATOMIC_RELAXED)) % \
                             1000003,                                           \
                         __ATOMIC_RELAXED);                                     \
        PRAGMA(omp ordered depend(source))                                      \
      }                                                                         \
    expect_grid();                                                              \
  }
GRID(grid_static, int, schedule(static))
GRID(grid_static_1, int, schedule(static, 1))
GRID(grid_dynamic, long, schedule(dynamic))
GRID(grid_guided, int, schedule(guided, 2))
GRID(grid_ull, unsigned long long, schedule(dynamic))
GRID(grid_collapse, int, collapse(2) schedule(dynamic, 3))

PROGRAM(doacross_grid) {
  grid_static();
  grid_static_1();
  grid_dynamic();
  grid_guided();
  grid_ull();
}

PROGRAM(doacross_grid_collapse) { grid_collapse(); }

// Iterations that are not there need not be waited for, and the step is not one.
PROGRAM(doacross_steps) {
  for (int i = 0; i <= N; i++) line[i] = 0;
#pragma omp parallel for ordered(1) schedule(dynamic)
  for (int i = N; i >= 0; i -= 3) {
#pragma omp ordered depend(sink : i + 3)
    long before = i + 3 <= N ? __atomic_load_n(&line[i + 3], __ATOMIC_RELAXED) : 0;
    __atomic_store_n(&line[i], before + 1, __ATOMIC_RELAXED);
#pragma omp ordered depend(source)
  }
  for (int i = N; i >= 0; i -= 3) EXPECT_EQ(line[i], (N - i) / 3 + 1);
}

// Loops one after the other in one region.
PROGRAM(doacross_in_a_row) {
  static long rows[12][N + 1];
#pragma omp parallel
  for (int round = 0; round < 12; round++) {
#pragma omp for ordered(1) schedule(static, 1) nowait
    for (int i = 1; i <= N; i++) {
#pragma omp ordered depend(sink : i - 1)
      rows[round][i] = rows[round][i - 1] + round;
#pragma omp ordered depend(source)
    }
  }
  for (int round = 0; round < 12; round++) EXPECT_EQ(rows[round][N], (long)round * N);
}

PROGRAM(doacross_alone) {
  line[0] = 0;
#pragma omp for ordered(1) schedule(dynamic)
  for (int i = 1; i <= N; i++) {
#pragma omp ordered depend(sink : i - 1)
    line[i] = line[i - 1] + 1;
#pragma omp ordered depend(source)
  }
  EXPECT_EQ(line[N], N);
}

// Some of a loop's iterations wait and post; nobody waits for the others.
PROGRAM(doacross_of_some_iterations) {
  int latest = -1;
#pragma omp parallel for ordered(1) schedule(dynamic, 2)
  for (int i = 0; i < N; i++) {
    if (i % 3 != 0) continue;
#pragma omp ordered depend(sink : i - 3)
    EXPECT_EQ(__atomic_load_n(&latest, __ATOMIC_RELAXED), i == 0 ? -1 : i - 3);
    __atomic_store_n(&latest, i, __ATOMIC_RELAXED);
#pragma omp ordered depend(source)
  }
  EXPECT_EQ(latest, (N - 1) / 3 * 3);
}

static volatile int none;  // 0, which the compiler does not know

// Where an inner loop has no iterations there is nothing to do, and the outer variables come to their ends even so.
PROGRAM(doacross_without_iterations) {
  int i = -7, j = -7, k = -7, l = -7;
#pragma omp parallel
  {
#pragma omp for collapse(2) ordered(4) lastprivate(i, j, k)
    for (i = 0; i < none + 1; i++)
      for (j = none + 1; j >= 0; j--)
        for (k = 0; k < none; k++)
          for (l = 0; l < none + 2; l++) {
#pragma omp ordered depend(source)
#pragma omp ordered depend(sink : i - 2, j + 2, k - 2, l)
            EXPECT(!"an iteration");
          }
#pragma omp single
    {
      EXPECT_EQ(i, 1);
      EXPECT_EQ(j, -1);
      EXPECT_EQ(k, 0);
    }
#pragma omp for ordered(2) schedule(guided) nowait
    for (int a = none; a < none; a++)
      for (int b = 0; b < 3; b++) {
#pragma omp ordered depend(sink : a - 1, b)
        EXPECT(!"an iteration");
#pragma omp ordered depend(source)
      }
  }
}

// C lets blocks nest 127 deep, C++ 256. MANY(LOOP) are 128 loops of one iteration, and MANY(COMMA) what they are at.
#define FOUR(what, n) what(n##0) what(n##1) what(n##2) what(n##3)
#define SIXTEEN(what, n) FOUR(what, n##0) FOUR(what, n##1) FOUR(what, n##2) FOUR(what, n##3)
#define SIXTY_FOUR(what, n) SIXTEEN(what, n##0) SIXTEEN(what, n##1) SIXTEEN(what, n##2) SIXTEEN(what, n##3)
#define MANY(what) SIXTY_FOUR(what, x) SIXTY_FOUR(what, y)
#define LOOP(n) for (int n = 0; n < 1; n++)
#define COMMA(n) , n

PROGRAM(doacross_of_many_loops) {
  clear_grid();
#pragma omp parallel for collapse(2) ordered(130) schedule(dynamic, 3)
  for (int i = 1; i <= N; i++)
    for (int j = 1; j <= M; j++) MANY(LOOP) {
#pragma omp ordered depend(sink : i - 1, j MANY(COMMA)) depend(sink : i, j - 1 MANY(COMMA))
        long above = __atomic_load_n(&grid[i - 1][j], __ATOMIC_RELAXED);
        long before = __atomic_load_n(&grid[i][j - 1], __ATOMIC_RELAXED);
        __atomic_store_n(&grid[i][j], (above + before) % 1000003, __ATOMIC_RELAXED);
#pragma omp ordered depend(source)
      }
  expect_grid();
}

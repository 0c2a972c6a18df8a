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

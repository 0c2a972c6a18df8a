// SPDX-License-Identifier: MIT
// at_once.c: all threads of a team run at the same time, as real threads: each waits for flags that the others set,
// with no help of the library. Where fewer come than omp_get_num_threads says, these programs hang.
#include <sched.h>

#include "program.h"

enum { MOST = 64 };

static int flags[MOST];

static int load(int *flag) { return __atomic_load_n(flag, __ATOMIC_ACQUIRE); }
static void store(int *flag, int value) { __atomic_store_n(flag, value, __ATOMIC_RELEASE); }
static void wait_for(int *flag, int value) {
  while (load(flag) < value) sched_yield();
}

PROGRAM(at_once_flags) {
  for (int round = 1; round <= 30; round++) {
#pragma omp parallel
    {
      int threads = omp_get_num_threads();
      store(&flags[omp_get_thread_num()], round);
      for (int i = 0; i < threads; i++) wait_for(&flags[i], round);
    }
  }
}

// Without yielding, as many programs do: the threads have to be preempted, not just scheduled in turns.
PROGRAM(at_once_spinning) {
#pragma omp parallel
  {
    int threads = omp_get_num_threads(), here = omp_get_thread_num();
    for (int round = 1; round <= 3; round++) {
      store(&flags[here], round);
      while (load(&flags[(here + 1) % threads]) < round) continue;
    }
  }
}

// A pipeline over lines, as the LU kernel of the NAS benchmarks has it: each thread goes on when its left one has.
PROGRAM(at_once_pipeline) {
  enum { LINES = 50 };
  static long cells[MOST][LINES];
#pragma omp parallel
  {
    int here = omp_get_thread_num();
    for (int line = 0; line < LINES; line++) {
      if (here) wait_for(&flags[here - 1], line + 1);
      cells[here][line] = (here ? cells[here - 1][line] : 0) + line + 1;
      store(&flags[here], line + 1);
    }
  }
  for (int line = 0; line < LINES; line++)
    EXPECT_EQ(cells[program_threads() - 1][line], (line + 1L) * program_threads());
}

// A barrier of the program's own, which counts and turns.
static int arrived, turn;

static void own_barrier(int threads) {
  int now = load(&turn);
  if (__atomic_add_fetch(&arrived, 1, __ATOMIC_ACQ_REL) == threads) {
    arrived = 0;
    store(&turn, now + 1);
  } else {
    wait_for(&turn, now + 1);
  }
}

PROGRAM(at_once_own_barrier) {
  int steps = 0;
#pragma omp parallel num_threads(6)
  for (int round = 1; round <= 20; round++) {
#pragma omp atomic
    steps++;
    own_barrier(6);
    EXPECT_EQ(steps, 6 * round);
    own_barrier(6);
  }
}

// Static loops give each thread a part, so that iterations may wait for those of other threads.
PROGRAM(at_once_static_loop) {
  for (int round = 1; round <= 10; round++) {
#pragma omp parallel num_threads(5)
    {
#pragma omp for schedule(static, 1)
      for (int i = 0; i < 5; i++) {
        store(&flags[i], round);
        wait_for(&flags[(i + 1) % 5], round);
      }
    }
  }
}

PROGRAM(at_once_nested) {
  static int inner[3][2];
  omp_set_max_active_levels(2);
  for (int round = 1; round <= 10; round++) {
#pragma omp parallel num_threads(3)
    {
      int outer = omp_get_thread_num();
#pragma omp parallel num_threads(2)
      {
        store(&inner[outer][omp_get_thread_num()], round);
        for (int i = 0; i < 3; i++) {
          for (int j = 0; j < 2; j++) wait_for(&inner[i][j], round);  // of the other teams, too
        }
      }
    }
  }
}

PROGRAM(at_once_sections) {
  for (int round = 1; round <= 10; round++) {
#pragma omp parallel sections num_threads(2)
    {
#pragma omp section
      {
        store(&flags[0], round);
        wait_for(&flags[1], round);
      }
#pragma omp section
      {
        store(&flags[1], round);
        wait_for(&flags[0], round);
      }
    }
  }
}

// SPDX-License-Identifier: MIT
// barrier.c: what was written before a barrier is read after it.
#include "program.h"

enum { MOST = 64 };

static int slots[MOST];

PROGRAM(barrier_shift) {
#pragma omp parallel
  {
    int here = omp_get_thread_num(), threads = omp_get_num_threads();
    for (int round = 0; round < 200; round++) {
      slots[here] = round * threads + here;
#pragma omp barrier
      int neighbour = (here + 1) % threads;
      EXPECT_EQ(slots[neighbour], round * threads + neighbour);
#pragma omp barrier
    }
  }
}

static void orphaned(void){
#pragma omp barrier
}

PROGRAM(barrier_orphaned) {
  int arrived = 0;
#pragma omp parallel num_threads(5)
  for (int round = 1; round <= 50; round++) {
#pragma omp atomic
    arrived++;
    orphaned();
    EXPECT_EQ(arrived, 5 * round);
    orphaned();
  }
  orphaned();  // alone there is nothing to wait for
}

// The ends of constructs are barriers, too.
PROGRAM(barrier_of_constructs) {
  static int values[100];
#pragma omp parallel
  for (int round = 1; round <= 30; round++) {
#pragma omp for schedule(dynamic, 3)
    for (int i = 0; i < 100; i++) values[i] = round * i;
    for (int i = 0; i < 100; i++) EXPECT_EQ(values[i], round * i);
#pragma omp barrier
#pragma omp for schedule(static)
    for (int i = 0; i < 100; i++) values[99 - i] = round + i;
    for (int i = 0; i < 100; i++) EXPECT_EQ(values[99 - i], round + i);
#pragma omp barrier
#pragma omp sections
    {
#pragma omp section
      values[0] = -round;
#pragma omp section
      values[1] = -round;
    }
    EXPECT_EQ(values[0] + values[1], -2 * round);
#pragma omp barrier
  }
}

PROGRAM(barrier_flush) {
  static int data, ready;
#pragma omp parallel num_threads(2)
  {
    if (omp_get_thread_num() == 0) {
      data = 42;
#pragma omp flush
#pragma omp atomic write
      ready = 1;
    } else {
      int seen = 0;
      while (!seen) {
#pragma omp atomic read
        seen = ready;
      }
#pragma omp flush
      EXPECT_EQ(data, 42);
    }
  }
  ready = 0;
#pragma omp parallel num_threads(2)
  {
    if (omp_get_thread_num() == 0) {
      data = 43;
#pragma omp atomic write release
      ready = 1;
    } else {
      int seen = 0;
      while (!seen) {
#pragma omp atomic read acquire
        seen = ready;
      }
      EXPECT_EQ(data, 43);
    }
  }
}

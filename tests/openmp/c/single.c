// SPDX-License-Identifier: MIT
// single.c: what one thread of a team runs: single, copyprivate, master and masked; and scope, which all run.
#include "program.h"

PROGRAM(single_once) {
  int count = 0;
#pragma omp parallel
  for (int round = 1; round <= 100; round++) {
#pragma omp single
    count++;
    EXPECT_EQ(count, round);
#pragma omp barrier
  }
  EXPECT_EQ(count, 100);
}

PROGRAM(single_nowait) {
  static int counts[200];
#pragma omp parallel
  for (int round = 0; round < 200; round++) {
#pragma omp single nowait
    counts[round]++;
  }
  for (int round = 0; round < 200; round++) EXPECT_EQ(counts[round], 1);
}

PROGRAM(single_alone) {
  int count = 0;
#pragma omp single
  count++;
#pragma omp single nowait
  count++;
  int value = 0;
#pragma omp single copyprivate(value)
  value = 4;
  EXPECT_EQ(count, 2);
  EXPECT_EQ(value, 4);
}

typedef struct {
  double x[20];
  int n;
} record;

PROGRAM(single_copyprivate) {
#pragma omp parallel
  for (int round = 0; round < 50; round++) {
    int number = -1, *address = NULL;
    record whole = {{0}, -1};
#pragma omp single copyprivate(number, whole, address)
    {
      number = round;
      whole.n = 2 * round;
      whole.x[19] = round / 2.0;
      address = &number;
    }
    EXPECT_EQ(number, round);
    EXPECT_EQ(whole.n, 2 * round);
    EXPECT(whole.x[19] == round / 2.0);
    EXPECT(address != NULL);
    number = -2;  // each has its own
  }
}

PROGRAM(single_firstprivate) {
  int start = 8;
#pragma omp parallel
  {
#pragma omp single firstprivate(start)
    {
      EXPECT_EQ(start, 8);
      start = 0;
    }
    EXPECT_EQ(start, 8);
  }
}

PROGRAM(single_master) {
  int count = 0, filtered = 0, by_last = 0;
#pragma omp parallel
  for (int round = 0; round < 50; round++) {
#pragma omp master
    {
      EXPECT_EQ(omp_get_thread_num(), 0);
      count++;
    }
#pragma omp masked filter(omp_get_num_threads() - 1)
    {
      EXPECT_EQ(omp_get_thread_num(), omp_get_num_threads() - 1);
      by_last++;
    }
#pragma omp masked filter(100)
    filtered++;  // no thread has this number
  }
  EXPECT_EQ(count, 50);
  EXPECT_EQ(by_last, 50);
  EXPECT_EQ(filtered, 0);
}

PROGRAM(single_scope) {
  long sum = 0;
  int most = -1;
#pragma omp parallel
  {
    int mine = 7;
#pragma omp scope private(mine) reduction(+ : sum) reduction(max : most)
    {
      mine = omp_get_thread_num();
      sum += mine;
      if (mine > most) most = mine;
    }
    EXPECT_EQ(mine, 7);
    EXPECT_EQ(most, omp_get_num_threads() - 1);
#pragma omp scope reduction(+ : sum) nowait
    sum += 1000;
  }
  long threads = program_threads();
  EXPECT_EQ(sum, threads * (threads - 1) / 2 + 1000 * threads);
}

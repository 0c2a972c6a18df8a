// SPDX-License-Identifier: MIT
// forking.h: how programs of this suite fork that have had threads.
#ifndef FORKING_H
#define FORKING_H

#include <string.h>
#include <unistd.h>

#include "program.h"

// Locks of AddressSanitizer's allocator stay taken in the child: threads that begin or end are given time to leave it.
static inline pid_t fork_quietly(void) {
#ifdef __SANITIZE_ADDRESS__
  usleep(20000);
#endif
  return fork();
}

// The child's threads may have the stacks of those that it has not, and write over what lies there: it begins regions
// of so many threads, inside of what it is inside of.
static inline void run_over_stacks(int threads) {
  const int level = omp_get_level();
  for (int round = 0; round < 3; round++) {
    int members = 0;
    long sum = 0;
#pragma omp parallel num_threads(threads) reduction(+ : members)
    {
      volatile char frame[4000];
      memset((void *)frame, 0x5a, sizeof frame);
      members++;
      EXPECT_EQ(omp_get_level(), level + 1);
      EXPECT_EQ(omp_get_ancestor_thread_num(0), 0);
#pragma omp for schedule(dynamic) reduction(+ : sum)
      for (int i = 0; i < 100; i++) sum += i;
    }
    EXPECT_EQ(members, threads);
    EXPECT_EQ(sum, 4950);
  }
}

#endif

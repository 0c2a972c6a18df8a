// SPDX-License-Identifier: MIT
// ends.c: regions while the process ends, and what is left of a team that the process leaves.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "program.h"

static void region_at_exit(void) {
  int members = 0;
#pragma omp parallel num_threads(3) reduction(+ : members)
  members++;
  EXPECT_EQ(members, 3);
  long sum = 0;
#pragma omp parallel for schedule(dynamic) reduction(+ : sum)
  for (int i = 0; i < 100; i++) sum += i;
  EXPECT_EQ(sum, 4950);
  if (!program_is_right()) _exit(1);  // main() has returned already
}

PROGRAM(ends_exit_handler) {
  atexit(region_at_exit);
#pragma omp parallel
  EXPECT_EQ(omp_get_num_threads(), program_threads());
}

PROGRAM(ends_exit_handler_alone) { atexit(region_at_exit); }

static int has_destructor;

__attribute__((destructor)) static void region_in_destructor(void) {
  if (has_destructor) region_at_exit();
}

PROGRAM(ends_destructor) {
  has_destructor = 1;
#pragma omp parallel
  EXPECT_EQ(omp_get_num_threads(), program_threads());
}

// A member calls exit() in the midst of a region, while the others wait at a barrier that never opens.
PROGRAM(ends_in_a_region) {
#pragma omp parallel num_threads(4)
  {
    if (omp_get_thread_num() == 2) exit(program_is_right() ? 0 : 1);
#pragma omp barrier
  }
}

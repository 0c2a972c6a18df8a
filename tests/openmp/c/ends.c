// SPDX-License-Identifier: MIT
// ends.c: regions while the process ends, and what is left of a team that the process leaves.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ending.h"
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

void GOMP_task_reduction_remap(size_t count, size_t originals, void **pointers);

static void reduce_nothing(void *arg) { GOMP_task_reduction_remap(1, 0, &arg); }

// The place is named, which stays the same in each run, and not the variable's address.
PROGRAM_OF_OURS(ends_in_reduction_of_none) {
  char text[ENDING_TEXT];
  EXPECT_EQ(ending_run(reduce_nothing, text, text), 1);
  EXPECT(strstr(text, "in_reduction (openmp_c+0x") != NULL);
  EXPECT(strstr(text, "): no construct around the task reduces such a variable\n") != NULL);
}

static void come_to_errors(void *arg) {
  const char *message = arg;
#pragma omp error at(execution) severity(warning)
#pragma omp error at(execution) severity(warning) message(message)
#pragma omp error at(execution) severity(fatal) message("the end")
  abort();
}

// Tools, and the tests of compilers, look for these lines.
PROGRAM(ends_by_the_directive_error) {
  char message[] = "not yet", text[ENDING_TEXT];
  EXPECT_EQ(ending_run(come_to_errors, message, text), 1);
  EXPECT_EQ(strcmp(text,
                   "\nlibgomp: error directive encountered\n"
                   "\nlibgomp: error directive encountered: not yet\n"
                   "\nlibgomp: fatal error: error directive encountered: the end\n"),
            0);
}

static void leave(void) { exit(program_is_right() ? 0 : 1); }

// The same in a task, which may be run by a thread that waits at the region's end.
PROGRAM(ends_in_a_task) {
#pragma omp parallel num_threads(4)
#pragma omp single
  for (int i = 0; i < 40; i++) {
#pragma omp task
    {
      usleep(100);
      if (i == 20) leave();
    }
  }
  EXPECT(!"the region's end");
}

// The same in one of several teams that are at work at once, whose primary threads belong to an outer team.
PROGRAM(ends_in_a_nested_region) {
  omp_set_max_active_levels(2);
#pragma omp parallel num_threads(3)
#pragma omp parallel num_threads(2)
  {
    if (omp_get_ancestor_thread_num(1) == 1 && omp_get_thread_num() == 1) leave();
#pragma omp barrier
    usleep(100);
  }
  EXPECT(!"the region's end");
}

// The same in a league.
PROGRAM(ends_in_a_team) {
#pragma omp teams num_teams(3)
#pragma omp parallel num_threads(2)
  if (omp_get_team_num() == 2 && omp_get_thread_num() == 1) leave();
  EXPECT(!"the league's end");
}

/* SPDX-License-Identifier: MIT */
/* openmp_tasks.c: what OpenMP's constructs of tasks cost, one compiled program on several runtimes. */
#include "suites/suite.h"

#define TASK(text, which, size, team_group, team)                                             \
  {                                                                                           \
    .name = (text), .group = (team_group), .kernel = (which), .n = (size), .threads = (team), \
    .unit = BENCH_PER_CONSTRUCT                                                               \
  }

#define TASKS(suffix, g, team)                                                        \
  TASK("task, all threads make them" suffix, "task_all", 1, g, team),                 \
      TASK("task, one thread makes them" suffix, "task_single", 1, g, team),          \
      TASK("task if(false)" suffix, "task_if_false", 1, g, team),                     \
      TASK("task and taskwait" suffix, "task_wait", 1, g, team),                      \
      TASK("taskgroup of one task" suffix, "task_group", 1, g, team),                 \
      TASK("task of eight tasks" suffix, "task_nested", 1, g, team),                  \
      TASK("depend, one chain" suffix, "task_chain", 1, g, team),                     \
      TASK("depend, four chains" suffix, "task_chains", 1, g, team),                  \
      TASK("task_reduction" suffix, "task_reduction", 1, g, team),                    \
      TASK("taskloop of 1000" suffix, "task_loop", 1000, g, team),                    \
      TASK("taskloop of 1000, grainsize(1)" suffix, "task_loop_fine", 1000, g, team), \
      TASK("taskyield" suffix, "task_yield", 1, g, team)

static const bench_case cases[] = {
    TASKS("", "T", 0),
    TASKS(", 2T", "2T", BENCH_TIMES_THREADS(2)),
    TASKS(", 4T", "4T", BENCH_TIMES_THREADS(4)),
};

const bench_suite bench_openmp_tasks = {
    .name = "openmp-tasks",
    .heading = "each construct of OpenMP's tasks, one program on three runtimes; the bodies are empty",
    .why =
        "What a task costs says how small it may be. The time is one construct's: of a task whose\n"
        "eight children it waits for, that of all nine. On request, as openmp.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .subject = BENCH_OPENMP_SUBJECT,
    .peers = BENCH_OPENMP_PEERS,
    .to_better = true,
};

/* SPDX-License-Identifier: MIT */
/* openmp_process.c: what a process pays for its runtime, one compiled program on several. */
#include "suites/suite.h"

#define FIRST(text, which, its_unit)                                                                            \
  {                                                                                                             \
    .name = (text), .group = "first", .kernel = "process_first", .n = 1, .figure = (which), .unit = (its_unit), \
    .rounds = 15, .quick_rounds = 9                                                                             \
  }
#define LAST(text, which, its_unit)                                                                           \
  {                                                                                                           \
    .name = (text), .group = "last", .kernel = "process_last", .n = 1, .figure = (which), .unit = (its_unit), \
    .rounds = 7, .quick_rounds = 3                                                                            \
  }

static const bench_case cases[] = {
    FIRST("first region", 0, BENCH_PER_RUN),
    FIRST("a process of one region", 1, BENCH_PER_RUN),
    LAST("CPU time of a second's rest", 0, BENCH_PER_RUN),
    LAST("threads after it", 1, BENCH_THREADS),
    LAST("memory after it", 2, BENCH_KILOBYTES),
};

const bench_suite bench_openmp_process = {
    .name = "openmp-process",
    .heading = "the first region of a process, and what is there after its last, on three runtimes",
    .why =
        "Short programs pay for their runtime's start; long ones that compute now and then pay for\n"
        "threads and memory that nobody uses. A process of one region: from its start to its end.\n"
        "Memory: what is this process's alone. On request, as openmp.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .subject = BENCH_OPENMP_SUBJECT,
    .peers = BENCH_OPENMP_PEERS,
    .to_better = true,
};

/* SPDX-License-Identifier: MIT */
/* scaling.c: the same loop on ever more threads. */
#include "suites/suite.h"

#define COMPUTE(text, count, skipped)                                                                                \
  {                                                                                                                  \
    .name = "compute, " text, .group = "compute", .kernel = "flat", .n = 20000, .quick_n = 2000, .threads = (count), \
    .below_threads = (count) != 0, .without = (skipped)                                                              \
  }
#define MEMORY(text, count, skipped)                                                                  \
  {                                                                                                   \
    .name = "memory, " text, .group = "memory", .kernel = "triad", .n = 20000000, .quick_n = 2000000, \
    .threads = (count), .below_threads = (count) != 0, .without = (skipped)                           \
  }

/* The serial peer has one row of each group. */
#define ROWS(X)                                                                                                      \
  X("1 thread", 1, "serial"), X("2 threads", 2, "serial"), X("4 threads", 4, "serial"), X("8 threads", 8, "serial"), \
      X("16 threads", 16, "serial"), X("32 threads", 32, "serial"), X("64 threads", 64, "serial"),                   \
      X("128 threads", 128, "serial"), X("256 threads", 256, "serial"), X("512 threads", 512, "serial"),             \
      X("1024 threads", 1024, "serial"), X("T threads", 0, NULL)

static const bench_case cases[] = {ROWS(COMPUTE), ROWS(MEMORY)};

const bench_suite bench_scaling = {
    .name = "scaling",
    .heading = "a loop that computes and one that waits for memory, on 1, 2, 4, ... threads up to T",
    .why =
        "How much of each further processor a loop gets. One that computes (iterations of 1 us)\n"
        "should get all of it; one that streams through vectors (a triad) gets what the memory\n"
        "gives, which no library can change. Rows of more threads than T are left out.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .in_speedups = true,
};

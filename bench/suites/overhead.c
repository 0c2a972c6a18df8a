/* SPDX-License-Identifier: MIT */
/* overhead.c: what a loop costs when its iterations cost nothing. */
#include "suites/suite.h"

#define EMPTY(label, iterations) \
  { .name = (label), .kernel = "empty", .n = (iterations) }

static const bench_case cases[] = {
    EMPTY("empty, T iterations", BENCH_N_THREADS),
    EMPTY("empty, 2 iterations", 2),
    EMPTY("empty, 16 iterations", 16),
    EMPTY("empty, 128 iterations", 128),
    EMPTY("empty, 1024 iterations", 1024),
    EMPTY("empty, 8192 iterations", 8192),
    {.name = "sum of 2 doubles", .kernel = "sum", .n = 2},
    {.name = "sum of 1024 doubles", .kernel = "sum", .n = 1024},
};

const bench_suite bench_overhead = {
    .name = "overhead",
    .heading = "the time of a whole parallel loop whose iterations do next to nothing",
    .why =
        "The price of going parallel. A loop pays off once its serial time is several times\n"
        "this. Compare with the cache-line round trip: two threads cannot start and finish\n"
        "a loop together in less.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .in_roundtrips = true,
};

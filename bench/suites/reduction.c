/* SPDX-License-Identifier: MIT */
/* reduction.c: loops that fold into one value, and the price of the same bits for every thread count. */
#include "suites/suite.h"

/* A plain and a reproducible sum run in the same rounds, so that they can be held against each other. */
#define SUMS(where, size, quick_size)                                                                                \
  {.name = "sum, " where, .group = where, .kernel = "sum", .n = (size), .quick_n = (quick_size)}, {                  \
    .name = "reproducible, " where, .group = where, .kernel = "sum", .ppar_kernel = "sum_reproducible", .n = (size), \
    .quick_n = (quick_size)                                                                                          \
  }

static const bench_case cases[] = {
    SUMS("in memory", 100000000, 10000000),
    SUMS("100000", 100000, 100000),
    {.name = "max, 100000", .kernel = "max", .n = 100000},
    {.name = "min, 100000", .kernel = "min", .n = 100000},
    {.name = "count, 100000", .kernel = "count", .n = 100000},
};

const bench_suite bench_reduction = {
    .name = "reduction",
    .heading = "sums and other reductions of doubles; reproducible ones give the same bits for any T",
    .why =
        "Floating-point sums change with the number of threads and with the schedule. A\n"
        "reproducible sum does not, and should cost next to nothing more. Its ratio here is to\n"
        "OpenMP's plain sum; the headline holds it against ppar's own.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
};

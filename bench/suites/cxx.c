/* SPDX-License-Identifier: MIT */
/* cxx.c: the same loops in C and by ppar.hpp. */
#include "suites/suite.h"

/* Both are measured in the same rounds, so that they can be held against each other. */
#define BOTH(label, which, size, quick_size)                                                                           \
  {                                                                                                                    \
    .name = (label), .group = (label), .kernel = (which), .n = (size), .quick_n = (quick_size), .against = "ppar_cxx", \
    .without = "serial,openmp,tbb,pthreadpool"                                                                         \
  }

static const bench_case cases[] = {
    BOTH("empty, 2 iterations", "empty", 2, 2),           BOTH("scale, 10000", "scale", 10000, 10000),
    BOTH("scale, in memory", "scale", 20000000, 5000000), BOTH("dot, 10000", "dot", 10000, 10000),
    BOTH("dot, in memory", "dot", 20000000, 5000000),     BOTH("sum, 100000", "sum", 100000, 100000),
};

const bench_suite bench_cxx = {
    .name = "cxx",
    .heading = "the same loops in C, and over lambdas by ppar.hpp",
    .why =
        "A lambda must cost no more than a body of C: it is inlined into the chunk's loop, which\n"
        "vectorises as C's does. The ratio is ppar's to ppar.hpp's: 1.00 within what the rounds\n"
        "differ by.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
};

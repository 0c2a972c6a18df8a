/* SPDX-License-Identifier: MIT */
/* random.c: random numbers, one call or one array at a time. */
#include "suites/suite.h"

#define OTHERS "openmp,tbb,pthreadpool"
#define DRAW(text, which)                                                                                     \
  {                                                                                                           \
    .name = (text), .group = "draw", .kernel = (which), .n = 1000000, .quick_n = 100000, .against = "serial", \
    .without = OTHERS, .unit = BENCH_PER_ITERATION                                                            \
  }
#define FILL(text, which)                                                                                      \
  {                                                                                                            \
    .name = (text), .group = "fill", .kernel = (which), .n = 1000000, .quick_n = 1000000, .against = "serial", \
    .without = OTHERS, .unit = BENCH_PER_ITERATION                                                             \
  }

static const bench_case cases[] = {
    DRAW("32 bits; random_r (31)", "random_u32"),
    DRAW("64 bits; two of random_r (62)", "random_u64"),
    DRAW("uniform double; drand48", "random_f64"),
    DRAW("uniform double; drand48_r", "random_f64_r"),
    DRAW("below 1000003; random_r, %", "random_below"),
    DRAW("normal; drand48_r, polar", "random_normal"),
    DRAW("exponential; drand48_r, log", "random_exponential"),
    DRAW("a stream's first; srand48_r", "random_stream"),
    FILL("array, uniform; drand48_r", "random_fill"),
    FILL("array, normal; drand48_r, polar", "random_fill_normal"),
    FILL("array in random order", "random_order"),
};

const bench_suite bench_random = {
    .name = "random",
    .heading = "random numbers: a call of ppar's on one thread, and arrays on all; beside the C library's",
    .why =
        "What a number costs, in ns. Behind the semicolon is what the serial column does, with\n"
        "what the C library has: its states lie in the kernel, where a call takes one, and its\n"
        "generators have fewer bits and no streams. bench/random_numpy.py sets the arrays beside\n"
        "NumPy's, which makes them by the same method. The rows of arrays run on all threads\n"
        "under ppar, with the same bits on any number.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
};

/* SPDX-License-Identifier: MIT */
/* imbalance.c: loops whose iterations do not take the same time. */
#include "suites/suite.h"

/* All in the same rounds, so that each can be held against each other and against the serial time divided by T. Few
 * rounds: each of a peer's turns searches anew. */
#define SHAPE(text, which)                                                                                 \
  {.name = (text), .group = "imbalance", .kernel = (which), .n = 4000, .quick_n = 2000, .rounds = 9}, {    \
    .name = text ", searched", .group = "imbalance", .kernel = (which), .schedule = "searched", .n = 4000, \
    .quick_n = 2000, .without = "serial", .rounds = 9                                                      \
  }

static const bench_case cases[] = {
    SHAPE("rising", "rising"),       SHAPE("falling", "falling"),     SHAPE("random", "random"),
    SHAPE("power law", "power_law"), SHAPE("one heavy", "one_heavy"), SHAPE("Mandelbrot", "mandelbrot"),
};

const bench_suite bench_imbalance = {
    .name = "imbalance",
    .heading = "loops of 4000 (--quick: 2000) iterations that differ, of 1.5 us on average",
    .why =
        "Threads that are done wait for the last one. Without a schedule chosen by hand a loop\n"
        "should take its total work / T, whatever its shape: a triangle either way, random, a few\n"
        "that take most, one that takes an eighth of the whole, rows of a Mandelbrot picture. First\n"
        "each peer as it is unasked (ppar: auto, OpenMP: static, oneTBB: auto_partitioner); then,\n"
        "\"searched\", the fastest it has: static, and static, dynamic and guided with chunks of 1,\n"
        "4, 16, 64 and 256; oneTBB's partitioners; pthreadpool's tiles. The search is not timed; what\n"
        "it found is said.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .in_speedups = true,
};

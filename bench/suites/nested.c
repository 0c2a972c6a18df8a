/* SPDX-License-Identifier: MIT */
/* nested.c: loops in loops, and loops from many threads at once. */
#include "suites/suite.h"

enum { INNER = 1000, QUICK_INNER = 200, CALLERS = 8, CALLER_LOOPS = 1000, QUICK_CALLER_LOOPS = 25 };

/* The same iterations as loops in a loop, under OpenMP also with its default of one active level, whose inner loops
 * each run on one thread, and as one loop. */
#define NESTED(count)                                                                                        \
  {.name = "outer " #count,                                                                                  \
   .group = "outer " #count,                                                                                 \
   .kernel = "nested",                                                                                       \
   .n = (count)*INNER,                                                                                       \
   .quick_n = (count)*QUICK_INNER,                                                                           \
   .outer = (count)},                                                                                        \
      {.name = "outer " #count ", one level",                                                                \
       .group = "outer " #count,                                                                             \
       .kernel = "nested_one_level",                                                                         \
       .ppar_kernel = "nested",                                                                              \
       .n = (count)*INNER,                                                                                   \
       .quick_n = (count)*QUICK_INNER,                                                                       \
       .outer = (count),                                                                                     \
       .without = "serial,tbb,pthreadpool"},                                                                 \
  {                                                                                                          \
    .name = "outer " #count ", as one loop", .group = "outer " #count, .kernel = "flat", .n = (count)*INNER, \
    .quick_n = (count)*QUICK_INNER, .outer = (count), .without = "serial"                                    \
  }

#define EMPTY(text, size) \
  { .name = (text), .kernel = "nested_empty", .n = 2 * (size), .outer = 2, .against = "tbb" }

/* As many loops of some ten microseconds in all, from so many threads. */
#define CALLS(text, count, skipped)                                                                              \
  {                                                                                                              \
    .name = (text), .group = "callers", .kernel = "callers", .n = CALLERS * CALLER_LOOPS,                        \
    .quick_n = CALLERS * QUICK_CALLER_LOOPS, .outer = (count), .unit = BENCH_PER_ITERATION, .without = (skipped) \
  }

static const bench_case cases[] = {
    NESTED(2),
    NESTED(3),
    NESTED(4),
    NESTED(8),
    NESTED(16),
    NESTED(64),
    CALLS("loops from 8 threads", CALLERS, "serial"),
    CALLS("loops from 1 thread", 1, NULL),
    EMPTY("2 x 100 empty", 100),
    EMPTY("2 x 1000 empty", 1000),
    EMPTY("2 x 10000 empty", 10000),
};

const bench_suite bench_nested = {
    .name = "nested",
    .heading = "loops in a loop, each of 1000 iterations (--quick: 200) of about 1 us; loops from threads",
    .why =
        "A library's parallel loop is called from another one sooner or later. The whole should\n"
        "take as long as one loop over all iterations, with neither idle processors nor more\n"
        "threads than processors. OpenMP has two active levels here; \"one level\" is its default,\n"
        "which runs inner loops on one thread (ppar's figure there is of the same loops). Loops\n"
        "from 8 threads: of 20 iterations of about 1 us, 8000 (--quick: 200) in all; the time is\n"
        "one loop's.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
};

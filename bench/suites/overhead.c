/* SPDX-License-Identifier: MIT */
/* overhead.c: what a loop costs when its iterations cost nothing, and what too many threads cost it. */
#include "suites/suite.h"

#define EMPTY(label, iterations) \
  { .name = (label), .group = "loops", .kernel = "empty", .n = (iterations) }

/* As many iterations as threads, more of both than processors. A loop of pthreadpool's takes tens of milliseconds then:
 * too long for --quick. */
#define CROWDED(factor)                                                                                 \
  {                                                                                                     \
    .name = "empty, " #factor "T threads", .group = "crowded", .kernel = "empty", .n = BENCH_N_THREADS, \
    .threads = BENCH_TIMES_THREADS(factor), .quick_without = "pthreadpool"                              \
  }

/* A pool of ppar's without workers, and what others have for one thread. In rounds of their own: pthreadpool's pool is
 * made anew for another number of threads. */
#define ALONE(label, iterations)                                                                           \
  {                                                                                                        \
    .name = (label), .group = "alone", .kernel = "empty", .ppar_kernel = "pool_of_one", .n = (iterations), \
    .threads = 1, .against = "pthreadpool"                                                                 \
  }

/* The same work on ever more threads, in the same rounds. */
#define WORK(label, factor)                                                          \
  {                                                                                  \
    .name = (label), .group = "work", .kernel = "flat", .n = 16000, .quick_n = 8000, \
    .threads = BENCH_TIMES_THREADS(factor), .quick_without = "pthreadpool"           \
  }

/* A loop's two ends, by its slots, of which most have to share a processor. */
#define ENDS(slots)                                                                                      \
  {.name = "to the first body, " #slots " slots",                                                        \
   .group = "ends",                                                                                      \
   .kernel = "ends",                                                                                     \
   .n = 20,                                                                                              \
   .threads = (slots),                                                                                   \
   .against = "tbb",                                                                                     \
   .full_only = true},                                                                                   \
      {.name = "from the last body, " #slots " slots",                                                   \
       .group = "ends",                                                                                  \
       .kernel = "ends",                                                                                 \
       .n = 20,                                                                                          \
       .threads = (slots),                                                                               \
       .against = "tbb",                                                                                 \
       .full_only = true,                                                                                \
       .figure = 1},                                                                                     \
      {.name = "sum: to the first body, " #slots " slots",                                               \
       .group = "ends",                                                                                  \
       .kernel = "ends_sum",                                                                             \
       .n = 20,                                                                                          \
       .threads = (slots),                                                                               \
       .against = "tbb",                                                                                 \
       .full_only = true},                                                                               \
  {                                                                                                      \
    .name = "sum: from the last body, " #slots " slots", .group = "ends", .kernel = "ends_sum", .n = 20, \
    .threads = (slots), .against = "tbb", .full_only = true, .figure = 1                                 \
  }

static const bench_case cases[] = {
    EMPTY("empty, T iterations", BENCH_N_THREADS),
    EMPTY("empty, 2 iterations", 2),
    EMPTY("empty, 16 iterations", 16),
    EMPTY("empty, 128 iterations", 128),
    EMPTY("empty, 1024 iterations", 1024),
    EMPTY("empty, 8192 iterations", 8192),
    {.name = "sum of 2 doubles", .group = "loops", .kernel = "sum", .n = 2},
    {.name = "sum of 1024 doubles", .group = "loops", .kernel = "sum", .n = 1024},
    ALONE("a pool of one, 1 iteration", 1),
    ALONE("a pool of one, 16 iterations", 16),
    CROWDED(2),
    CROWDED(4),
    CROWDED(8),
    WORK("work, T threads", 1),
    WORK("work, 2T threads", 2),
    WORK("work, 4T threads", 4),
    WORK("work, 8T threads", 8),
    ENDS(8),
    ENDS(16),
    ENDS(32),
    ENDS(64),
};

const bench_suite bench_overhead = {
    .name = "overhead",
    .heading = "the time of a whole parallel loop whose iterations do next to nothing",
    .why =
        "The price of going parallel. A loop pays off once its serial time is several times this.\n"
        "Compare with the cache-line round trip: two threads cannot start and finish a loop\n"
        "together in less. A pool of one: what a call costs that no other thread has part in. 2T,\n"
        "4T, 8T: with so many threads, more than there are processors, as in a container or beside\n"
        "another program. Work: 16000 iterations (--quick: 8000) of 1 us, which should take the\n"
        "same with any number of threads. To the first body, from the last body (not under\n"
        "--quick): what the caller waits for before its own first iteration and after everybody's\n"
        "last, in loops of 4 iterations of 1 us a slot; with more slots it should grow as the\n"
        "depth of a tree does.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .in_roundtrips = true,
};

/* SPDX-License-Identifier: MIT */
/* idle.c: what workers cost while there is nothing to do, and how soon they are back. */
#include "suites/suite.h"

/* n is the number of gaps in a sample. Rows with a figure show more of the answer to the row before. */
#define NEXT(gap, us) .name = gap ": next loop", .group = gap, .kernel = "idle", .against = "tbb", .outer = (us)
#define PERCENTILE(gap) .name = gap ": 99th percentile", .group = gap, .kernel = "idle", .against = "tbb", .figure = 1
#define BURNT(gap) \
  .name = gap ": CPU burnt", .group = gap, .kernel = "idle", .against = "tbb", .figure = 2, .unit = BENCH_PERCENT_OF_CPU

#define SHORT_GAP(gap, us, count, quick_count)                                                     \
  {NEXT(gap, us), .n = (count), .quick_n = (quick_count), .rounds = 7, .quick_rounds = 3},         \
      {PERCENTILE(gap), .n = (count), .quick_n = (quick_count), .rounds = 7, .quick_rounds = 3}, { \
    BURNT(gap), .n = (count), .quick_n = (quick_count), .rounds = 7, .quick_rounds = 3             \
  }

/* Too few of them for a percentile, and too long for --quick. */
#define LONG_GAP(gap, us, most)                                                        \
  {NEXT(gap, us), .n = 1, .rounds = (most), .full_only = true, .without = "serial"}, { \
    BURNT(gap), .n = 1, .rounds = (most), .full_only = true, .without = "serial"       \
  }

static const bench_case cases[] = {
    SHORT_GAP("0.1 ms", 100, 200, 20), SHORT_GAP("1 ms", 1000, 100, 10), SHORT_GAP("5 ms", 5000, 40, 4),
    SHORT_GAP("20 ms", 20000, 30, 2),  LONG_GAP("300 ms", 300000, 7),    LONG_GAP("1 s", 1000000, 3),
};

const bench_suite bench_idle = {
    .name = "idle",
    .heading = "loops of 16 iterations of about 0.1 us with gaps between, in which the caller sleeps",
    .why =
        "Most programs compute now and then. Workers that wait by spinning answer fast and burn\n"
        "a processor for nothing; workers that sleep must be woken. CPU burnt: what all threads\n"
        "but the caller use over a gap, as a part of one processor. Next loop: the time of the\n"
        "first loop after a gap, the median of a sample's gaps; and their 99th percentile, which\n"
        "with fewer than a hundred gaps (from 5 ms on, and under --quick) is about the slowest.\n"
        "300 ms and 1 s: not under --quick. Every runtime waits as it does unasked.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
};

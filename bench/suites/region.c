/* SPDX-License-Identifier: MIT */
/* region.c: what a region costs, and each construct inside one. */
#include "suites/suite.h"

/* All rows of one number of threads run in the same rounds. */
#define CONSTRUCT(text, which, group_name, size, team, full)                                  \
  {                                                                                           \
    .name = (text), .group = (group_name), .kernel = (which), .n = (size), .threads = (team), \
    .unit = BENCH_PER_CONSTRUCT, .full_only = (full)                                          \
  }
#define PRANGE(label, text, size, group_name, team, full)                                                           \
  {                                                                                                                 \
    .name = (label), .group = (group_name), .kernel = "prange", .schedule = (text), .n = (size), .threads = (team), \
    .unit = BENCH_PER_CONSTRUCT, .full_only = (full)                                                                \
  }
#define NOWAIT(label, size, full)                                                                \
  {                                                                                              \
    .name = (label), .group = "T", .kernel = "prange_nowait", .schedule = "static", .n = (size), \
    .unit = BENCH_PER_CONSTRUCT, .full_only = (full)                                             \
  }

#define CONSTRUCTS(suffix, group_name, team, full)                                    \
  CONSTRUCT("barrier" suffix, "barrier", group_name, 1, team, full),                  \
      CONSTRUCT("single" suffix, "single", group_name, 1, team, full),                \
      CONSTRUCT("single, nowait" suffix, "single_nowait", group_name, 1, team, full), \
      CONSTRUCT("critical" suffix, "critical", group_name, 1, team, full),            \
      CONSTRUCT("ordered" suffix, "ordered", group_name, 1, team, full),              \
      CONSTRUCT("reduction" suffix, "reduce", group_name, 1, team, full)

#define PRANGES(suffix, size, group_name, team, full)                        \
  PRANGE("static" suffix, "static", size, group_name, team, full),           \
      PRANGE("static,1" suffix, "static,1", size, group_name, team, full),   \
      PRANGE("dynamic,1" suffix, "dynamic,1", size, group_name, team, full), \
      PRANGE("guided,1" suffix, "guided,1", size, group_name, team, full),   \
      PRANGE("auto" suffix, "auto", size, group_name, team, full)

/* Where threads outnumber the processors, waiting for each other is what costs: one size of prange shows it. */
#define OVERSUBSCRIBED(suffix, group_name, team, full)                                                               \
  CONSTRUCT("empty region" suffix, "region", group_name, 1, team, full), CONSTRUCTS(suffix, group_name, team, full), \
      PRANGES(" of 100" suffix, 100, group_name, team, full)

static const bench_case cases[] = {
    CONSTRUCT("empty region", "region", "T", 1, 0, false),
    CONSTRUCTS("", "T", 0, false),
    PRANGES(" of T", BENCH_N_THREADS, "T", 0, false),
    PRANGES(" of 100", 100, "T", 0, false),
    PRANGES(" of 1000", 1000, "T", 0, true),
    NOWAIT("static of T, nowait", BENCH_N_THREADS, false),
    NOWAIT("static of 100, nowait", 100, false),
    NOWAIT("static of 1000, nowait", 1000, true),
    OVERSUBSCRIBED(", 2T", "2T", BENCH_TIMES_THREADS(2), false),
    OVERSUBSCRIBED(", 4T", "4T", BENCH_TIMES_THREADS(4), false),
    OVERSUBSCRIBED(", 8T", "8T", BENCH_TIMES_THREADS(8), true),
};

const bench_suite bench_region = {
    .name = "region",
    .heading = "the time of an empty region, and of each construct, repeated inside one region",
    .why =
        "What threads pay that do more together than one loop: to start, to wait for each other,\n"
        "to share out work. Rows that name a schedule are pranges of so many empty iterations.\n"
        "Critical: all threads go through once. Ordered: an iteration of a static,1 loop.\n"
        "Reduction: of a double a thread; in OpenMP, as programs write it, a loop over the\n"
        "threads. Pranges of 1000, and 8T: not under --quick. 2T, 4T, 8T: with so many threads,\n"
        "more than there are processors.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .in_roundtrips = true,
};

/* SPDX-License-Identifier: MIT */
/* grain.c: one loop, from too short for a second thread to far too long for one. */
#include "suites/suite.h"

/* Each size has four rows, which driver/grain.c shows as two lines: what each does unasked; what that took in the first
 * calls; ppar's static; and the peers' best schedules. The sizes of a body follow each other in a peer's turn, so the
 * first calls of each come upon what was learned of another. */
#define SIZE(which, body, count, few, full, best_full)                                                          \
  {.name = which " of " #count,                                                                                 \
   .group = which,                                                                                              \
   .kernel = body,                                                                                              \
   .n = (count),                                                                                                \
   .rounds = (few),                                                                                             \
   .quick_rounds = 7,                                                                                           \
   .full_only = (full)},                                                                                        \
      {.name = which " of " #count ", first calls",                                                             \
       .group = which,                                                                                          \
       .kernel = body,                                                                                          \
       .n = (count),                                                                                            \
       .rounds = (few),                                                                                         \
       .quick_rounds = 7,                                                                                       \
       .full_only = (full),                                                                                     \
       .figure = 1},                                                                                            \
      {.name = which " of " #count ", static",                                                                  \
       .group = which,                                                                                          \
       .kernel = body,                                                                                          \
       .schedule = "static",                                                                                    \
       .n = (count),                                                                                            \
       .rounds = (few),                                                                                         \
       .quick_rounds = 7,                                                                                       \
       .without = "serial,openmp,tbb,pthreadpool",                                                              \
       .full_only = (full)},                                                                                    \
  {                                                                                                             \
    .name = which " of " #count ", best", .group = which, .kernel = body, .schedule = "searched", .n = (count), \
    .rounds = (few), .without = "serial,ppar,ppar-again", .full_only = (best_full)                              \
  }

#define STREAM(count) SIZE("stream", "grain_stream", count, 0, false, true)
#define FULL_STREAM(count, few) SIZE("stream", "grain_stream", count, few, true, true)
#define COMPUTE(count) SIZE("compute", "grain_compute", count, 0, false, true)
#define FULL_COMPUTE(count, few) SIZE("compute", "grain_compute", count, few, true, true)

static const bench_case cases[] = {
    STREAM(64),
    FULL_STREAM(512, 0),
    STREAM(4096),
    FULL_STREAM(8192, 0),
    STREAM(10000),
    FULL_STREAM(30000, 0),
    STREAM(100000),
    STREAM(1000000),
    FULL_STREAM(10000000, 7),
    FULL_STREAM(50000000, 7),
    COMPUTE(1),
    FULL_COMPUTE(10, 0),
    COMPUTE(100),
    COMPUTE(200),
    FULL_COMPUTE(400, 0),
    COMPUTE(1000),
    FULL_COMPUTE(10000, 0),
    COMPUTE(100000),
    FULL_COMPUTE(1000000, 7),
    FULL_COMPUTE(10000000, 7),
};

const bench_suite bench_grain = {
    .name = "grain",
    .heading = "the same loop from 10 ns to 100 ms of work: streaming, and computing",
    .why =
        "Whoever writes a loop does not know how long it will be. ppar's auto should be at most\n"
        "1.03 times the better of the serial loop and the best schedule of any peer, and 40 ns.\n"
        "Stream: a triad of so many elements; compute: so many iterations of some 3 to 10 ns. First:\n"
        "the mean of the first ten calls (up to 50 ms), after loops of another size, in a new process\n"
        "(not under --quick); later: of all that follow. Peers are shown with the best of their\n"
        "schedules (first, and --quick: as they are unasked), ppar's static for comparison.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .as_curve = true,
};

/* SPDX-License-Identifier: MIT */
/* asleep.c: neighbours that take long, which nobody can know before. */
#include "suites/suite.h"

enum { LAST = -1 };

#define LOOP(text, which, schedule_text, from, count)                                                   \
  {                                                                                                     \
    .name = (text), .group = "asleep " #count, .kernel = "asleep", .ppar_kernel = (which),              \
    .schedule = (schedule_text), .n = 10000, .outer = (from), .threads = (count), .against = "libgomp", \
    .without = "serial", .quick_without = "libomp,pthreadpool", .rounds = 7, .quick_rounds = 3          \
  }
#define LOOPS(where, from, count)                                         \
  LOOP(where ", " #count " threads", "asleep", "dynamic,1", from, count), \
      LOOP(where ", " #count " threads, by hand", "asleep_by_hand", "dynamic,1", from, count)

static const bench_case cases[] = {
    LOOPS("first", 0, 2),
    LOOPS("last", LAST, 2),
    LOOPS("first", 0, 8),
    LOOPS("last", LAST, 8),
};

const bench_suite bench_asleep = {
    .name = "asleep",
    .heading = "loops of 10000 iterations under dynamic,1, of which 16 neighbours sleep 2 ms each",
    .why =
        "What waits for a disk or another machine takes long where nobody expected it. Threads\n"
        "that take several iterations at once must not keep those that they have not begun. The\n"
        "sleepers are the first iterations or the last; 16 ms is the best that two threads can\n"
        "do, 4 ms eight. By hand: a ppar body without PPAR_BODY.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
};

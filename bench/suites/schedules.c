/* SPDX-License-Identifier: MIT */
/* schedules.c: what each schedule costs an iteration. */
#include "peers/schedules.h"
#include "suites/suite.h"

/* Enough that the cost of the loop as a whole is a thousandth of an iteration's with every schedule. */
#define ITERATIONS 1000000

/* Under --quick of dynamic ones: with half a microsecond an iteration, which some peers need, no sample is short. */
#define QUICK_ITERATIONS 200000

/* In the same rounds, so that schedules can be compared with each other: each peer takes them in one turn. */
#define EMPTY(label, text, quick, of_ppar)                                                              \
  {                                                                                                     \
    .name = (label), .group = "empty", .kernel = "empty", .ppar_kernel = (of_ppar), .schedule = (text), \
    .n = ITERATIONS, .quick_n = (quick), .unit = BENCH_PER_ITERATION                                    \
  }
#define EMPTY_CASE(id, text, clause) EMPTY(text, text, ITERATIONS, NULL),
#define DYNAMIC_CASE(id, text, clause) EMPTY(text, text, QUICK_ITERATIONS, NULL),
#define BY_HAND(text, quick) EMPTY(text ", by hand", text, quick, "empty_by_hand")

/* Untiled loops of two dimensions, in rows of 1000: an item is a chunk. */
#define IN_2D(label, of_ppar)                                                                                   \
  {                                                                                                             \
    .name = (label), .group = "empty", .kernel = "empty_2d", .ppar_kernel = (of_ppar), .schedule = "dynamic,1", \
    .n = ITERATIONS, .quick_n = QUICK_ITERATIONS, .unit = BENCH_PER_ITERATION, .against = "pthreadpool"         \
  }

static const bench_case cases[] = {
    BENCH_STATIC_SCHEDULES(EMPTY_CASE) BENCH_DYNAMIC_SCHEDULES(DYNAMIC_CASE) BENCH_GUIDED_SCHEDULES(EMPTY_CASE)
        BY_HAND("static,1", ITERATIONS),
    BY_HAND("dynamic,1", QUICK_ITERATIONS),
    BY_HAND("dynamic,16", QUICK_ITERATIONS),
    BY_HAND("guided,1", ITERATIONS),
    IN_2D("dynamic,1, 2-D", "empty_2d"),
    IN_2D("dynamic,1, 2-D, by hand", "empty_2d_by_hand"),
    {.name = "affinity",
     .group = "empty",
     .kernel = "empty",
     .schedule = "affinity",
     .n = ITERATIONS,
     .unit = BENCH_PER_ITERATION,
     .against = "tbb",
     .without = "serial,ppar,ppar-again,openmp,pthreadpool"},
};

const bench_suite bench_schedules = {
    .name = "schedules",
    .heading = "the time per iteration of a loop of 1000000 empty ones (--quick: dynamic 200000)",
    .why =
        "What dividing the work costs. Where it is small, the schedule can be chosen for its\n"
        "balance alone; where it is not, chunks must be made larger by hand. \"By hand\" is a\n"
        "ppar body written without PPAR_BODY, which is called once a chunk. oneTBB has\n"
        "partitioners: static, auto, simple with grain c as dynamic,c, and affinity. pthreadpool\n"
        "has tiles of c, as dynamic,c; its dynamic,1 is a call for each iteration, as 1d has it.\n"
        "2-D: rows of 1000, collapsed, without tiles (pthreadpool's 2d): a chunk is an item.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
};

/* SPDX-License-Identifier: MIT */
/* schedules.c: what each schedule costs an iteration. */
#include "peers/schedules.h"
#include "suites/suite.h"

/* Enough that the cost of the loop as a whole is a thousandth of an iteration's with every schedule. */
#define ITERATIONS 1000000

#define EMPTY_CASE(id, text, clause) \
  {.name = (text), .group = "T", .kernel = "empty", .schedule = (text), .n = ITERATIONS, .unit = BENCH_PER_ITERATION},
#define BY_HAND(text)                                                                               \
  {                                                                                                 \
    .name = text ", body by hand", .group = "T", .kernel = "empty", .ppar_kernel = "empty_by_hand", \
    .schedule = (text), .n = ITERATIONS, .unit = BENCH_PER_ITERATION                                \
  }

/* All in the same rounds: each peer takes them in one turn. */
static const bench_case cases[] = {
    BENCH_SCHEDULES(EMPTY_CASE) BY_HAND("static,1"),
    BY_HAND("dynamic,1"),
    BY_HAND("dynamic,16"),
    BY_HAND("guided,1"),
};

const bench_suite bench_schedules = {
    .name = "schedules",
    .heading = "the time per iteration of a loop of 1000000 empty iterations, by schedule and chunk",
    .why =
        "What dividing the work costs. Where it is small, the schedule can be chosen for its\n"
        "balance alone; where it is not, chunks must be made larger by hand. \"Body by hand\" is\n"
        "a ppar body written without PPAR_BODY, which is called once a chunk.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
};

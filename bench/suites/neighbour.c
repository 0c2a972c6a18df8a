/* SPDX-License-Identifier: MIT */
/* neighbour.c: the same loops while others want the processors too. */
#include "suites/suite.h"

/* Under --quick the rows that an answer is drawn from have enough rounds for an interval, all others three.
 * Loops of some 400 us on one thread, one after the other. Samples are many times as long as the scheduler's slices
 * of some milliseconds; a quota's also many times as long as its periods of 20 ms. */
#define LOOPS(label, full_ms, quick_ms)                                                   \
  .name = (label), .group = "neighbour", .kernel = "flat", .n = 400, .without = "serial", \
  .quick_without = "pthreadpool", .sample_ms = (full_ms), .quick_sample_ms = (quick_ms), .rounds = 7

/* Sums of some 70 us on two threads, one after the other: as short as a program's own loops are, so that who waits for
 * a thread that has lost its processor does so again and again. Under --quick ppar alone. */
#define SUMS_AS(label, text, full_ms, quick_ms)                                               \
  .name = (label), .group = "sums, " text, .kernel = "company", .schedule = text, .n = 20000, \
  .without = "serial,tbb,pthreadpool", .quick_without = "openmp", .sample_ms = (full_ms),     \
  .quick_sample_ms = (quick_ms), .rounds = 7, .quick_rounds = 3
#define SUMS(text)                                                                   \
  {SUMS_AS(text ", alone", text, 100, 24)},                                          \
      {SUMS_AS(text ", two programs", text, 300, 200), .beside = BENCH_BESIDE_TWIN}, \
      {SUMS_AS(text ", one hog", text, 300, 60), .beside = BENCH_BESIDE_HOG}, {      \
    SUMS_AS(text ", quota", text, 400, 100), .beside = BENCH_BESIDE_QUOTA            \
  }

static const bench_case cases[] = {
    {LOOPS("alone", 100, 24), .quick_rounds = 7},
    {LOOPS("two programs at once", 200, 48), .quick_rounds = 7, .beside = BENCH_BESIDE_TWIN},
    {LOOPS("one hog beside", 200, 48), .quick_rounds = 7, .beside = BENCH_BESIDE_HOG},
    {LOOPS("quota of 1.5 CPUs", 400, 100), .quick_rounds = 3, .beside = BENCH_BESIDE_QUOTA},
    {LOOPS("alone, 4T threads", 100, 24), .quick_rounds = 3, .threads = BENCH_TIMES_THREADS(4)},
    {LOOPS("alone, 8T threads", 100, 24), .quick_rounds = 3, .threads = BENCH_TIMES_THREADS(8)},
    SUMS("auto"),
    SUMS("static"),
    SUMS("dynamic,64"),
    SUMS("guided"),
    SUMS("monotonic:dynamic,64"),
};

const bench_suite bench_neighbour = {
    .name = "neighbour",
    .heading = "loops of 400 iterations of about 1 us, one after the other, with company",
    .why =
        "A program is seldom alone: another one of its kind, a browser, a container's limit.\n"
        "Two programs: two processes of the same peer with T threads each; the slower one's\n"
        "time. Hog: a process of one thread that never waits. Quota: the peer in a control\n"
        "group with 30 ms of processor time in each 20 ms; \"not permitted\" where no such group\n"
        "can be made. The ideal: each thread that wants to run gets an equal part of the\n"
        "processors, or the quota is used up, and nothing else is lost; so two programs take\n"
        "twice as long. 4T and 8T threads should take no longer than T. Rows that name a schedule:\n"
        "sums of 20000 iterations of about 7 ns under it, some 70 us each.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .to_fair_shares = true,
};

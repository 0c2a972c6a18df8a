/* SPDX-License-Identifier: MIT */
/* choice.c: the same loops under ppar's schedules, so that one can be picked. */
#include "suites/suite.h"

#define ROW(kind, which, text, count, quick_count, ...)                                                               \
  {                                                                                                                   \
    .name = kind ", " text, .group = kind, .kernel = which, .schedule = text, .n = (count), .quick_n = (quick_count), \
    .without = "serial,openmp,tbb,pthreadpool", __VA_ARGS__                                                           \
  }
#define KIND(kind, which, count, quick_count, ...)                     \
  ROW(kind, which, "auto", count, quick_count, __VA_ARGS__),           \
      ROW(kind, which, "static", count, quick_count, __VA_ARGS__),     \
      ROW(kind, which, "dynamic,16", count, quick_count, __VA_ARGS__), \
      ROW(kind, which, "guided", count, quick_count, __VA_ARGS__)

static const bench_case cases[] = {
    KIND("short, 2 us", "triad", 10000, 0, .outer = 0),
    KIND("even, 400 us", "flat", 400, 0, .outer = 0),
    KIND("in memory", "triad", 20000000, 5000000, .outer = 0),
    KIND("rising", "rising_under", 4000, 2000, .outer = 0),
    KIND("one heavy", "one_heavy_under", 4000, 2000, .outer = 0),
    ROW("set-up of 10 us a call", "setup", "auto", 100000, 2000, .outer = 10),
    ROW("set-up of 10 us a call", "setup", "static", 100000, 2000, .outer = 10),
    ROW("set-up of 10 us a call", "setup", "guided", 100000, 2000, .outer = 10),
    KIND("beside a hog", "flat", 400, 0, .beside = BENCH_BESIDE_HOG, .sample_ms = 200, .quick_sample_ms = 48,
         .rounds = 7, .quick_rounds = 7),
};

const bench_suite bench_choice_suite = {
    .name = "choice",
    .heading = "the same loops under ppar's schedules: which one to pick",
    .why =
        "A schedule that nobody has to choose is worth it if no other one is much faster. Short: a\n"
        "triad in the caches. Even: 400 iterations of 1 us. In memory: a triad of 20000000\n"
        "(--quick: 5000000). Rising, one heavy: as in the suite imbalance. Set-up: a body that\n"
        "prepares for 10 us in each of its calls, as in the suite setup. Beside a hog: the even\n"
        "loop while another program of one thread never waits. dynamic,16 stands for chunks that\n"
        "one would guess. auto is left only for a schedule that is 5 % faster with its whole\n"
        "interval.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .as_choice = true,
};

/* SPDX-License-Identifier: MIT */
/* setup.c: bodies that prepare something in each call. */
#include "suites/suite.h"

/* ppar alone: elsewhere a body has no call of its own to prepare in. */
#define ROW(us, which)                                                                                         \
  {                                                                                                            \
    .name = #us " us a call, " which, .group = "setup", .kernel = "setup", .schedule = which, .n = 100000,     \
    .quick_n = 2000, .outer = (us), .without = "serial,openmp,tbb,pthreadpool", .rounds = 7, .quick_rounds = 7 \
  }
#define ROWS(us) ROW(us, "auto"), ROW(us, "static"), ROW(us, "guided")

static const bench_case cases[] = {ROWS(0), ROWS(1), ROWS(5), ROWS(10), ROWS(100)};

const bench_suite bench_setup = {
    .name = "setup",
    .heading = "100000 additions (--quick: 2000) under ppar, by a body that prepares for each of its calls",
    .why =
        "A body written by hand is called once a chunk, and may pay for each call: 0 to 100 us\n"
        "here. The pieces that auto makes must not become so many that this is all they do: it\n"
        "should take at most 1.1 times the better of static and guided.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
};

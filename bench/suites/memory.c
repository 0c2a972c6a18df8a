/* SPDX-License-Identifier: MIT */
/* memory.c: bodies that allocate, and pages placed by who touches them first. */
#include "suites/suite.h"

#define ALLOCATION(text, which)                                                                                    \
  {                                                                                                                \
    .name = (text), .group = "allocation", .kernel = (which), .n = 20000, .quick_n = 2000, .against = "openmp_je", \
    .unit = BENCH_PER_ITERATION                                                                                    \
  }
#define TOUCH(text, which)                                                                  \
  {                                                                                         \
    .name = (text), .group = "touch", .kernel = (which), .n = 10000000, .quick_n = 1000000, \
    .without = "ppar_libc,openmp_je"                                                        \
  }

static const bench_case cases[] = {
    ALLOCATION("malloc, free", "allocate"),
    ALLOCATION("free by another thread", "allocate_across"),
    TOUCH("touched by all first", "touch_by_all"),
    TOUCH("touched by one first", "touch_by_one"),
};

const bench_suite bench_memory = {
    .name = "memory",
    .heading = "malloc and free in bodies; fresh vectors filled by all threads or by one, then read",
    .why =
        "Bodies that allocate meet in the allocator: ppar and OMP+je are linked to jemalloc,\n"
        "ppar-je, libgomp and libomp have the C library's. An iteration allocates eight blocks of\n"
        "16 bytes to 32 KiB, writes to them and frees them; or leaves that to an iteration of a second\n"
        "loop, on another thread. Fresh pages come from the system as they are touched: by all\n"
        "threads at once, as near as possible to who touches them, or all by one. Times are of\n"
        "mapping, filling and reading four times 10000000 doubles (--quick: 1000000).",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
};

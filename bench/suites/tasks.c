/* SPDX-License-Identifier: MIT */
/* tasks.c: recursion as tasks, sorting, prefix sums. */
#include "suites/suite.h"

static const bench_case cases[] = {
    {.name = "fib(30), (24) if quick", .kernel = "fib", .n = 30, .quick_n = 24, .unit = BENCH_PER_RUN},
    {.name = "quicksort", .kernel = "quicksort", .n = 10000000, .quick_n = 300000, .unit = BENCH_PER_RUN},
    {.name = "scan", .group = "scan", .kernel = "scan", .n = 10000000, .quick_n = 5000000, .unit = BENCH_PER_RUN},
    {.name = "scan's two passes",
     .group = "scan",
     .kernel = "two_passes",
     .n = 10000000,
     .quick_n = 5000000,
     .unit = BENCH_PER_RUN},
    {.name = "sort", .kernel = "sort", .n = 10000000, .quick_n = 300000, .unit = BENCH_PER_RUN, .against = "serial"},
};

const bench_suite bench_tasks = {
    .name = "tasks",
    .heading = "spawning, sorting, prefix sums; of 10000000 doubles (--quick: 300000, scans 5000000)",
    .why =
        "What a spawned task costs: fib does nothing but spawn; the line below the table holds it\n"
        "against the plain calls of the serial one. Quicksort is the same code in all,\n"
        "parts of 10000 being sorted by one thread; copying the unsorted values is included.\n"
        "Sort is what each library brings: the C library's qsort, ppar_sort with the same\n"
        "comparison, oneTBB's parallel_sort with < inlined. A scan reads its values twice: its two\n"
        "passes are a sum, and a loop that reads and writes as much.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .to_serial = true,
};

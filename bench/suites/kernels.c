/* SPDX-License-Identifier: MIT */
/* kernels.c: loops that do something. */
#include "suites/suite.h"

/* Vectors of 10000 doubles stay in a core's own cache, so nothing hides a loop that vectorised worse. */
#define ONE_THREAD(label, which) \
  { .name = (label), .kernel = (which), .n = 10000, .threads = 1, .against = "serial", .without = "openmp" }

static const bench_case cases[] = {
    {.name = "integration2d", .kernel = "integration2d", .n = 2000, .quick_n = 1000},
    {.name = "dot, 10000", .kernel = "dot", .n = 10000},
    {.name = "dot, in memory", .kernel = "dot", .n = 20000000, .quick_n = 5000000},
    {.name = "triad, 10000", .kernel = "triad", .n = 10000},
    {.name = "triad, in memory", .kernel = "triad", .n = 20000000, .quick_n = 5000000},
    {.name = "scale, in memory", .kernel = "scale", .n = 20000000, .quick_n = 5000000},
    {.name = "stencil, five points", .kernel = "stencil", .n = 1000, .quick_n = 500},
    {.name = "matmul, plain loops", .kernel = "matmul", .n = 512, .quick_n = 256},
    ONE_THREAD("triad, one thread", "triad"),
    ONE_THREAD("scale, one thread", "scale"),
    ONE_THREAD("count, one thread", "count"),
    ONE_THREAD("dot, one thread", "dot"),
    {.name = "dgemm, n = 1024", .kernel = "dgemm", .n = 1024, .against = "cblas"},
    {.name = "dgemm, n = 2048", .kernel = "dgemm", .n = 2048, .against = "cblas", .full_only = true},
};

const bench_suite bench_kernels = {
    .name = "kernels",
    .heading = "whole loops: integration, vectors, a grid, matrices",
    .why =
        "Whether the same loop is as fast here as under OpenMP, and as the plain serial loop when it\n"
        "has one thread: does it vectorise as well?",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
};

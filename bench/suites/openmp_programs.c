/* SPDX-License-Identifier: MIT */
/* openmp_programs.c: whole programs of OpenMP's tasks and loops, one compiled program on several runtimes. */
#include "suites/suite.h"

#define PROGRAM(text, which, size, quick_size)                                                                   \
  {                                                                                                              \
    .name = (text), .kernel = (which), .n = (size), .quick_n = (quick_size), .unit = BENCH_PER_RUN, .rounds = 7, \
    .quick_rounds = 7                                                                                            \
  }

/* Alone, on more threads than there are processors, and beside a second program like it. */
#define SOLVER(text, which, size, quick_size)                                                              \
  {.name = text,                                                                                           \
   .group = text,                                                                                          \
   .kernel = (which),                                                                                      \
   .n = (size),                                                                                            \
   .quick_n = (quick_size),                                                                                \
   .unit = BENCH_PER_RUN,                                                                                  \
   .rounds = 7,                                                                                            \
   .quick_rounds = 7},                                                                                     \
      {.name = text ", 4T",                                                                                \
       .group = text,                                                                                      \
       .kernel = (which),                                                                                  \
       .n = (size),                                                                                        \
       .quick_n = (quick_size),                                                                            \
       .unit = BENCH_PER_RUN,                                                                              \
       .threads = BENCH_TIMES_THREADS(4),                                                                  \
       .rounds = 7,                                                                                        \
       .quick_rounds = 7},                                                                                 \
  {                                                                                                        \
    .name = text ", two programs", .group = text, .kernel = (which), .n = (size), .quick_n = (quick_size), \
    .unit = BENCH_PER_RUN, .sample_ms = 100, .quick_sample_ms = 100, .rounds = 7, .quick_rounds = 7,       \
    .beside = BENCH_BESIDE_TWIN                                                                            \
  }

static const bench_case cases[] = {
    PROGRAM("fib", "fib", 24, 20),
    PROGRAM("fib, cut off", "fib_cutoff", 32, 28),
    PROGRAM("queens", "queens", 9, 8),
    PROGRAM("queens, cut off", "queens_cutoff", 11, 9),
    PROGRAM("quicksort", "quicksort", 3000000, 300000),
    PROGRAM("merge sort", "merge_sort", 1000000, 100000),
    PROGRAM("search", "search", 25, 22),
    PROGRAM("alignment", "alignment", 1, 1),
    PROGRAM("Strassen", "strassen", 512, 256),
    PROGRAM("sparse LU", "sparse_lu", 1, 1),
    PROGRAM("sparse LU, depend", "sparse_lu_depend", 1, 1),
    SOLVER("CG", "cg", 15, 3),
    SOLVER("MG", "mg", 1, 1),
    PROGRAM("LU", "lu", 1, 1),
    SOLVER("EP", "ep", 4194304, 524288),
    SOLVER("IS", "is", 1, 1),
    SOLVER("FT", "ft", 1, 1),
};

const bench_suite bench_openmp_programs = {
    .name = "openmp-programs",
    .heading = "programs of OpenMP's tasks, and solvers in the manner of NAS, on three runtimes",
    .why =
        "fib and queens do next to nothing but make tasks; cut off, small calls are plain ones.\n"
        "Sparse LU with depend: tasks name the blocks that they need. The solvers are as large as\n"
        "NAS's class S (EP: a quarter of it): CG and MG are many short loops, LU's threads spin on\n"
        "flags of their own, EP, IS and FT are few long loops. 4T: with so many threads. Two\n"
        "programs: two processes of the same peer; the slower one's time. On request, as openmp.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .to_fair_shares = true,
    .subject = BENCH_OPENMP_SUBJECT,
    .peers = BENCH_OPENMP_PEERS,
    .to_better = true,
};

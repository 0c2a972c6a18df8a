/* SPDX-License-Identifier: MIT */
/* openmp_programs.c: whole programs of OpenMP's tasks and loops, one compiled program on several runtimes. */
#include "suites/suite.h"

#define PROGRAM(text, which, size, quick_size)                                                                   \
  {                                                                                                              \
    .name = (text), .kernel = (which), .n = (size), .quick_n = (quick_size), .unit = BENCH_PER_RUN, .rounds = 7, \
    .quick_rounds = 7                                                                                            \
  }

/* A solver's rows: its size, and the steps of one call. NAS's programs take more of them, of the same kind: CG 15,
 * MG 4, IS 10, FT 6, BT 60 and 200, SP 100 and 400, LU 50 and 300; and EP's size is sixteen times as large. */
#define SOLVER_AS(text, whole, which, size, steps)                                                           \
  .name = (text), .group = (whole), .kernel = (which), .n = (size), .outer = (steps), .unit = BENCH_PER_RUN, \
  .rounds = 7, .quick_rounds = 7
#define BESIDE_A_TWIN .sample_ms = 100, .quick_sample_ms = 100, .beside = BENCH_BESIDE_TWIN

/* Of NAS's class S: alone, on more threads than there are processors, and beside a second program like it. */
#define SOLVER(text, which, size, steps)                                                       \
  {SOLVER_AS(text, text, which, size, steps)},                                                 \
      {SOLVER_AS(text ", 4T", text, which, size, steps), .threads = BENCH_TIMES_THREADS(4)}, { \
    SOLVER_AS(text ", two programs", text, which, size, steps), BESIDE_A_TWIN                  \
  }

/* Without the row of many threads, where a program's own threads spin on each other. */
#define SPINNING_SOLVER(text, which, size, steps)                             \
  {SOLVER_AS(text, text, which, size, steps)}, {                              \
    SOLVER_AS(text ", two programs", text, which, size, steps), BESIDE_A_TWIN \
  }

/* Of class W: not under --quick. */
#define LARGE_SOLVER(text, which, size, steps)                                                            \
  {SOLVER_AS(text ", W", text ", W", which, size, steps), .full_only = true}, {                           \
    SOLVER_AS(text ", W, two programs", text ", W", which, size, steps), BESIDE_A_TWIN, .full_only = true \
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
    SOLVER("CG", "cg", 1400, 3),
    SOLVER("MG", "mg", 32, 4),
    SOLVER("EP", "ep", 1 << 20, 1),
    SOLVER("IS", "is", 1 << 16, 10),
    SOLVER("FT", "ft", 64, 2),
    SOLVER("BT", "bt", 12, 10),
    SOLVER("SP", "sp", 12, 10),
    SPINNING_SOLVER("LU", "lu", 12, 10),
    LARGE_SOLVER("CG", "cg", 7000, 3),
    LARGE_SOLVER("MG", "mg", 128, 1),
    LARGE_SOLVER("EP", "ep", 1 << 21, 1),
    LARGE_SOLVER("IS", "is", 1 << 20, 2),
    LARGE_SOLVER("FT", "ft", 128, 1),
    LARGE_SOLVER("BT", "bt", 24, 3),
    LARGE_SOLVER("SP", "sp", 36, 4),
    LARGE_SOLVER("LU", "lu", 33, 3),
    SOLVER("CG, Fortran", "fortran_cg", 1400, 3),
    SOLVER("MG, Fortran", "fortran_mg", 32, 4),
    SOLVER("SP, Fortran", "fortran_sp", 12, 10),
    LARGE_SOLVER("CG, Fortran", "fortran_cg", 7000, 3),
    LARGE_SOLVER("MG, Fortran", "fortran_mg", 128, 1),
    LARGE_SOLVER("SP, Fortran", "fortran_sp", 36, 4),
};

const bench_suite bench_openmp_programs = {
    .name = "openmp-programs",
    .heading = "programs of OpenMP's tasks, and solvers in the manner of NAS, on three runtimes",
    .why =
        "fib and queens do next to nothing but make tasks; cut off, small calls are plain ones.\n"
        "Sparse LU with depend: tasks name the blocks that they need. The solvers are as large as\n"
        "NAS's class S and, not under --quick, W, with fewer steps: CG and MG are many short loops,\n"
        "BT and SP lines of a grid in three directions, LU's threads spin on flags of their own,\n"
        "EP, IS and FT are few long loops. Fortran: the same, compiled by gfortran where that was\n"
        "there. 4T: with so many threads. Two programs: two processes of the same peer; the slower\n"
        "one's time, and beside it that over a fair share. On request, as openmp.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .to_fair_shares = true,
    .subject = BENCH_OPENMP_SUBJECT,
    .peers = BENCH_OPENMP_PEERS,
    .to_better = true,
};

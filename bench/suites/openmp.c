/* SPDX-License-Identifier: MIT */
/* openmp.c: one compiled program of OpenMP's constructs on several runtimes. */
#include "suites/suite.h"

/* All rows of one number of threads run in the same rounds. */
#define CONSTRUCT(text, which, team_group, team) \
  { .name = (text), .group = (team_group), .kernel = (which), .n = 1, .threads = (team), .unit = BENCH_PER_CONSTRUCT }
#define FOR(text, which, its_schedule, size, team_group, team)                                         \
  {                                                                                                    \
    .name = (text), .group = (team_group), .kernel = (which), .schedule = (its_schedule), .n = (size), \
    .threads = (team), .unit = BENCH_PER_CONSTRUCT                                                     \
  }

#define CONSTRUCTS(suffix, g, team)                                                                                    \
  CONSTRUCT("parallel" suffix, "region", g, team), CONSTRUCT("parallel reduction" suffix, "parallel_reduce", g, team), \
      CONSTRUCT("parallel firstprivate" suffix, "parallel_firstprivate", g, team),                                     \
      CONSTRUCT("barrier" suffix, "barrier", g, team), CONSTRUCT("single" suffix, "single", g, team),                  \
      CONSTRUCT("single nowait" suffix, "single_nowait", g, team),                                                     \
      CONSTRUCT("copyprivate" suffix, "copyprivate", g, team), CONSTRUCT("sections" suffix, "sections", g, team),      \
      CONSTRUCT("master" suffix, "master", g, team), CONSTRUCT("critical" suffix, "critical_unnamed", g, team),        \
      CONSTRUCT("critical, named" suffix, "critical", g, team), CONSTRUCT("lock" suffix, "lock", g, team),             \
      CONSTRUCT("lock of one's own" suffix, "own_lock", g, team),                                                      \
      CONSTRUCT("nestable lock" suffix, "nest_lock", g, team), CONSTRUCT("atomic" suffix, "atomic", g, team),          \
      CONSTRUCT("atomic, long double" suffix, "atomic_long_double", g, team),                                          \
      CONSTRUCT("ordered, static,1" suffix, "ordered", g, team),                                                       \
      CONSTRUCT("ordered, dynamic,1" suffix, "ordered_dynamic", g, team),                                              \
      CONSTRUCT("reduction" suffix, "reduce", g, team)

#define FORS(suffix, size, g, team)                                                          \
  FOR("for static" suffix, "prange", "static", size, g, team),                               \
      FOR("for static nowait" suffix, "prange_nowait", "static", size, g, team),             \
      FOR("for static,1" suffix, "prange", "static,1", size, g, team),                       \
      FOR("for static,8" suffix, "prange", "static,8", size, g, team),                       \
      FOR("for dynamic,1" suffix, "prange", "dynamic,1", size, g, team),                     \
      FOR("for dynamic,8" suffix, "prange", "dynamic,8", size, g, team),                     \
      FOR("for dynamic,64" suffix, "prange", "dynamic,64", size, g, team),                   \
      FOR("for monotonic:dynamic,1" suffix, "prange", "monotonic:dynamic,1", size, g, team), \
      FOR("for dynamic,1, unsigned" suffix, "prange_unsigned", "dynamic,1", size, g, team),  \
      FOR("for runtime (dynamic,1)" suffix, "prange", "runtime", size, g, team),             \
      FOR("for guided,1" suffix, "prange", "guided,1", size, g, team),                       \
      FOR("for guided,8" suffix, "prange", "guided,8", size, g, team),                       \
      FOR("for auto" suffix, "prange", "auto", size, g, team)

/* So many threads that begin regions of so many. */
#define NESTED(text, outer_threads, inner_threads)                                                          \
  {                                                                                                         \
    .name = "nested regions, " text, .group = "nested", .kernel = "region_in_region", .n = (inner_threads), \
    .outer = (outer_threads), .unit = BENCH_PER_CONSTRUCT                                                   \
  }

/* Regions with so many microseconds of serial code before each. */
#define AFTER(us)                                                                                            \
  {                                                                                                          \
    .name = "parallel after " #us " us of serial code", .group = "gaps", .kernel = "region_after", .n = 100, \
    .outer = (us), .unit = BENCH_PER_CONSTRUCT                                                               \
  }

static const bench_case cases[] = {
    CONSTRUCTS("", "T", 0),
    FORS("", 1000, "T", 0),
    CONSTRUCTS(", 2T", "2T", BENCH_TIMES_THREADS(2)),
    FORS(", 2T", 1000, "2T", BENCH_TIMES_THREADS(2)),
    CONSTRUCTS(", 4T", "4T", BENCH_TIMES_THREADS(4)),
    FORS(", 4T", 1000, "4T", BENCH_TIMES_THREADS(4)),
    AFTER(20),
    AFTER(250),
    NESTED("1 x 2", 1, 2),
    NESTED("2 x 2", 2, 2),
    NESTED("2 x 4", 2, 4),
    NESTED("4 x 4", 4, 4),
};

const bench_suite bench_openmp = {
    .name = "openmp",
    .heading = "each construct of one program of OpenMP's, compiled by gcc, on three runtimes",
    .why =
        "A program that gcc -fopenmp has compiled runs on whatever libgomp.so.1 is found, or on\n"
        "libomp, which has the same entry points. All three have the same file of machine code\n"
        "here, or the same code linked again (libomp). Constructs are repeated inside one region;\n"
        "loops have 1000 empty iterations; of nested regions the time is an inner one's.\n"
        "On request: only where --suite or --filter names it.",
    .cases = cases,
    .case_count = sizeof cases / sizeof *cases,
    .subject = BENCH_OPENMP_SUBJECT,
    .peers = BENCH_OPENMP_PEERS,
    .to_better = true,
};

/* SPDX-License-Identifier: MIT */
/* suite.h: what is measured: suites, each a list of cases. A case is a row of the table.
 *
 * To add a case, add an entry to its suite; to add a suite, a file beside this one and a line in suites.c.
 * A kernel that a peer does not have leaves that cell empty. */
#ifndef BENCH_SUITE_H
#define BENCH_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As a case's n: the number of threads. */
#define BENCH_N_THREADS (-1)

/* As a case's threads: so many times --threads. */
#define BENCH_TIMES_THREADS(factor) (-(factor))

/* What a time is of, and is divided by before it is shown. */
typedef enum bench_unit {
  BENCH_PER_LOOP = 0,
  BENCH_PER_ITERATION,
  BENCH_PER_CONSTRUCT, /* of a region: peers divide by how often they repeat it */
  BENCH_PER_RUN,
  BENCH_PERCENT_OF_CPU, /* no time: of one processor */
  BENCH_THREADS,        /* nor these */
  BENCH_KILOBYTES
} bench_unit;

static inline bool bench_unit_is_time(bench_unit unit) { return unit < BENCH_PERCENT_OF_CPU; }

/* What else runs while a sample is taken. The row's group also has the same work beside nothing, on T threads. */
typedef enum bench_beside {
  BENCH_BESIDE_NOTHING = 0,
  BENCH_BESIDE_TWIN, /* a second process of the same peer doing the same; the figure is the slower one's */
  BENCH_BESIDE_HOG,  /* a process of one thread that never waits */
  BENCH_BESIDE_QUOTA /* nothing, under a quota of BENCH_QUOTA_CPUS */
} bench_beside;

#define BENCH_QUOTA_CPUS 1.5

/* Every zero field is that field's default. */
typedef struct bench_case {
  const char *name;        /* the row's, unique within its suite */
  const char *group;       /* neighbours of one group are measured in the same rounds, so that they can be
                              compared with each other; default: alone */
  const char *kernel;      /* the peers' name for the work */
  const char *ppar_kernel; /* another one for ppar; default: the same */
  const char *schedule;    /* default "default": what the peer does unasked; "searched": as in peers/protocol.h */
  int64_t n;               /* BENCH_N_THREADS, or the kernel's size */
  int64_t quick_n;         /* under --quick; default: n */
  int outer;   /* loops in loops: how many inner ones share n iterations; or callers, a gap's us, a solver's steps */
  int threads; /* default: --threads */
  bool below_threads; /* the row is there only where its threads are fewer than --threads */
  bench_unit unit;
  const char *against;       /* the peer that ppar's ratio is taken to, or a family of which the first that is
                          there is taken; default "openmp": libgomp or libomp */
  const char *without;       /* peers and families that sit this row out, with commas between; default: none */
  const char *quick_without; /* under --quick these also do; default: none */
  bench_beside beside;
  int figure;          /* of the answer to the row before that has 0 here: its so many-th further figure */
  int sample_ms;       /* default: as long as all others */
  int quick_sample_ms; /* under --quick; default: as long as all others */
  size_t rounds;       /* at most so many; default: all */
  size_t quick_rounds; /* under --quick; default: all */
  bool full_only;      /* not under --quick */
} bench_case;

typedef struct bench_suite {
  const char *name;
  const char *heading; /* what is measured, one sentence */
  const char *why;     /* why it matters, for --help; lines of at most 94 columns, divided by newlines */
  const bench_case *cases;
  size_t case_count;
  bool in_roundtrips;  /* the first row is also given in cache-line round trips */
  bool in_speedups;    /* rows are also given as parts of the ideal, the serial peer's time over the threads */
  bool as_choice;      /* auto is also set against the other rows of its group (driver/choice.h) */
  bool as_curve;       /* shown as driver/grain.h does, in place of the table */
  bool to_serial;      /* the first row is also given over the serial peer's time */
  bool to_fair_shares; /* rows are also given over what they would take if nothing were lost (driver/neighbour.h) */
  const char *subject; /* the peer whose ratios are shown; default: ppar */
  const char *peers;   /* only these take part, also those on request, unless --peer names others; such a suite is
                          measured only where --suite or --filter asks for it; default: all but those on request */
  bool to_better;      /* ratios are to the better one of `against`, row by row */
} bench_suite;

extern const bench_suite bench_overhead, bench_schedules, bench_kernels, bench_reduction, bench_region, bench_nested,
    bench_tasks, bench_imbalance, bench_memory, bench_scaling, bench_neighbour, bench_idle, bench_grain, bench_setup,
    bench_asleep, bench_choice_suite, bench_cxx, bench_random, bench_openmp, bench_openmp_tasks, bench_openmp_programs,
    bench_openmp_packages, bench_openmp_process;

/* The suites of one program of OpenMP's: who takes part, and whom they are about. */
#define BENCH_OPENMP_SUBJECT "ppar-gomp"
#define BENCH_OPENMP_PEERS "libgomp,gomp-libomp,ppar-gomp"

/* All suites, in the order in which they run. */
extern const bench_suite *const bench_suites[];
extern const size_t bench_suite_count;

enum { BENCH_SUITES_MAX = 32 };

#endif

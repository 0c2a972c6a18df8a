/* SPDX-License-Identifier: MIT */
/* ppar_imbalance.c: the loops whose iterations differ, under ppar: unasked, and with the best of its schedules. */
#include "peers/imbalance.h"
#include "peers/ppar_options.h"
#include "peers/schedules.h"

typedef struct loop {
  bench_iteration *iteration;
  int64_t n;
} loop;

PPAR_BODY(iterate, i, loop, l) { l->iteration(i, l->n); }

static void run_shape(bench_job *job, bench_iteration *iteration) {
  loop l = {iteration, job->n};
  ppar_parallel_for(0, job->n, iterate, &l, &bench_ppar_options);
}

/* The schedule's text is read each time, in some 50 ns of a loop of a millisecond. */
#define DEFINE_CANDIDATE(id, text, clause)                           \
  static void run_##id(bench_job *job, bench_iteration *iteration) { \
    (void)ppar_schedule_parse(text, &bench_ppar_options.schedule);   \
    run_shape(job, iteration);                                       \
  }
BENCH_SEARCHED_SCHEDULES(DEFINE_CANDIDATE)

#define CANDIDATE(id, text, clause) {text, run_##id},
static const bench_candidate candidates[] = {BENCH_SEARCHED_SCHEDULES(CANDIDATE)};

BENCH_SHAPES(BENCH_DEFINE_SHAPE)

/* Under the schedule that is asked for. */
#define UNDER_ENTRY(shape) {.name = #shape "_under", .run = unasked_##shape},

static const bench_kernel kernels[] = {BENCH_SHAPES(BENCH_SHAPE_ENTRY) BENCH_SHAPES(UNDER_ENTRY)};

const bench_kernel_list bench_imbalance_kernels = {kernels, sizeof kernels / sizeof *kernels};

/* SPDX-License-Identifier: MIT */
/* openmp_imbalance.c: the loops whose iterations differ, under OpenMP's pragmas: unasked, and with the best schedule
 * and chunk. */
#include "peers/imbalance.h"
#include "peers/schedules.h"

#define PRAGMA(text) _Pragma(#text)

static void run_shape(bench_job *job, bench_iteration *iteration) {
  int64_t n = job->n;
#pragma omp parallel for
  for (int64_t i = 0; i < n; i++) iteration(i, n);
}

#define DEFINE_CANDIDATE(id, text, clause)                           \
  static void run_##id(bench_job *job, bench_iteration *iteration) { \
    int64_t n = job->n;                                              \
    PRAGMA(omp parallel for schedule clause)                         \
    for (int64_t i = 0; i < n; i++) iteration(i, n);                 \
  }
BENCH_SEARCHED_SCHEDULES(DEFINE_CANDIDATE)

#define CANDIDATE(id, text, clause) {text, run_##id},
static const bench_candidate candidates[] = {BENCH_SEARCHED_SCHEDULES(CANDIDATE)};

BENCH_SHAPES(BENCH_DEFINE_SHAPE)

static const bench_kernel kernels[] = {BENCH_SHAPES(BENCH_SHAPE_ENTRY)};

const bench_kernel_list bench_imbalance_kernels = {kernels, sizeof kernels / sizeof *kernels};

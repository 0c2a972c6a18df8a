/* SPDX-License-Identifier: MIT */
/* openmp_nested.c: loops in loops, and loops from many threads, under OpenMP's pragmas. Regions in regions are off
 * by default; here two levels may be active, as OMP_MAX_ACTIVE_LEVELS=2 has it, and in nested_one_level one. */
#include <omp.h>

#include "peers/nested.h"

static void flat(bench_job *job) {
#pragma omp parallel for
  for (int64_t i = 0; i < job->n; i++) bench_microsecond();
}

static void nested_in(bench_job *job, int most) {
  int64_t inner = job->n / job->outer;
  int levels = omp_get_max_active_levels();
  omp_set_max_active_levels(most);
#pragma omp parallel for
  for (int64_t o = 0; o < job->outer; o++) {
#pragma omp parallel for
    for (int64_t i = 0; i < inner; i++) bench_microsecond();
  }
  omp_set_max_active_levels(levels);
}
static void nested(bench_job *job) { nested_in(job, 2); }
static void nested_one_level(bench_job *job) { nested_in(job, 1); }

static void nested_empty(bench_job *job) {
  int64_t inner = job->n / job->outer;
  int levels = omp_get_max_active_levels();
  omp_set_max_active_levels(2);
#pragma omp parallel for
  for (int64_t o = 0; o < job->outer; o++) {
#pragma omp parallel for
    for (int64_t i = 0; i < inner; i++) bench_nothing();
  }
  omp_set_max_active_levels(levels);
}

/* The size of teams that prepare() set is the setting thread's alone. */
static int caller_threads;

static void one_loop(bench_job *job) {
  (void)job;
#pragma omp parallel for num_threads(caller_threads)
  for (int i = 0; i < BENCH_CALLER_ITERATIONS; i++) bench_microsecond();
}

static void callers(bench_job *job) {
  caller_threads = omp_get_max_threads();
  bench_callers_run(job, one_loop);
}

static const bench_kernel kernels[] = {
    {.name = "flat", .run = flat},
    {.name = "nested", .run = nested},
    {.name = "nested_one_level", .run = nested_one_level},
    {.name = "nested_empty", .run = nested_empty},
    {.name = "callers", .run = callers},
};

const bench_kernel_list bench_nested_kernels = {kernels, sizeof kernels / sizeof *kernels};

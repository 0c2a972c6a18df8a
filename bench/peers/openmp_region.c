/* SPDX-License-Identifier: MIT */
/* openmp_region.c: regions, and what a team does together inside one, under OpenMP's pragmas. */
#include <omp.h>

#include "peers/schedules.h"
#include "peers/serve.h"
#include "peers/times.h"

#define PRAGMA(text) _Pragma(#text)

static void region(bench_job *job) {
  (void)job;
#pragma omp parallel
  bench_nothing();
}

/* A region after so many microseconds of serial code, so many times; reports the median of the regions' times. */
static void region_after(bench_job *job) {
  enum { REGIONS = 200 };
  double times[REGIONS];
  int64_t regions = job->n < 1 ? 1 : job->n < REGIONS ? job->n : REGIONS;
  for (int64_t k = 0; k < regions; k++) {
    bench_keep(bench_work(job->outer * BENCH_MICROSECOND));
    times[k] = bench_now_ns();
#pragma omp parallel
    bench_nothing();
    times[k] = bench_now_ns() - times[k];
  }
  bench_sort(times, (size_t)regions);
  job->ns = bench_quantile(times, (size_t)regions, 0.5);
}

static void barrier(bench_job *job) {
  int64_t repeat = job->repeat;
#pragma omp parallel
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp barrier
  }
}

/* The counts are written by one thread at a time; that they come out right is the check. */
static void single(bench_job *job) {
  int64_t repeat = job->repeat, count = 0;
#pragma omp parallel
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp single
    count++;
  }
  job->check = count == repeat;
}

static void single_nowait(bench_job *job) {
  int64_t repeat = job->repeat;
#pragma omp parallel
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp single nowait
    bench_nothing();
  }
}

static void critical(bench_job *job) {
  int64_t repeat = job->repeat, count = 0, threads = 0;
#pragma omp parallel
  {
#pragma omp single
    threads = omp_get_num_threads();
    for (int64_t r = 0; r < repeat; r++) {
#pragma omp critical(bench)
      count++;
    }
  }
  job->check = count == repeat * threads;
}

static void ordered(bench_job *job) {
  int64_t repeat = job->repeat, next = 0;
#pragma omp parallel for ordered schedule(static, 1)
  for (int64_t i = 0; i < repeat; i++) {
#pragma omp ordered
    if (i == next) next++;
  }
  job->check = next == repeat;
}

/* OpenMP has no construct that reduces the threads' own values: a loop over the threads is what programs write. */
static void reduce(bench_job *job) {
  int64_t repeat = job->repeat;
  double sum = 0;
#pragma omp parallel
  {
    int threads = omp_get_num_threads();
    for (int64_t r = 0; r < repeat; r++) {
#pragma omp for reduction(+ : sum) schedule(static)
      for (int t = 0; t < threads; t++) sum += 1;
    }
  }
  job->check = sum / (double)repeat;
}

#define DEFINE_FOR(id, text, clause)                   \
  static void for_##id(bench_job *job) {               \
    int64_t n = job->n, repeat = job->repeat;          \
    PRAGMA(omp parallel)                               \
    for (int64_t r = 0; r < repeat; r++) {             \
      PRAGMA(omp for schedule clause)                  \
      for (int64_t i = 0; i < n; i++) bench_nothing(); \
    }                                                  \
  }
BENCH_REGION_SCHEDULES(DEFINE_FOR)

static void for_static_nowait(bench_job *job) {
  int64_t n = job->n, repeat = job->repeat;
#pragma omp parallel
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp for schedule(static) nowait
    for (int64_t i = 0; i < n; i++) bench_nothing();
  }
}

#define FOR_ENTRY(id, text, clause) {.name = "prange", .schedule = (text), .run = for_##id, .repeats = true},

static const bench_kernel kernels[] = {
    {.name = "region", .run = region},
    {.name = "region_after", .run = region_after, .reports = true},
    {.name = "barrier", .run = barrier, .repeats = true},
    {.name = "single", .run = single, .repeats = true},
    {.name = "single_nowait", .run = single_nowait, .repeats = true},
    {.name = "critical", .run = critical, .repeats = true},
    {.name = "ordered", .run = ordered, .repeats = true},
    {.name = "reduce", .run = reduce, .repeats = true},
    {.name = "prange_nowait", .schedule = "static", .run = for_static_nowait, .repeats = true},
    BENCH_REGION_SCHEDULES(FOR_ENTRY)};

const bench_kernel_list bench_region_kernels = {kernels, sizeof kernels / sizeof *kernels};

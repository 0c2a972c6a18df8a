/* SPDX-License-Identifier: MIT */
/* openmp_memory.c: bodies that allocate, and first touch, under OpenMP's pragmas. */
#include "peers/memory.h"

static void allocate(bench_job *job) {
  int64_t n = job->n, failed = 0;
#pragma omp parallel for reduction(+ : failed)
  for (int64_t i = 0; i < n; i++) {
    bench_blocks blocks;
    failed += !bench_allocate(&blocks, i);
    bench_release(&blocks);
  }
  job->check = -(double)failed;
}

static void allocate_across(bench_job *job) {
  bench_blocks *blocks = bench_blocks_of(job->n);
  int64_t n = job->n, failed = 0;
  job->check = -1;
  if (blocks == NULL) return;
#pragma omp parallel for reduction(+ : failed)
  for (int64_t i = 0; i < n; i++) failed += !bench_allocate(&blocks[i], i);
#pragma omp parallel for
  for (int64_t i = 0; i < n; i++) bench_release(&blocks[n - 1 - i]);
  job->check = -(double)failed;
}

static double sum_of(const double *x, int64_t n) {
  double sum = 0;
#pragma omp parallel for reduction(+ : sum)
  for (int64_t i = 0; i < n; i++) sum += x[i];
  return sum;
}

static void read_and_end(bench_job *job, double *x) {
  for (int read = 0; read < BENCH_READS; read++) job->check += sum_of(x, job->n);
  bench_fresh_end(x, job->n);
}

static void touch_by_all(bench_job *job) {
  int64_t n = job->n;
  double *x = bench_fresh(n);
  job->check = 0;
  if (x == NULL) return;
#pragma omp parallel for
  for (int64_t i = 0; i < n; i++) x[i] = BENCH_FACTOR;
  read_and_end(job, x);
}

static void touch_by_one(bench_job *job) {
  int64_t n = job->n;
  double *x = bench_fresh(n);
  job->check = 0;
  if (x == NULL) return;
  for (int64_t i = 0; i < n; i++) x[i] = BENCH_FACTOR;
  read_and_end(job, x);
}

static const bench_kernel kernels[] = {
    {.name = "allocate", .run = allocate},
    {.name = "allocate_across", .run = allocate_across},
    {.name = "touch_by_all", .run = touch_by_all},
    {.name = "touch_by_one", .run = touch_by_one},
};

const bench_kernel_list bench_memory_kernels = {kernels, sizeof kernels / sizeof *kernels};

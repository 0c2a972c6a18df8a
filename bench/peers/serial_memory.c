/* SPDX-License-Identifier: MIT */
/* serial_memory.c: bodies that allocate, and first touch, on one thread. Who has no memory shows in the check. */
#include "peers/memory.h"

static void allocate(bench_job *job) {
  job->check = 0;
  for (int64_t i = 0; i < job->n; i++) {
    bench_blocks blocks;
    if (!bench_allocate(&blocks, i)) job->check = -1;
    bench_release(&blocks);
  }
}

static void allocate_across(bench_job *job) {
  bench_blocks *blocks = bench_blocks_of(job->n);
  job->check = -1;
  if (blocks == NULL) return;
  job->check = 0;
  for (int64_t i = 0; i < job->n; i++)
    if (!bench_allocate(&blocks[i], i)) job->check = -1;
  for (int64_t i = 0; i < job->n; i++) bench_release(&blocks[job->n - 1 - i]);
}

static void touch(bench_job *job) {
  int64_t n = job->n;
  double *x = bench_fresh(n), sum = 0;
  job->check = 0;
  if (x == NULL) return;
  for (int64_t i = 0; i < n; i++) x[i] = BENCH_FACTOR;
  for (int read = 0; read < BENCH_READS; read++)
    for (int64_t i = 0; i < n; i++) sum += x[i];
  bench_fresh_end(x, n);
  job->check = sum;
}

static const bench_kernel kernels[] = {
    {.name = "allocate", .run = allocate},
    {.name = "allocate_across", .run = allocate_across},
    {.name = "touch_by_all", .run = touch},
    {.name = "touch_by_one", .run = touch},
};

const bench_kernel_list bench_memory_kernels = {kernels, sizeof kernels / sizeof *kernels};

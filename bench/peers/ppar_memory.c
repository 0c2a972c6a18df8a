/* SPDX-License-Identifier: MIT */
/* ppar_memory.c: bodies that allocate, and first touch, under ppar. */
#include "peers/memory.h"
#include "peers/ppar_options.h"

PPAR_FOLD(allocate_fold, int64_t, failed, i, bench_job, job) {
  bench_blocks blocks;
  (void)job;
  *failed += !bench_allocate(&blocks, i);
  bench_release(&blocks);
}
static void allocate(bench_job *job) {
  int64_t failed = 0;
  ppar_parallel_reduce(0, job->n, allocate_fold, job, &ppar_sum_i64, &failed, &bench_ppar_options);
  job->check = -(double)failed;
}

typedef struct blocks_table {
  bench_blocks *blocks;
  int64_t n;
} blocks_table;

PPAR_FOLD(allocate_each, int64_t, failed, i, blocks_table, table) { *failed += !bench_allocate(table->blocks + i, i); }
PPAR_BODY(release_each, i, blocks_table, table) { bench_release(table->blocks + (table->n - 1 - i)); }
static void allocate_across(bench_job *job) {
  blocks_table table = {bench_blocks_of(job->n), job->n};
  int64_t failed = 0;
  job->check = -1;
  if (table.blocks == NULL) return;
  ppar_parallel_reduce(0, job->n, allocate_each, &table, &ppar_sum_i64, &failed, &bench_ppar_options);
  ppar_parallel_for(0, job->n, release_each, &table, &bench_ppar_options);
  job->check = -(double)failed;
}

typedef struct vector {
  double *x;
} vector;

PPAR_BODY(fill_each, i, vector, v) { v->x[i] = BENCH_FACTOR; }
PPAR_FOLD(sum_fold, double, sum, i, vector, v) { *sum += v->x[i]; }

static void read_and_end(bench_job *job, vector *v) {
  for (int read = 0; read < BENCH_READS; read++)
    ppar_parallel_reduce(0, job->n, sum_fold, v, &ppar_sum_f64, &job->check, &bench_ppar_options);
  bench_fresh_end(v->x, job->n);
}

static void touch_by_all(bench_job *job) {
  vector v = {bench_fresh(job->n)};
  job->check = 0;
  if (v.x == NULL) return;
  ppar_parallel_for(0, job->n, fill_each, &v, &bench_ppar_options);
  read_and_end(job, &v);
}

static void touch_by_one(bench_job *job) {
  vector v = {bench_fresh(job->n)};
  job->check = 0;
  if (v.x == NULL) return;
  for (int64_t i = 0; i < job->n; i++) v.x[i] = BENCH_FACTOR;
  read_and_end(job, &v);
}

static const bench_kernel kernels[] = {
    {.name = "allocate", .run = allocate},
    {.name = "allocate_across", .run = allocate_across},
    {.name = "touch_by_all", .run = touch_by_all},
    {.name = "touch_by_one", .run = touch_by_one},
};

const bench_kernel_list bench_memory_kernels = {kernels, sizeof kernels / sizeof *kernels};

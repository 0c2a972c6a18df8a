/* SPDX-License-Identifier: MIT */
/* ppar.c: the loops as ppar's manual teaches them. */
#include "dgemm.h"
#include "peers/ends.h"
#include "peers/ppar_options.h"
#include "peers/serve.h"

#include <ppar/ppar.h>
#include <stdio.h>

PPAR_BODY(nothing, i, bench_job, job) { bench_nothing(); }
static void empty(bench_job *job) { ppar_parallel_for(0, job->n, nothing, job, &bench_ppar_options); }

/* The same body without the macro: one call a chunk, whatever the schedule. */
static void nothing_by_hand(const ppar_chunk *chunk, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) bench_nothing();
}
static void empty_by_hand(bench_job *job) { ppar_parallel_for(0, job->n, nothing_by_hand, NULL, &bench_ppar_options); }

/* Rows of so many, and what is left of n is not there. */
static int64_t rows_of(const bench_job *job) { return job->n / BENCH_ROW; }

PPAR_BODY_2D(nothing_2d, i, j, bench_job, job) { bench_nothing(); }
static void empty_2d(bench_job *job) {
  ppar_parallel_for_2d(PPAR_BOUNDS(0, rows_of(job)), PPAR_BOUNDS(0, BENCH_ROW), nothing_2d, job, &bench_ppar_options);
}

static void nothing_2d_by_hand(const ppar_tile *tile, void *arg) {
  (void)arg;
  for (int64_t i = tile->dim[0].begin; i < tile->dim[0].end; i++)
    for (int64_t j = tile->dim[1].begin; j < tile->dim[1].end; j++) bench_nothing();
}
static void empty_2d_by_hand(bench_job *job) {
  ppar_parallel_for_2d(PPAR_BOUNDS(0, rows_of(job)), PPAR_BOUNDS(0, BENCH_ROW), nothing_2d_by_hand, job,
                       &bench_ppar_options);
}

/* A pool with no thread but the caller. */
static void pool_of_one(bench_job *job) {
  static ppar_pool *pool;
  if (pool == NULL && ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 1)) != PPAR_OK) return;
  ppar_parallel_for(0, job->n, nothing, job, PPAR_OPTIONS(.pool = pool));
}

PPAR_FOLD(integration_fold, double, sum, i, bench_job, job) { *sum += bench_integration_row(i, job->n); }
static void integration2d(bench_job *job) {
  double sum = 0;
  ppar_parallel_reduce(0, job->n, integration_fold, job, &ppar_sum_f64, &sum, &bench_ppar_options);
  job->check = sum * bench_integration_scale(job->n);
}

PPAR_FOLD(dot_fold, double, sum, i, bench_data, d) { *sum += d->x[i] * d->y[i]; }
static void dot(bench_job *job) {
  double sum = 0;
  ppar_parallel_reduce(0, job->n, dot_fold, &job->data, &ppar_sum_f64, &sum, &bench_ppar_options);
  job->check = sum;
}

PPAR_BODY(triad_body, i, bench_data, d) { d->z[i] = d->x[i] + BENCH_FACTOR * d->y[i]; }
static void triad(bench_job *job) {
  ppar_parallel_for(0, job->n, triad_body, &job->data, &bench_ppar_options);
  job->check = job->data.z[job->n / 2];
}

PPAR_BODY(scale_body, i, bench_data, d) { d->y[i] = BENCH_FACTOR * d->x[i]; }
static void scale(bench_job *job) {
  ppar_parallel_for(0, job->n, scale_body, &job->data, &bench_ppar_options);
  job->check = job->data.y[job->n / 2];
}

PPAR_FOLD(sum_fold, double, total, i, bench_data, d) { *total += d->x[i]; }
static void sum(bench_job *job) {
  double total = 0;
  ppar_parallel_reduce(0, job->n, sum_fold, &job->data, &ppar_sum_f64, &total, &bench_ppar_options);
  job->check = total;
}

static void sum_reproducible(bench_job *job) {
  bench_ppar_options.reproducible = true;
  sum(job);
}

PPAR_FOLD(count_fold, int64_t, total, i, bench_data, d) { *total += d->x[i] > BENCH_THRESHOLD; }
static void count(bench_job *job) {
  int64_t total = 0;
  ppar_parallel_reduce(0, job->n, count_fold, &job->data, &ppar_sum_i64, &total, &bench_ppar_options);
  job->check = (double)total;
}

PPAR_FOLD(max_fold, double, most, i, bench_data, d) { *most = d->x[i] > *most ? d->x[i] : *most; }
static void max(bench_job *job) {
  double most = 0;
  ppar_parallel_reduce(0, job->n, max_fold, &job->data, &ppar_max_f64, &most, &bench_ppar_options);
  job->check = most;
}

PPAR_FOLD(min_fold, double, least, i, bench_data, d) { *least = d->x[i] < *least ? d->x[i] : *least; }
static void min(bench_job *job) {
  double least = 1;
  ppar_parallel_reduce(0, job->n, min_fold, &job->data, &ppar_min_f64, &least, &bench_ppar_options);
  job->check = least;
}

PPAR_BODY(stencil_body, i, bench_job, job) { bench_stencil_row(job->data.y, job->data.x, job->n, i); }
static void stencil(bench_job *job) {
  ppar_parallel_for(1, job->n - 1, stencil_body, job, &bench_ppar_options);
  job->check = job->data.y[job->n + 1];
}

PPAR_BODY(matmul_body, i, bench_job, job) { bench_matmul_row(job->data.z, job->data.x, job->data.y, job->n, i); }
static void matmul(bench_job *job) {
  ppar_parallel_for(0, job->n, matmul_body, job, &bench_ppar_options);
  job->check = job->data.z[job->n];
}

static void dgemm(bench_job *job) {
  const bench_data *d = &job->data;
  int64_t n = job->n;
  if (dgemm_ppar(n, n, n, d->x, n, d->y, n, d->z, n, &bench_ppar_options) == PPAR_OK) job->check = d->z[n];
}

PPAR_BODY(ends_body, i, bench_job, job) { (void)bench_ends_iteration(); }
static void ends_loop(bench_job *job) {
  ppar_parallel_for(0, bench_ends_iterations(job), ends_body, job, &bench_ppar_options);
}
static void ends(bench_job *job) { bench_ends_run(job, ends_loop); }

PPAR_FOLD(ends_fold, double, total, i, bench_job, job) { *total += bench_ends_iteration(); }
static void ends_sum_loop(bench_job *job) {
  double total = 0;
  ppar_parallel_reduce(0, bench_ends_iterations(job), ends_fold, job, &ppar_sum_f64, &total, &bench_ppar_options);
  job->check = total;
}
static void ends_sum(bench_job *job) { bench_ends_run(job, ends_sum_loop); }

static const bench_kernel kernels[] = {
    {.name = "empty", .run = empty},
    {.name = "empty_by_hand", .run = empty_by_hand},
    {.name = "empty_2d", .run = empty_2d},
    {.name = "empty_2d_by_hand", .run = empty_2d_by_hand},
    {.name = "pool_of_one", .run = pool_of_one},
    {.name = "integration2d", .run = integration2d},
    {.name = "dot", .run = dot},
    {.name = "triad", .run = triad},
    {.name = "scale", .run = scale},
    {.name = "sum", .run = sum},
    {.name = "ends", .run = ends, .reports = true},
    {.name = "ends_sum", .run = ends_sum, .reports = true},
    {.name = "sum_reproducible", .run = sum_reproducible},
    {.name = "count", .run = count},
    {.name = "max", .run = max},
    {.name = "min", .run = min},
    {.name = "stencil", .run = stencil},
    {.name = "matmul", .run = matmul},
    {.name = "dgemm", .run = dgemm},
};

static const bench_kernel_list loops = {kernels, sizeof kernels / sizeof *kernels};

int main(void) {
  char version[BENCH_VERSION_MAX];
  const bench_server server = {
      .version = version,
      .prepare = bench_ppar_prepare,
      .wake = bench_ppar_wake,
      .fill = bench_ppar_fill,
      .lists = {&loops, &bench_region_kernels, &bench_nested_kernels, &bench_task_kernels, &bench_idle_kernels,
                &bench_imbalance_kernels, &bench_memory_kernels, &bench_grain_kernels, &bench_random_kernels},
  };
  snprintf(version, sizeof version, "ppar %s, dgemm for %s, compiled by %s", ppar_version(), dgemm_kernel_name(),
           BENCH_COMPILER);
  return bench_serve(&server);
}

/* SPDX-License-Identifier: MIT */
/* ppar_nested.c: loops in loops, and loops from many threads, under ppar. */
#include "peers/nested.h"
#include "peers/ppar_options.h"

PPAR_BODY(microsecond, i, bench_job, job) { bench_microsecond(); }
static void flat(bench_job *job) { ppar_parallel_for(0, job->n, microsecond, job, &bench_ppar_options); }

typedef struct outer_loop {
  bench_job *job;
  int64_t inner;
} outer_loop;

PPAR_BODY(inner_loop, o, outer_loop, loop) {
  ppar_parallel_for(0, loop->inner, microsecond, loop->job, &bench_ppar_options);
}
static void nested(bench_job *job) {
  outer_loop loop = {job, job->n / job->outer};
  ppar_parallel_for(0, job->outer, inner_loop, &loop, &bench_ppar_options);
}

PPAR_BODY(nothing, i, bench_job, job) { bench_nothing(); }
PPAR_BODY(inner_empty_loop, o, outer_loop, loop) {
  ppar_parallel_for(0, loop->inner, nothing, loop->job, &bench_ppar_options);
}
static void nested_empty(bench_job *job) {
  outer_loop loop = {job, job->n / job->outer};
  ppar_parallel_for(0, job->outer, inner_empty_loop, &loop, &bench_ppar_options);
}

static void one_loop(bench_job *job) {
  ppar_parallel_for(0, BENCH_CALLER_ITERATIONS, microsecond, job, &bench_ppar_options);
}
static void callers(bench_job *job) { bench_callers_run(job, one_loop); }

static const bench_kernel kernels[] = {
    {.name = "flat", .run = flat},
    {.name = "nested", .run = nested},
    {.name = "nested_empty", .run = nested_empty},
    {.name = "callers", .run = callers},
};

const bench_kernel_list bench_nested_kernels = {kernels, sizeof kernels / sizeof *kernels};

/* SPDX-License-Identifier: MIT */
/* openmp_task_constructs.c: what each of OpenMP's constructs of tasks costs; their bodies do next to nothing. */
#include <omp.h>

#include "peers/serve.h"

/* Every thread makes tasks, and all help to run them. */
static void task_all(bench_job *job) {
  int64_t repeat = job->repeat;
#pragma omp parallel
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp task
    bench_nothing();
  }
}

/* One thread makes all of them. */
static void task_single(bench_job *job) {
  int64_t repeat = job->repeat;
#pragma omp parallel
#pragma omp single
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp task
    bench_nothing();
  }
}

/* Undeferred: the thread runs it before it goes on. */
static void task_if_false(bench_job *job) {
  int64_t repeat = job->repeat;
  int deferred = job->n == 0;
#pragma omp parallel
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp task if (deferred)
    bench_nothing();
  }
}

static void task_wait(bench_job *job) {
  int64_t repeat = job->repeat, wrong = 0;
#pragma omp parallel reduction(+ : wrong)
  for (int64_t r = 0; r < repeat; r++) {
    int64_t value = -1;
#pragma omp task shared(value)
    value = r;
#pragma omp taskwait
    wrong += value != r;
  }
  job->check = (double)wrong;
}

static void task_group(bench_job *job) {
  int64_t repeat = job->repeat, wrong = 0;
#pragma omp parallel reduction(+ : wrong)
  for (int64_t r = 0; r < repeat; r++) {
    int64_t value = -1;
#pragma omp taskgroup
    {
#pragma omp task shared(value)
      value = r;
    }
    wrong += value != r;
  }
  job->check = (double)wrong;
}

/* A task that makes eight, and waits for them. */
enum { CHILDREN = 8 };
static void task_nested(bench_job *job) {
  int64_t repeat = job->repeat;
#pragma omp parallel
#pragma omp single
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp task
    {
      for (int c = 0; c < CHILDREN; c++) {
#pragma omp task
        bench_nothing();
      }
#pragma omp taskwait
    }
  }
}

/* Each task needs the one before. */
static void task_chain(bench_job *job) {
  int64_t repeat = job->repeat, count = 0;
#pragma omp parallel
#pragma omp single
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp task depend(inout : count) shared(count)
    count++;
  }
  job->check = count == repeat;
}

/* Four chains at once. */
enum { CHAINS = 4 };
static void task_chains(bench_job *job) {
  int64_t repeat = job->repeat, sum = 0, counts[CHAINS] = {0};
#pragma omp parallel
#pragma omp single
  for (int64_t r = 0; r < repeat; r++) {
    int64_t *count = &counts[r % CHAINS];
#pragma omp task depend(inout : count[0]) firstprivate(count)
    ++*count;
  }
  for (int c = 0; c < CHAINS; c++) sum += counts[c];
  job->check = sum == repeat;
}

static void task_reduction(bench_job *job) {
  int64_t repeat = job->repeat;
  double sum = 0;
#pragma omp parallel
#pragma omp single
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp taskgroup task_reduction(+ : sum)
    {
#pragma omp task in_reduction(+ : sum)
      sum += 1;
    }
  }
  job->check = sum == (double)repeat;
}

static void task_loop(bench_job *job) {
  int64_t repeat = job->repeat;
  uint64_t n = (uint64_t)job->n; /* clang warns of its own comparisons where it is signed */
#pragma omp parallel
#pragma omp single
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp taskloop
    for (uint64_t i = 0; i < n; i++) bench_nothing();
  }
}

static void task_loop_fine(bench_job *job) {
  int64_t repeat = job->repeat;
  uint64_t n = (uint64_t)job->n; /* clang warns of its own comparisons where it is signed */
#pragma omp parallel
#pragma omp single
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp taskloop grainsize(1)
    for (uint64_t i = 0; i < n; i++) bench_nothing();
  }
}

static void task_yield(bench_job *job) {
  int64_t repeat = job->repeat;
#pragma omp parallel
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp taskyield
  }
}

static const bench_kernel kernels[] = {
    {.name = "task_all", .run = task_all, .repeats = true},
    {.name = "task_single", .run = task_single, .repeats = true},
    {.name = "task_if_false", .run = task_if_false, .repeats = true},
    {.name = "task_wait", .run = task_wait, .repeats = true},
    {.name = "task_group", .run = task_group, .repeats = true},
    {.name = "task_nested", .run = task_nested, .repeats = true},
    {.name = "task_chain", .run = task_chain, .repeats = true},
    {.name = "task_chains", .run = task_chains, .repeats = true},
    {.name = "task_reduction", .run = task_reduction, .repeats = true},
    {.name = "task_loop", .run = task_loop, .repeats = true},
    {.name = "task_loop_fine", .run = task_loop_fine, .repeats = true},
    {.name = "task_yield", .run = task_yield, .repeats = true},
};

const bench_kernel_list bench_task_construct_kernels = {kernels, sizeof kernels / sizeof *kernels};

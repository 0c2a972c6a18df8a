/* SPDX-License-Identifier: MIT */
/* serial_tasks.c: recursion, sorting and prefix sums on one thread. */
#include <stdlib.h>
#include <string.h>

#include "peers/serve.h"
#include "peers/sorting.h"

/* A call is a call in every peer: compilers would inline some into themselves, in each in another way. */
static __attribute__((noinline)) int64_t fib_of(int64_t n) { return n < 2 ? n : fib_of(n - 1) + fib_of(n - 2); }
static void fib(bench_job *job) { job->check = (double)fib_of(job->n); }

static void copy(const bench_job *job) { memcpy(job->data.y, job->data.x, (size_t)job->n * sizeof(double)); }

static void quicksort(bench_job *job) {
  copy(job);
  bench_quicksort(job->data.y, job->n);
  job->check = bench_sorted_check(job->data.y, job->n);
}

static void sort(bench_job *job) {
  copy(job);
  qsort(job->data.y, (size_t)job->n, sizeof(double), bench_compare);
  job->check = bench_sorted_check(job->data.y, job->n);
}

static void scan(bench_job *job) {
  const double *x = job->data.x;
  double *y = job->data.y, sum = 0;
  for (int64_t i = 0; i < job->n; i++) {
    sum += x[i];
    y[i] = sum;
  }
  job->check = y[job->n / 2] + y[job->n - 1];
}

static void two_passes(bench_job *job) {
  const double *x = job->data.x;
  double *y = job->data.y, sum = 0;
  for (int64_t i = 0; i < job->n; i++) sum += x[i];
  for (int64_t i = 0; i < job->n; i++) y[i] = BENCH_FACTOR * x[i];
  job->check = sum + y[job->n / 2];
}

static const bench_kernel kernels[] = {
    {.name = "fib", .run = fib},   {.name = "quicksort", .run = quicksort},   {.name = "sort", .run = sort},
    {.name = "scan", .run = scan}, {.name = "two_passes", .run = two_passes},
};

const bench_kernel_list bench_task_kernels = {kernels, sizeof kernels / sizeof *kernels};

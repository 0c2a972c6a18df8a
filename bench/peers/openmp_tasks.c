/* SPDX-License-Identifier: MIT */
/* openmp_tasks.c: recursion, sorting and prefix sums under OpenMP's pragmas. OpenMP has no sort. */
#include <string.h>

#include "peers/serve.h"
#include "peers/sorting.h"

/* A call is a call in every peer: compilers would inline some into themselves, in each in another way. */
static __attribute__((noinline)) int64_t fib_of(int64_t n) {
  int64_t a, b;
  if (n < 2) return n;
#pragma omp task shared(a)
  a = fib_of(n - 1);
  b = fib_of(n - 2);
#pragma omp taskwait
  return a + b;
}

static void fib(bench_job *job) {
  int64_t value = 0;
#pragma omp parallel
#pragma omp single
  value = fib_of(job->n);
  job->check = (double)value;
}

static void sort_part(double *x, int64_t n) {
  int64_t first;
  if (n <= BENCH_SORT_CUTOFF) {
    bench_quicksort(x, n);
    return;
  }
  first = bench_partition(x, n);
#pragma omp task
  sort_part(x, first);
  sort_part(x + first, n - first);
#pragma omp taskwait
}

static void quicksort(bench_job *job) {
  memcpy(job->data.y, job->data.x, (size_t)job->n * sizeof(double));
#pragma omp parallel
#pragma omp single
  sort_part(job->data.y, job->n);
  job->check = bench_sorted_check(job->data.y, job->n);
}

/* clang keeps a value for each iteration on the stack, which a loop of this size overflows. */
#ifndef __clang__
static void scan(bench_job *job) {
  const double *x = job->data.x;
  double *y = job->data.y, sum = 0;
  int64_t n = job->n;
#pragma omp parallel for reduction(inscan, + : sum)
  for (int64_t i = 0; i < n; i++) {
    sum += x[i];
#pragma omp scan inclusive(sum)
    y[i] = sum;
  }
  job->check = y[n / 2] + y[n - 1];
}
#endif

static void two_passes(bench_job *job) {
  const double *x = job->data.x;
  double *y = job->data.y, sum = 0;
  int64_t n = job->n;
#pragma omp parallel for reduction(+ : sum)
  for (int64_t i = 0; i < n; i++) sum += x[i];
#pragma omp parallel for
  for (int64_t i = 0; i < n; i++) y[i] = BENCH_FACTOR * x[i];
  job->check = sum + y[n / 2];
}

static const bench_kernel kernels[] = {
    {.name = "fib", .run = fib},
    {.name = "quicksort", .run = quicksort},
#ifndef __clang__
    {.name = "scan", .run = scan},
#endif
    {.name = "two_passes", .run = two_passes},
};

const bench_kernel_list bench_task_kernels = {kernels, sizeof kernels / sizeof *kernels};

/* SPDX-License-Identifier: MIT */
/* ppar_tasks.c: recursion, sorting and prefix sums as ppar's manual teaches them. */
#include <string.h>

#include "peers/ppar_options.h"
#include "peers/serve.h"
#include "peers/sorting.h"

typedef struct number {
  int64_t n, value;
} number;

/* A call is a call in every peer: compilers would inline some into themselves, in each in another way. */
static __attribute__((noinline)) void fib_of(void *arg) {
  number *f = arg;
  number a = {.n = f->n - 1}, b = {.n = f->n - 2};
  ppar_task_group group;
  if (f->n < 2) {
    f->value = f->n;
    return;
  }
  ppar_task_group_begin(&group, NULL);
  ppar_task_spawn(&group, fib_of, &a);
  fib_of(&b);
  ppar_task_group_wait(&group);
  f->value = a.value + b.value;
}

static void fib(bench_job *job) {
  number f = {.n = job->n};
  fib_of(&f);
  job->check = (double)f.value;
}

typedef struct part {
  double *x;
  int64_t n;
} part;

static void sort_part(void *arg) {
  const part own = *(const part *)arg;
  part first, rest;
  ppar_task_group group;
  if (own.n <= BENCH_SORT_CUTOFF) {
    bench_quicksort(own.x, own.n);
    return;
  }
  first = (part){own.x, bench_partition(own.x, own.n)};
  rest = (part){own.x + first.n, own.n - first.n};
  ppar_task_group_begin(&group, NULL);
  ppar_task_spawn(&group, sort_part, &first);
  sort_part(&rest);
  ppar_task_group_wait(&group);
}

static void copy(const bench_job *job) { memcpy(job->data.y, job->data.x, (size_t)job->n * sizeof(double)); }

static void quicksort(bench_job *job) {
  copy(job);
  sort_part(&(part){job->data.y, job->n});
  job->check = bench_sorted_check(job->data.y, job->n);
}

static void sort(bench_job *job) {
  copy(job);
  ppar_sort(job->data.y, (size_t)job->n, sizeof(double), bench_compare, &bench_ppar_options);
  job->check = bench_sorted_check(job->data.y, job->n);
}

static void scan(bench_job *job) {
  const double *y = job->data.y;
  ppar_inclusive_scan(job->data.x, job->data.y, job->n, &ppar_sum_f64, NULL, &bench_ppar_options);
  job->check = y[job->n / 2] + y[job->n - 1];
}

PPAR_FOLD(sum_fold, double, sum, i, bench_data, d) { *sum += d->x[i]; }
PPAR_BODY(scale_body, i, bench_data, d) { d->y[i] = BENCH_FACTOR * d->x[i]; }
static void two_passes(bench_job *job) {
  double sum = 0;
  ppar_parallel_reduce(0, job->n, sum_fold, &job->data, &ppar_sum_f64, &sum, &bench_ppar_options);
  ppar_parallel_for(0, job->n, scale_body, &job->data, &bench_ppar_options);
  job->check = sum + job->data.y[job->n / 2];
}

static const bench_kernel kernels[] = {
    {.name = "fib", .run = fib},   {.name = "quicksort", .run = quicksort},   {.name = "sort", .run = sort},
    {.name = "scan", .run = scan}, {.name = "two_passes", .run = two_passes},
};

const bench_kernel_list bench_task_kernels = {kernels, sizeof kernels / sizeof *kernels};

/* SPDX-License-Identifier: MIT */
/* serial_nested.c: loops in loops on one thread. */
#include "peers/nested.h"

static void flat(bench_job *job) {
  for (int64_t i = 0; i < job->n; i++) bench_microsecond();
}

static void nested(bench_job *job) {
  int64_t inner = job->n / job->outer;
  for (int64_t o = 0; o < job->outer; o++)
    for (int64_t i = 0; i < inner; i++) bench_microsecond();
}

static void nested_empty(bench_job *job) {
  int64_t inner = job->n / job->outer;
  for (int64_t o = 0; o < job->outer; o++)
    for (int64_t i = 0; i < inner; i++) bench_nothing();
}

/* One thread has one caller. */
static void callers(bench_job *job) {
  for (int64_t k = 0; k < job->n; k++)
    for (int i = 0; i < BENCH_CALLER_ITERATIONS; i++) bench_microsecond();
}

static const bench_kernel kernels[] = {
    {.name = "flat", .run = flat},
    {.name = "nested", .run = nested},
    {.name = "nested_empty", .run = nested_empty},
    {.name = "callers", .run = callers},
};

const bench_kernel_list bench_nested_kernels = {kernels, sizeof kernels / sizeof *kernels};

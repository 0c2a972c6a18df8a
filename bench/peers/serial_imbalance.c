/* SPDX-License-Identifier: MIT */
/* serial_imbalance.c: the loops whose iterations differ, on one thread: a T-th of their time is the ideal. */
#include "peers/imbalance.h"

static void run(bench_job *job, bench_iteration *iteration) {
  for (int64_t i = 0; i < job->n; i++) iteration(i, job->n);
}

#define DEFINE(shape) \
  static void shape(bench_job *job) { run(job, bench_##shape); }
BENCH_SHAPES(DEFINE)

#define ENTRY(shape) {.name = #shape, .run = shape},
static const bench_kernel kernels[] = {BENCH_SHAPES(ENTRY)};

const bench_kernel_list bench_imbalance_kernels = {kernels, sizeof kernels / sizeof *kernels};

/* SPDX-License-Identifier: MIT */
/* serial_grain.c: uniform loops on one thread. */
#include "peers/grain.h"

static void stream(bench_job *job) {
  const bench_data d = job->data;
  const double *x = d.x, *y = d.y;
  double *z = d.z;
  for (int64_t i = 0; i < job->n; i++) z[i] = x[i] + BENCH_FACTOR * y[i];
  job->check = d.z[job->n / 2];
}

static void compute(bench_job *job) {
  for (int64_t i = 0; i < job->n; i++) bench_grain_iteration();
}

static const bench_kernel kernels[] = {
    {.name = "grain_stream", .run = stream, .first = true},
    {.name = "grain_compute", .run = compute, .first = true},
};

const bench_kernel_list bench_grain_kernels = {kernels, sizeof kernels / sizeof *kernels};

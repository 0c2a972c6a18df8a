/* SPDX-License-Identifier: MIT */
/* serial.c: the plain loops on one thread, as a C programmer writes them first. */
#include "peers/serve.h"

static void empty(bench_job *job) {
  for (int64_t i = 0; i < job->n; i++) bench_nothing();
}

static void empty_2d(bench_job *job) {
  for (int64_t i = 0; i < job->n / BENCH_ROW; i++)
    for (int64_t j = 0; j < BENCH_ROW; j++) bench_nothing();
}

static void wake(bench_job *job) { (void)job; }

static void fill(bench_job *job) { bench_data_fill(&job->data, 0, job->data.count); }

static void integration2d(bench_job *job) {
  double sum = 0;
  for (int64_t i = 0; i < job->n; i++) sum += bench_integration_row(i, job->n);
  job->check = sum * bench_integration_scale(job->n);
}

static void dot(bench_job *job) {
  const double *x = job->data.x, *y = job->data.y;
  double sum = 0;
  for (int64_t i = 0; i < job->n; i++) sum += x[i] * y[i];
  job->check = sum;
}

static void triad(bench_job *job) {
  const double *x = job->data.x, *y = job->data.y;
  double *z = job->data.z;
  for (int64_t i = 0; i < job->n; i++) z[i] = x[i] + BENCH_FACTOR * y[i];
  job->check = z[job->n / 2];
}

static void scale(bench_job *job) {
  const double *x = job->data.x;
  double *y = job->data.y;
  for (int64_t i = 0; i < job->n; i++) y[i] = BENCH_FACTOR * x[i];
  job->check = y[job->n / 2];
}

static void sum(bench_job *job) {
  const double *x = job->data.x;
  double total = 0;
  for (int64_t i = 0; i < job->n; i++) total += x[i];
  job->check = total;
}

static void count(bench_job *job) {
  const double *x = job->data.x;
  int64_t total = 0;
  for (int64_t i = 0; i < job->n; i++) total += x[i] > BENCH_THRESHOLD;
  job->check = (double)total;
}

static void max(bench_job *job) {
  const double *x = job->data.x;
  double most = 0;
  for (int64_t i = 0; i < job->n; i++) most = x[i] > most ? x[i] : most;
  job->check = most;
}

static void matmul(bench_job *job) {
  const bench_data *d = &job->data;
  for (int64_t i = 0; i < job->n; i++) bench_matmul_row(d->z, d->x, d->y, job->n, i);
  job->check = d->z[job->n];
}

static void min(bench_job *job) {
  const double *x = job->data.x;
  double least = 1;
  for (int64_t i = 0; i < job->n; i++) least = x[i] < least ? x[i] : least;
  job->check = least;
}

static void stencil(bench_job *job) {
  const bench_data *d = &job->data;
  for (int64_t i = 1; i < job->n - 1; i++) bench_stencil_row(d->y, d->x, job->n, i);
  job->check = d->y[job->n + 1];
}

static const bench_kernel kernels[] = {
    {.name = "min", .run = min},       {.name = "stencil", .run = stencil},
    {.name = "empty", .run = empty},   {.name = "integration2d", .run = integration2d},
    {.name = "dot", .run = dot},       {.name = "triad", .run = triad},
    {.name = "scale", .run = scale},   {.name = "sum", .run = sum},
    {.name = "count", .run = count},   {.name = "max", .run = max},
    {.name = "matmul", .run = matmul}, {.name = "empty_2d", .run = empty_2d},
};

static const bench_kernel_list loops = {kernels, sizeof kernels / sizeof *kernels};

int main(void) {
  const bench_server server = {
      .version = "plain loops on one thread, compiled by " BENCH_COMPILER,
      .wake = wake,
      .fill = fill,
      .lists = {&loops, &bench_nested_kernels, &bench_task_kernels, &bench_idle_kernels, &bench_imbalance_kernels,
                &bench_memory_kernels, &bench_grain_kernels, &bench_random_kernels},
  };
  return bench_serve(&server);
}

/* SPDX-License-Identifier: MIT */
/* cblas.c: the matrix product of the system's CBLAS, which has nothing else to compare. */
#include "peers/serve.h"

#include <cblas.h>
#include <stdio.h>

/* A product just large enough that the library gives it to all of its threads. */
enum { WAKE_N = 192 };
static double wake_operands[3][WAKE_N * WAKE_N];

static void product(double *c, const double *a, const double *b, int n) {
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1.0, a, n, b, n, 0.0, c, n);
}

static void wake(bench_job *job) {
  (void)job;
  product(wake_operands[0], wake_operands[1], wake_operands[2], WAKE_N);
}

static void fill(bench_job *job) { bench_data_fill(&job->data, 0, job->data.count); }

static void dgemm(bench_job *job) {
  product(job->data.z, job->data.x, job->data.y, (int)job->n);
  job->check = job->data.z[job->n];
}

static const bench_kernel kernels[] = {{.name = "dgemm", .run = dgemm}};

#ifdef BENCH_OPENBLAS
static const char *library(void) { return openblas_get_config(); }
#else
static const char *library(void) { return "the system's CBLAS"; }
#endif

static const bench_kernel_list loops = {kernels, sizeof kernels / sizeof *kernels};

int main(void) {
  char version[BENCH_VERSION_MAX];
  const bench_server server = {
      .version = version,
      .wake = wake,
      .fill = fill,
      .lists = {&loops},
  };
  snprintf(version, sizeof version, "%s", library());
  return bench_serve(&server);
}

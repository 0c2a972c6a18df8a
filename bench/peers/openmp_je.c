/* SPDX-License-Identifier: MIT */
/* openmp_je.c: OpenMP in a program that is linked to jemalloc, where that matters. */
#include <omp.h>

#include "peers/serve.h"

#ifdef __clang__
#define RUNTIME "libomp"
#else
#define RUNTIME "libgomp"
#endif

static int threads_of_environment;

static bool prepare(bench_job *job) {
  omp_set_num_threads(job->threads > 0 ? job->threads : threads_of_environment);
  return true;
}

static void wake(bench_job *job) {
  (void)job;
#pragma omp parallel
  bench_nothing();
}

int main(void) {
  const bench_server server = {
      .version = "as " RUNTIME ", with jemalloc in place of the C library's malloc",
      .prepare = prepare,
      .wake = wake,
      .lists = {&bench_memory_kernels},
  };
  threads_of_environment = omp_get_max_threads();
  return bench_serve(&server);
}

/* SPDX-License-Identifier: MIT */
/* openmp.c: the loops under OpenMP's pragmas, as its own manual teaches them. Compiled by gcc and by clang,
 * and linked to libgomp and to libomp: see meson.build. */
#include "peers/ends.h"
#include "peers/openmp_process.h"
#include "peers/schedules.h"
#include "peers/serve.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRAGMA(text) _Pragma(#text)

/* The loop of which each schedule is asked for, a function each. */
#define DEFINE_EMPTY(id, text, clause)                    \
  static void empty_##id(bench_job *job) {                \
    PRAGMA(omp parallel for schedule clause)              \
    for (int64_t i = 0; i < job->n; i++) bench_nothing(); \
  }
BENCH_SCHEDULES(DEFINE_EMPTY)

static void empty(bench_job *job) {
#pragma omp parallel for
  for (int64_t i = 0; i < job->n; i++) bench_nothing();
}

static void empty_2d(bench_job *job) {
  int64_t rows = job->n / BENCH_ROW;
#pragma omp parallel for collapse(2) schedule(dynamic, 1)
  for (int64_t i = 0; i < rows; i++)
    for (int64_t j = 0; j < BENCH_ROW; j++) bench_nothing();
}

static void wake(bench_job *job) {
  (void)job;
#pragma omp parallel
  bench_nothing();
}

static void fill(bench_job *job) {
  const bench_data *data = &job->data;
#pragma omp parallel
  {
    int64_t threads = omp_get_num_threads(), t = omp_get_thread_num();
    bench_data_fill(data, data->count * t / threads, data->count * (t + 1) / threads);
  }
}

static void integration2d(bench_job *job) {
  int64_t n = job->n;
  double sum = 0;
#pragma omp parallel for reduction(+ : sum)
  for (int64_t i = 0; i < n; i++) sum += bench_integration_row(i, n);
  job->check = sum * bench_integration_scale(n);
}

static void dot(bench_job *job) {
  const double *x = job->data.x, *y = job->data.y;
  int64_t n = job->n;
  double sum = 0;
#pragma omp parallel for reduction(+ : sum)
  for (int64_t i = 0; i < n; i++) sum += x[i] * y[i];
  job->check = sum;
}

static void triad(bench_job *job) {
  const double *x = job->data.x, *y = job->data.y;
  double *z = job->data.z;
  int64_t n = job->n;
#pragma omp parallel for
  for (int64_t i = 0; i < n; i++) z[i] = x[i] + BENCH_FACTOR * y[i];
  job->check = z[n / 2];
}

static void scale(bench_job *job) {
  const double *x = job->data.x;
  double *y = job->data.y;
  int64_t n = job->n;
#pragma omp parallel for
  for (int64_t i = 0; i < n; i++) y[i] = BENCH_FACTOR * x[i];
  job->check = y[n / 2];
}

static void sum(bench_job *job) {
  const double *x = job->data.x;
  int64_t n = job->n;
  double total = 0;
#pragma omp parallel for reduction(+ : total)
  for (int64_t i = 0; i < n; i++) total += x[i];
  job->check = total;
}

static void count(bench_job *job) {
  const double *x = job->data.x;
  int64_t n = job->n, total = 0;
#pragma omp parallel for reduction(+ : total)
  for (int64_t i = 0; i < n; i++) total += x[i] > BENCH_THRESHOLD;
  job->check = (double)total;
}

static void max(bench_job *job) {
  const double *x = job->data.x;
  int64_t n = job->n;
  double most = 0;
#pragma omp parallel for reduction(max : most)
  for (int64_t i = 0; i < n; i++) most = x[i] > most ? x[i] : most;
  job->check = most;
}

static void matmul(bench_job *job) {
  const bench_data *d = &job->data;
  int64_t n = job->n;
#pragma omp parallel for
  for (int64_t i = 0; i < n; i++) bench_matmul_row(d->z, d->x, d->y, n, i);
  job->check = d->z[n];
}

static void min(bench_job *job) {
  const double *x = job->data.x;
  int64_t n = job->n;
  double least = 1;
#pragma omp parallel for reduction(min : least)
  for (int64_t i = 0; i < n; i++) least = x[i] < least ? x[i] : least;
  job->check = least;
}

static void stencil(bench_job *job) {
  const bench_data *d = &job->data;
  int64_t n = job->n;
#pragma omp parallel for
  for (int64_t i = 1; i < n - 1; i++) bench_stencil_row(d->y, d->x, n, i);
  job->check = d->y[n + 1];
}

#define EMPTY_ENTRY(id, text, clause) {.name = "empty", .schedule = (text), .run = empty_##id},

static void ends_loop(bench_job *job) {
#pragma omp parallel for
  for (int64_t i = 0; i < bench_ends_iterations(job); i++) bench_ends_iteration();
}
static void ends(bench_job *job) { bench_ends_run(job, ends_loop); }

static void ends_sum_loop(bench_job *job) {
  double sum = 0;
#pragma omp parallel for reduction(+ : sum)
  for (int64_t i = 0; i < bench_ends_iterations(job); i++) sum += bench_ends_iteration();
  job->check = sum;
}
static void ends_sum(bench_job *job) { bench_ends_run(job, ends_sum_loop); }

static const bench_kernel kernels[] = {{.name = "empty", .schedule = "default", .run = empty},
                                       {.name = "empty_2d", .schedule = "dynamic,1", .run = empty_2d},
                                       {.name = "integration2d", .schedule = "default", .run = integration2d},
                                       {.name = "dot", .schedule = "default", .run = dot},
                                       {.name = "triad", .schedule = "default", .run = triad},
                                       {.name = "scale", .schedule = "default", .run = scale},
                                       {.name = "sum", .schedule = "default", .run = sum},
                                       {.name = "ends", .schedule = "default", .run = ends, .reports = true},
                                       {.name = "ends_sum", .schedule = "default", .run = ends_sum, .reports = true},
                                       {.name = "count", .schedule = "default", .run = count},
                                       {.name = "max", .schedule = "default", .run = max},
                                       {.name = "min", .schedule = "default", .run = min},
                                       {.name = "stencil", .schedule = "default", .run = stencil},
                                       {.name = "matmul", .schedule = "default", .run = matmul},
                                       BENCH_SCHEDULES(EMPTY_ENTRY)};

static int threads_of_environment;

/* Schedules are compiled in. The team's size is set outside the loops: changing it costs libgomp its threads,
 * and the wake-up before the sample pays for that. */
static bool prepare(bench_job *job) {
  omp_set_num_threads(job->threads > 0 ? job->threads : threads_of_environment);
  return true;
}

/* The runtime's file and folder, "libgomp.so.1.0.0 of /usr/lib": runtimes have no version of their own to ask for. */
static const char *runtime_name(char *name, size_t size) {
  char *path = bench_runtime_path(), *base = path != NULL ? strrchr(path, '/') : NULL;
  if (base != NULL) {
    *base = '\0';
    snprintf(name, size, "%s of %s", base + 1, path);
  } else {
    snprintf(name, size, "an unknown OpenMP runtime");
  }
  free(path);
  return name;
}

static const bench_kernel_list loops = {kernels, sizeof kernels / sizeof *kernels};

int main(int argc, char **argv) {
  char runtime[96], version[BENCH_VERSION_MAX];
  const bench_server server = {
      .version = version,
      .prepare = prepare,
      .wake = wake,
      .fill = fill,
      .lists = {&loops, &bench_region_kernels, &bench_nested_kernels, &bench_task_kernels, &bench_idle_kernels,
                &bench_imbalance_kernels, &bench_memory_kernels, &bench_grain_kernels, &bench_construct_kernels,
                &bench_task_construct_kernels, &bench_task_program_kernels, &bench_task_matrix_kernels,
                &bench_solver_kernels, &bench_number_kernels, &bench_implicit_kernels, &bench_fortran_kernels,
                &bench_package_kernels, &bench_process_kernels},
  };
  if (argc > 1) return bench_process_main(argv[1]);
  threads_of_environment = omp_get_max_threads();
  snprintf(version, sizeof version, "%s, OpenMP of %d, compiled by %s", runtime_name(runtime, sizeof runtime), _OPENMP,
           BENCH_COMPILER);
  return bench_serve(&server);
}

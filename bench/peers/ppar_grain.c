/* SPDX-License-Identifier: MIT */
/* ppar_grain.c: uniform loops, bodies with a set-up, reduces beside others, and bodies that sleep, under ppar. Each
 * schedule has a body of its own: what auto learns of one it should not learn from the others' loops. */
#include "peers/asleep.h"
#include "peers/company.h"
#include "peers/grain.h"
#include "peers/ppar_options.h"
#include "peers/setup.h"

#define DEFINE_GRAIN(id)                                                         \
  PPAR_BODY(element_##id, i, bench_data, d) { bench_grain_element(d, i); }       \
  static void stream_##id(bench_job *job) {                                      \
    ppar_parallel_for(0, job->n, element_##id, &job->data, &bench_ppar_options); \
    job->check = job->data.z[job->n / 2];                                        \
  }                                                                              \
  PPAR_BODY(unit_##id, i, bench_job, job) { bench_grain_iteration(); }           \
  static void compute_##id(bench_job *job) { ppar_parallel_for(0, job->n, unit_##id, job, &bench_ppar_options); }
DEFINE_GRAIN(auto)
DEFINE_GRAIN(static)

/* Written by hand: one call a chunk, which the set-up is paid in. */
static void run_setup(const ppar_chunk *chunk, void *arg) {
  const bench_job *job = arg;
  double *x = job->data.x;
  bench_setup(job);
  ppar_for_each_index(i, chunk) x[i] += 1;
}
#define DEFINE_SETUP(id)                                                                      \
  static void setup_chunk_##id(const ppar_chunk *chunk, void *arg) { run_setup(chunk, arg); } \
  static void setup_##id(bench_job *job) { ppar_parallel_for(0, job->n, setup_chunk_##id, job, &bench_ppar_options); }
DEFINE_SETUP(auto)
DEFINE_SETUP(static)
DEFINE_SETUP(guided)

PPAR_FOLD(company_fold, double, sum, i, bench_job, job) { *sum = bench_company_add(*sum, i); }
static void company(bench_job *job) {
  double sum = 0;
  ppar_parallel_reduce(0, job->n, company_fold, job, &ppar_sum_f64, &sum, &bench_ppar_options);
  job->check = sum;
}

PPAR_BODY(asleep_body, i, bench_job, job) { bench_asleep_iteration(job, i); }
static void asleep(bench_job *job) { ppar_parallel_for(0, job->n, asleep_body, job, &bench_ppar_options); }

static void asleep_chunk(const ppar_chunk *chunk, void *arg) {
  ppar_for_each_index(i, chunk) bench_asleep_iteration(arg, i);
}
static void asleep_by_hand(bench_job *job) { ppar_parallel_for(0, job->n, asleep_chunk, job, &bench_ppar_options); }

static const bench_kernel kernels[] = {
    {.name = "grain_stream", .schedule = "default", .run = stream_auto, .first = true},
    {.name = "grain_stream", .schedule = "static", .run = stream_static},
    {.name = "grain_compute", .schedule = "default", .run = compute_auto, .first = true},
    {.name = "grain_compute", .schedule = "static", .run = compute_static},
    {.name = "setup", .schedule = "auto", .run = setup_auto},
    {.name = "setup", .schedule = "static", .run = setup_static},
    {.name = "setup", .schedule = "guided", .run = setup_guided},
    {.name = "company", .run = company},
    {.name = "asleep", .run = asleep},
    {.name = "asleep_by_hand", .run = asleep_by_hand},
};

const bench_kernel_list bench_grain_kernels = {kernels, sizeof kernels / sizeof *kernels};

/* SPDX-License-Identifier: MIT */
/* openmp_grain.c: uniform loops, reduces beside others, and bodies that sleep, under OpenMP's pragmas. */
#include "peers/asleep.h"
#include "peers/company.h"
#include "peers/grain.h"

#define PRAGMA(text) _Pragma(#text)

#define DEFINE_GRAIN(id, clause)                                       \
  static void stream_##id(bench_job *job, bench_iteration *unused) {   \
    const double *x = job->data.x, *y = job->data.y;                   \
    double *z = job->data.z;                                           \
    int64_t n = job->n, chunk = bench_grain_chunk(job);                \
    (void)unused;                                                      \
    (void)chunk;                                                       \
    PRAGMA(omp parallel for schedule clause)                           \
    for (int64_t i = 0; i < n; i++) z[i] = x[i] + BENCH_FACTOR * y[i]; \
    job->check = z[n / 2];                                             \
  }                                                                    \
  static void compute_##id(bench_job *job, bench_iteration *unused) {  \
    int64_t n = job->n, chunk = bench_grain_chunk(job);                \
    (void)unused;                                                      \
    (void)chunk;                                                       \
    PRAGMA(omp parallel for schedule clause)                           \
    for (int64_t i = 0; i < n; i++) bench_grain_iteration();           \
  }
DEFINE_GRAIN(static, (static))
DEFINE_GRAIN(dynamic, (dynamic, chunk))
DEFINE_GRAIN(guided, (guided))

static void stream(bench_job *job) { stream_static(job, NULL); }
static void compute(bench_job *job) { compute_static(job, NULL); }

static const bench_candidate stream_candidates[] = {
    {"static", stream_static}, {"dynamic", stream_dynamic}, {"guided", stream_guided}};
static const bench_candidate compute_candidates[] = {
    {"static", compute_static}, {"dynamic", compute_dynamic}, {"guided", compute_guided}};
BENCH_DEFINE_GRAIN_SEARCHED(stream)
BENCH_DEFINE_GRAIN_SEARCHED(compute)

#define DEFINE_COMPANY(id, clause)                                   \
  static void company_##id(bench_job *job) {                         \
    int64_t n = job->n;                                              \
    double sum = 0;                                                  \
    PRAGMA(omp parallel for reduction(+ : sum) schedule clause)      \
    for (int64_t i = 0; i < n; i++) sum = bench_company_add(sum, i); \
    job->check = sum;                                                \
  }
DEFINE_COMPANY(auto, (auto))
DEFINE_COMPANY(static, (static))
DEFINE_COMPANY(dynamic, (dynamic, 64))
DEFINE_COMPANY(guided, (guided))
DEFINE_COMPANY(monotonic, (monotonic : dynamic, 64))

static void asleep(bench_job *job) {
  int64_t n = job->n;
#pragma omp parallel for schedule(dynamic, 1)
  for (int64_t i = 0; i < n; i++) bench_asleep_iteration(job, i);
}

static const bench_kernel kernels[] = {
    {.name = "grain_stream", .schedule = "default", .run = stream, .first = true},
    {.name = "grain_stream", .schedule = "searched", .run = stream_searched},
    {.name = "grain_compute", .schedule = "default", .run = compute, .first = true},
    {.name = "grain_compute", .schedule = "searched", .run = compute_searched},
    {.name = "company", .schedule = "auto", .run = company_auto},
    {.name = "company", .schedule = "static", .run = company_static},
    {.name = "company", .schedule = "dynamic,64", .run = company_dynamic},
    {.name = "company", .schedule = "guided", .run = company_guided},
    {.name = "company", .schedule = "monotonic:dynamic,64", .run = company_monotonic},
    {.name = "asleep", .schedule = "dynamic,1", .run = asleep},
};

const bench_kernel_list bench_grain_kernels = {kernels, sizeof kernels / sizeof *kernels};

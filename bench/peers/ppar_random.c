/* SPDX-License-Identifier: MIT */
/* ppar_random.c: random numbers from ppar's streams. */
#include "peers/ppar_options.h"
#include "peers/serve.h"

#define DRAW_BITS(name, value)                         \
  static void name(bench_job *job) {                   \
    uint64_t sum = 0;                                  \
    ppar_rng rng = ppar_rng_stream(1, 0);              \
    for (int64_t i = 0; i < job->n; i++) sum += value; \
    bench_keep(sum);                                   \
  }
#define DRAW_DOUBLES(name, value)                      \
  static void name(bench_job *job) {                   \
    double sum = 0;                                    \
    ppar_rng rng = ppar_rng_stream(1, 0);              \
    for (int64_t i = 0; i < job->n; i++) sum += value; \
    bench_keep((uint64_t)sum);                         \
  }

DRAW_BITS(u32, ppar_rng_u32(&rng))
DRAW_BITS(u64, ppar_rng_u64(&rng))
DRAW_DOUBLES(f64, ppar_rng_f64(&rng))
DRAW_BITS(below, ppar_rng_below(&rng, 1000003))
DRAW_DOUBLES(normal, ppar_rng_normal_f64(&rng))
DRAW_DOUBLES(exponential, ppar_rng_exponential_f64(&rng))

static void stream(bench_job *job) {
  double sum = 0;
  for (int64_t i = 0; i < job->n; i++) {
    ppar_rng rng = ppar_rng_stream(1, (uint64_t)i);
    sum += ppar_rng_f64(&rng);
  }
  bench_keep((uint64_t)sum);
}

static void fill(bench_job *job) {
  ppar_rng rng = ppar_rng_stream(1, 0);
  (void)ppar_rng_fill_f64(&rng, job->data.y, job->n, &bench_ppar_options);
}

static void fill_normal(bench_job *job) {
  ppar_rng rng = ppar_rng_stream(1, 0);
  (void)ppar_rng_fill_normal_f64(&rng, job->data.y, job->n, &bench_ppar_options);
}

static void order(bench_job *job) {
  ppar_rng rng = ppar_rng_stream(1, 0);
  (void)ppar_rng_shuffle(&rng, job->data.y, (size_t)job->n, sizeof(double), &bench_ppar_options);
}

static const bench_kernel kernels[] = {
    {.name = "random_u32", .run = u32},
    {.name = "random_u64", .run = u64},
    {.name = "random_f64", .run = f64},
    {.name = "random_f64_r", .run = f64},
    {.name = "random_below", .run = below},
    {.name = "random_normal", .run = normal},
    {.name = "random_exponential", .run = exponential},
    {.name = "random_stream", .run = stream},
    {.name = "random_fill", .run = fill},
    {.name = "random_fill_normal", .run = fill_normal},
    {.name = "random_order", .run = order},
};

const bench_kernel_list bench_random_kernels = {kernels, sizeof kernels / sizeof *kernels};

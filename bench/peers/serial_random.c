/* SPDX-License-Identifier: MIT */
/* serial_random.c: random numbers by what the C library has. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "peers/serve.h"

enum { STATE = 128 /* bytes: the default of random() */ };

static struct random_data random_state;
static char random_bytes[STATE];
static struct drand48_data double_state;

static void prepare(void) {
  static bool is_prepared;
  if (is_prepared) return;
  is_prepared = true;
  memset(&random_state, 0, sizeof random_state);
  initstate_r(1, random_bytes, sizeof random_bytes, &random_state);
  srand48(1);
  srand48_r(1, &double_state);
}

static inline uint64_t draw_31(void) {
  int32_t value;
  random_r(&random_state, &value);
  return (uint64_t)value;
}

static inline double draw_double(void) {
  double value;
  drand48_r(&double_state, &value);
  return value;
}

/* Marsaglia's polar method: two numbers at a time, of which the second one waits. */
static inline double draw_normal(void) {
  static bool waits;
  static double second;
  double x, y, square;
  if (waits) {
    waits = false;
    return second;
  }
  do {
    x = 2 * draw_double() - 1;
    y = 2 * draw_double() - 1;
    square = x * x + y * y;
  } while (square >= 1 || square == 0);
  square = sqrt(-2 * log(square) / square);
  waits = true;
  second = y * square;
  return x * square;
}

#define DRAW_BITS(name, value)                         \
  static void name(bench_job *job) {                   \
    uint64_t sum = 0;                                  \
    prepare();                                         \
    for (int64_t i = 0; i < job->n; i++) sum += value; \
    bench_keep(sum);                                   \
  }
#define DRAW_DOUBLES(name, value)                      \
  static void name(bench_job *job) {                   \
    double sum = 0;                                    \
    prepare();                                         \
    for (int64_t i = 0; i < job->n; i++) sum += value; \
    bench_keep((uint64_t)sum);                         \
  }

DRAW_BITS(u32, draw_31())
DRAW_BITS(u64, draw_31() << 31 | draw_31())
DRAW_DOUBLES(f64, drand48())
DRAW_DOUBLES(f64_r, draw_double())
DRAW_BITS(below, draw_31() % 1000003)
DRAW_DOUBLES(normal, draw_normal())
DRAW_DOUBLES(exponential, -log(1 - draw_double()))

static void stream(bench_job *job) {
  double sum = 0;
  for (int64_t i = 0; i < job->n; i++) {
    struct drand48_data state;
    double value;
    srand48_r(i, &state);
    drand48_r(&state, &value);
    sum += value;
  }
  bench_keep((uint64_t)sum);
}

static void fill(bench_job *job) {
  prepare();
  for (int64_t i = 0; i < job->n; i++) job->data.y[i] = draw_double();
}

static void fill_normal(bench_job *job) {
  prepare();
  for (int64_t i = 0; i < job->n; i++) job->data.y[i] = draw_normal();
}

/* Fisher and Yates. */
static void order(bench_job *job) {
  double *y = job->data.y;
  prepare();
  for (int64_t i = 0; i < job->n; i++) {
    const int64_t j = (int64_t)(draw_31() % (uint64_t)(i + 1));
    y[i] = y[j];
    y[j] = (double)i;
  }
}

static const bench_kernel kernels[] = {
    {.name = "random_u32", .run = u32},
    {.name = "random_u64", .run = u64},
    {.name = "random_f64", .run = f64},
    {.name = "random_f64_r", .run = f64_r},
    {.name = "random_below", .run = below},
    {.name = "random_normal", .run = normal},
    {.name = "random_exponential", .run = exponential},
    {.name = "random_stream", .run = stream},
    {.name = "random_fill", .run = fill},
    {.name = "random_fill_normal", .run = fill_normal},
    {.name = "random_order", .run = order},
};

const bench_kernel_list bench_random_kernels = {kernels, sizeof kernels / sizeof *kernels};

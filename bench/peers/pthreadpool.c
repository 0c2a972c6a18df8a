/* SPDX-License-Identifier: MIT */
/* pthreadpool.c: the loops under pthreadpool, as its header teaches them: a call for each iteration (1d) or for each
 * tile (1d_tile_1d). It divides evenly first and then takes single iterations or tiles from those that are behind, so
 * its loops answer to dynamic schedules. It has neither regions nor reductions, nor loops in loops. */
#include <pthreadpool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peers/asleep.h"
#include "peers/grain.h"
#include "peers/idle.h"
#include "peers/imbalance.h"
#include "peers/nested.h"

static pthreadpool_t pool;
static size_t tile; /* of the schedule "dynamic,tile" */

static void nothing(void *context, size_t i) {
  (void)context;
  (void)i;
  bench_nothing();
}
static void empty(bench_job *job) { pthreadpool_parallelize_1d(pool, nothing, NULL, (size_t)job->n, 0); }

static void nothing_2d(void *context, size_t i, size_t j) {
  (void)context;
  (void)i;
  (void)j;
  bench_nothing();
}
static void empty_2d(bench_job *job) {
  pthreadpool_parallelize_2d(pool, nothing_2d, NULL, (size_t)(job->n / BENCH_ROW), BENCH_ROW, 0);
}

static void nothing_tile(void *context, size_t first, size_t count) {
  (void)context;
  (void)first;
  for (size_t i = 0; i < count; i++) bench_nothing();
}
static void empty_tiles(bench_job *job) {
  pthreadpool_parallelize_1d_tile_1d(pool, nothing_tile, NULL, (size_t)job->n, tile, 0);
}

static void wake(bench_job *job) {
  (void)job;
  pthreadpool_parallelize_1d(pool, nothing, NULL, pthreadpool_get_threads_count(pool), 0);
}

/* A tile for each thread. */
static size_t share(int64_t n) {
  size_t threads = pthreadpool_get_threads_count(pool);
  return ((size_t)n + threads - 1) / threads;
}

static void fill_tile(void *context, size_t first, size_t count) {
  bench_data_fill(context, (int64_t)first, (int64_t)(first + count));
}
static void fill(bench_job *job) {
  size_t count = (size_t)job->data.count;
  pthreadpool_parallelize_1d_tile_1d(pool, fill_tile, &job->data, count, share(job->data.count), 0);
}

/* Loops whose iterations differ. */
typedef struct shape {
  bench_iteration *iteration;
  int64_t n;
} shape;

static void shape_iteration(void *context, size_t i) {
  const shape *s = context;
  s->iteration((int64_t)i, s->n);
}
static void run_shape(bench_job *job, bench_iteration *iteration) {
  shape s = {iteration, job->n};
  pthreadpool_parallelize_1d(pool, shape_iteration, &s, (size_t)job->n, 0);
}

static void shape_tile(void *context, size_t first, size_t count) {
  for (size_t i = first; i < first + count; i++) shape_iteration(context, i);
}

#define DEFINE_TILED(size)                                                               \
  static void run_shape_##size(bench_job *job, bench_iteration *iteration) {             \
    shape s = {iteration, job->n};                                                       \
    pthreadpool_parallelize_1d_tile_1d(pool, shape_tile, &s, (size_t)job->n, (size), 0); \
  }
DEFINE_TILED(4)
DEFINE_TILED(16)
DEFINE_TILED(64)
DEFINE_TILED(256)

static const bench_candidate candidates[] = {{"dynamic,1", run_shape},
                                             {"dynamic,4", run_shape_4},
                                             {"dynamic,16", run_shape_16},
                                             {"dynamic,64", run_shape_64},
                                             {"dynamic,256", run_shape_256}};

BENCH_SHAPES(BENCH_DEFINE_SHAPE)

static void small_iteration(void *context, size_t i) {
  (void)context;
  (void)i;
  bench_idle_iteration();
}
static void small_loop(bench_job *job) {
  (void)job;
  pthreadpool_parallelize_1d(pool, small_iteration, NULL, BENCH_IDLE_ITERATIONS, 0);
}
static void idle(bench_job *job) { bench_idle_run(job, small_loop); }

static void triad_tile(void *context, size_t first, size_t count) {
  const bench_data *d = context;
  const double *x = d->x, *y = d->y;
  double *z = d->z;
  for (size_t i = first; i < first + count; i++) z[i] = x[i] + BENCH_FACTOR * y[i];
}
static void triad(bench_job *job) {
  pthreadpool_parallelize_1d_tile_1d(pool, triad_tile, &job->data, (size_t)job->n, share(job->n), 0);
  job->check = job->data.z[job->n / 2];
}

static void grain_stream(bench_job *job) { triad(job); }

static void grain_tile(void *context, size_t first, size_t count) {
  (void)context;
  (void)first;
  for (size_t i = 0; i < count; i++) bench_grain_iteration();
}
static void grain_compute_by(bench_job *job, size_t size) {
  pthreadpool_parallelize_1d_tile_1d(pool, grain_tile, NULL, (size_t)job->n, size, 0);
}
static void grain_compute(bench_job *job) { grain_compute_by(job, share(job->n)); }

static void stream_share(bench_job *job, bench_iteration *unused) {
  (void)unused;
  triad(job);
}
static void stream_tiles(bench_job *job, bench_iteration *unused) {
  size_t size = (size_t)bench_grain_chunk(job);
  (void)unused;
  pthreadpool_parallelize_1d_tile_1d(pool, triad_tile, &job->data, (size_t)job->n, size, 0);
  job->check = job->data.z[job->n / 2];
}
static void compute_share(bench_job *job, bench_iteration *unused) {
  (void)unused;
  grain_compute(job);
}
static void compute_tiles(bench_job *job, bench_iteration *unused) {
  (void)unused;
  grain_compute_by(job, (size_t)bench_grain_chunk(job));
}
static const bench_candidate stream_candidates[] = {{"shares", stream_share}, {"tiles", stream_tiles}};
static const bench_candidate compute_candidates[] = {{"shares", compute_share}, {"tiles", compute_tiles}};
BENCH_DEFINE_GRAIN_SEARCHED(stream)
BENCH_DEFINE_GRAIN_SEARCHED(compute)

static void asleep_iteration(void *context, size_t i) { bench_asleep_iteration(context, (int64_t)i); }
static void asleep(bench_job *job) { pthreadpool_parallelize_1d(pool, asleep_iteration, job, (size_t)job->n, 0); }

static void scale_tile(void *context, size_t first, size_t count) {
  const bench_data *d = context;
  const double *x = d->x;
  double *y = d->y;
  for (size_t i = first; i < first + count; i++) y[i] = BENCH_FACTOR * x[i];
}
static void scale(bench_job *job) {
  pthreadpool_parallelize_1d_tile_1d(pool, scale_tile, &job->data, (size_t)job->n, share(job->n), 0);
  job->check = job->data.y[job->n / 2];
}

static void matmul_row(void *context, size_t i) {
  const bench_job *job = context;
  bench_matmul_row(job->data.z, job->data.x, job->data.y, job->n, (int64_t)i);
}
static void matmul(bench_job *job) {
  pthreadpool_parallelize_1d(pool, matmul_row, job, (size_t)job->n, 0);
  job->check = job->data.z[job->n];
}

static void microsecond(void *context, size_t i) {
  (void)context;
  (void)i;
  bench_microsecond();
}
static void flat(bench_job *job) { pthreadpool_parallelize_1d(pool, microsecond, NULL, (size_t)job->n, 0); }

static void one_loop(bench_job *job) {
  (void)job;
  pthreadpool_parallelize_1d(pool, microsecond, NULL, BENCH_CALLER_ITERATIONS, 0);
}
static void callers(bench_job *job) { bench_callers_run(job, one_loop); }

#define TILES(name_text, function)                                           \
  {.name = (name_text), .schedule = "dynamic,4", .run = (function)},         \
      {.name = (name_text), .schedule = "dynamic,16", .run = (function)},    \
      {.name = (name_text), .schedule = "dynamic,64", .run = (function)},    \
      {.name = (name_text), .schedule = "dynamic,256", .run = (function)}, { \
    .name = (name_text), .schedule = "dynamic,1024", .run = (function)       \
  }

static const bench_kernel kernels[] = {
    {.name = "empty", .schedule = "default", .run = empty},
    {.name = "empty", .schedule = "dynamic,1", .run = empty},
    {.name = "empty_2d", .schedule = "dynamic,1", .run = empty_2d},
    TILES("empty", empty_tiles),
    {.name = "triad", .run = triad},
    {.name = "scale", .run = scale},
    {.name = "matmul", .run = matmul},
    {.name = "flat", .run = flat},
    {.name = "callers", .run = callers},
    {.name = "idle", .run = idle, .reports = true},
    {.name = "grain_stream", .schedule = "default", .run = grain_stream, .first = true},
    {.name = "grain_stream", .schedule = "searched", .run = stream_searched},
    {.name = "grain_compute", .schedule = "default", .run = grain_compute, .first = true},
    {.name = "grain_compute", .schedule = "searched", .run = compute_searched},
    {.name = "asleep", .run = asleep},
    BENCH_SHAPES(BENCH_SHAPE_ENTRY)};
static const bench_kernel_list loops = {kernels, sizeof kernels / sizeof *kernels};

/* It has no variable of its own for the number of threads: the driver's for OpenMP. */
static size_t threads_of_environment(void) {
  const char *text = getenv("OMP_NUM_THREADS");
  long threads = text != NULL ? strtol(text, NULL, 10) : 0;
  return threads > 0 ? (size_t)threads : 0; /* 0: a thread for each processor */
}

static bool prepare(bench_job *job) {
  static size_t made;
  size_t threads = job->threads > 0 ? (size_t)job->threads : threads_of_environment();
  tile = strncmp(job->schedule, "dynamic,", 8) == 0 ? strtoul(job->schedule + 8, NULL, 10) : 1;
  if (tile == 0) return false;
  if (pool != NULL && made == threads) return true;
  pthreadpool_destroy(pool);
  pool = pthreadpool_create(threads);
  made = threads;
  return pool != NULL;
}

int main(void) {
  char version[BENCH_VERSION_MAX];
  const bench_server server = {
      .version = version,
      .prepare = prepare,
      .wake = wake,
      .fill = fill,
      .lists = {&loops},
  };
  snprintf(version, sizeof version, "pthreadpool %s, compiled by %s", BENCH_PTHREADPOOL_VERSION, BENCH_COMPILER);
  return bench_serve(&server);
}

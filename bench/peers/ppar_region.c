/* SPDX-License-Identifier: MIT */
/* ppar_region.c: regions, and what a team does together inside one, as ppar's manual teaches them. */
#include "peers/ppar_options.h"
#include "peers/serve.h"

/* The region has its own copy of what it reads all the time, as OpenMP's compiler makes one. */
typedef struct repeats {
  int64_t n, repeat;
} repeats;

static void run(ppar_region *function, void *arg) { ppar_parallel(function, arg, &bench_ppar_options); }

static void empty_region(ppar_team *team, void *arg) {
  (void)team;
  (void)arg;
  bench_nothing();
}
static void region(bench_job *job) {
  (void)job;
  run(empty_region, NULL);
}

static void barrier_region(ppar_team *team, void *arg) {
  const repeats own = *(const repeats *)arg;
  for (int64_t r = 0; r < own.repeat; r++) ppar_barrier(team);
}
static void barrier(bench_job *job) { run(barrier_region, &(repeats){.repeat = job->repeat}); }

/* The counts are written by one thread at a time; that they come out right is the check. */
typedef struct counted {
  repeats by;
  int64_t count;
  int threads;
} counted;

static void single_region(ppar_team *team, void *arg) {
  counted *all = arg;
  const repeats own = all->by;
  for (int64_t r = 0; r < own.repeat; r++) {
    if (ppar_single(team)) all->count++;
    ppar_barrier(team);
  }
}
static void single(bench_job *job) {
  counted all = {.by = {.repeat = job->repeat}};
  run(single_region, &all);
  job->check = all.count == job->repeat;
}

static void single_nowait_region(ppar_team *team, void *arg) {
  const repeats own = *(const repeats *)arg;
  for (int64_t r = 0; r < own.repeat; r++)
    if (ppar_single(team)) bench_nothing();
}
static void single_nowait(bench_job *job) { run(single_nowait_region, &(repeats){.repeat = job->repeat}); }

static void critical_region(ppar_team *team, void *arg) {
  counted *all = arg;
  const repeats own = all->by;
  if (ppar_single(team)) all->threads = ppar_team_size(team);
  ppar_barrier(team);
  for (int64_t r = 0; r < own.repeat; r++) {
    ppar_critical_begin(team, "bench");
    all->count++;
    ppar_critical_end(team, "bench");
  }
}
static void critical(bench_job *job) {
  counted all = {.by = {.repeat = job->repeat}};
  run(critical_region, &all);
  job->check = all.count == job->repeat * all.threads;
}

static void ordered_region(ppar_team *team, void *arg) {
  counted *all = arg;
  const repeats own = all->by;
  ppar_prange(team, i, 0, own.repeat, PPAR_OPTIONS(.schedule = ppar_static(1))) {
    ppar_ordered_begin(team, i);
    if (i == all->count) all->count++;
    ppar_ordered_end(team, i);
  }
}
static void ordered(bench_job *job) {
  counted all = {.by = {.repeat = job->repeat}};
  run(ordered_region, &all);
  job->check = all.count == job->repeat;
}

typedef struct reduced {
  repeats by;
  double sum;
} reduced;

static void reduce_region(ppar_team *team, void *arg) {
  reduced *all = arg;
  const repeats own = all->by;
  const double mine = 1;
  for (int64_t r = 0; r < own.repeat; r++) ppar_team_reduce(team, &mine, &all->sum, &ppar_sum_f64);
}
static void reduce(bench_job *job) {
  reduced all = {.by = {.repeat = job->repeat}};
  run(reduce_region, &all);
  job->check = all.sum / (double)job->repeat;
}

static void prange_region(ppar_team *team, void *arg) {
  const repeats own = *(const repeats *)arg;
  const ppar_options options = PPAR_OPTIONS_INIT(.schedule = bench_ppar_options.schedule);
  for (int64_t r = 0; r < own.repeat; r++)
    ppar_prange(team, i, 0, own.n, &options) bench_nothing();
}

/* Static schedules are written where they are used, as OpenMP's are. */
#define STATIC_PRANGE(name, ...)                                                             \
  static void name##_region(ppar_team *team, void *arg) {                                    \
    const repeats own = *(const repeats *)arg;                                               \
    for (int64_t r = 0; r < own.repeat; r++)                                                 \
      ppar_prange(team, i, 0, own.n, PPAR_OPTIONS(.schedule = __VA_ARGS__)) bench_nothing(); \
  }
STATIC_PRANGE(prange_static, ppar_static(0))
STATIC_PRANGE(prange_static_1, ppar_static(1))
STATIC_PRANGE(prange_nowait, ppar_static(0), .nowait = true)

static void prange(bench_job *job) {
  const ppar_schedule schedule = bench_ppar_options.schedule;
  ppar_region *which = prange_region;
  if (schedule.kind == PPAR_SCHEDULE_STATIC && schedule.chunk == 0) which = prange_static_region;
  if (schedule.kind == PPAR_SCHEDULE_STATIC && schedule.chunk == 1) which = prange_static_1_region;
  run(which, &(repeats){job->n, job->repeat});
}

static void prange_nowait(bench_job *job) { run(prange_nowait_region, &(repeats){job->n, job->repeat}); }

static const bench_kernel kernels[] = {
    {.name = "region", .run = region},
    {.name = "barrier", .run = barrier, .repeats = true},
    {.name = "single", .run = single, .repeats = true},
    {.name = "single_nowait", .run = single_nowait, .repeats = true},
    {.name = "critical", .run = critical, .repeats = true},
    {.name = "ordered", .run = ordered, .repeats = true},
    {.name = "reduce", .run = reduce, .repeats = true},
    {.name = "prange", .run = prange, .repeats = true},
    {.name = "prange_nowait", .run = prange_nowait, .repeats = true},
};

const bench_kernel_list bench_region_kernels = {kernels, sizeof kernels / sizeof *kernels};

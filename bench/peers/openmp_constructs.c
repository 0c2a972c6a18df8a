/* SPDX-License-Identifier: MIT */
/* openmp_constructs.c: those of OpenMP's constructs that no other runtime here has, or has in another form: locks,
 * atomics, sections, copies among threads, further schedules, and regions within regions. */
#include <omp.h>

#include "peers/schedules.h"
#include "peers/serve.h"

#define PRAGMA(text) _Pragma(#text)

static void parallel_reduce(bench_job *job) {
  double sum = 0;
#pragma omp parallel reduction(+ : sum)
  sum += omp_get_thread_num() == 0;
  job->check = sum;
}

/* Each thread has copies of 128 variables' worth of memory to make at the start. */
enum { COPIES = 128 };
static void parallel_firstprivate(bench_job *job) {
  double values[COPIES] = {1};
  double last = 0;
#pragma omp parallel firstprivate(values)
  {
    bench_keep((uint64_t)values[0]);
#pragma omp master
    last = values[0];
  }
  job->check = last;
}

static void lock(bench_job *job) {
  int64_t repeat = job->repeat, count = 0, threads = 0;
  omp_lock_t its;
  omp_init_lock(&its);
#pragma omp parallel
  {
#pragma omp single
    threads = omp_get_num_threads();
    for (int64_t r = 0; r < repeat; r++) {
      omp_set_lock(&its);
      count++;
      omp_unset_lock(&its);
    }
  }
  omp_destroy_lock(&its);
  job->check = count == repeat * threads;
}

static void nest_lock(bench_job *job) {
  int64_t repeat = job->repeat, count = 0, threads = 0;
  omp_nest_lock_t its;
  omp_init_nest_lock(&its);
#pragma omp parallel
  {
#pragma omp single
    threads = omp_get_num_threads();
    for (int64_t r = 0; r < repeat; r++) {
      omp_set_nest_lock(&its);
      omp_set_nest_lock(&its);
      count++;
      omp_unset_nest_lock(&its);
      omp_unset_nest_lock(&its);
    }
  }
  omp_destroy_nest_lock(&its);
  job->check = count == repeat * threads;
}

/* A lock of its own for each thread: what the calls cost where nobody waits. */
static void own_lock(bench_job *job) {
  int64_t repeat = job->repeat;
#pragma omp parallel
  {
    omp_lock_t its;
    omp_init_lock(&its);
    for (int64_t r = 0; r < repeat; r++) {
      omp_set_lock(&its);
      bench_nothing();
      omp_unset_lock(&its);
    }
    omp_destroy_lock(&its);
  }
}

static void critical_unnamed(bench_job *job) {
  int64_t repeat = job->repeat, count = 0, threads = 0;
#pragma omp parallel
  {
#pragma omp single
    threads = omp_get_num_threads();
    for (int64_t r = 0; r < repeat; r++) {
#pragma omp critical
      count++;
    }
  }
  job->check = count == repeat * threads;
}

static void atomic(bench_job *job) {
  int64_t repeat = job->repeat, threads = 0;
  double sum = 0;
#pragma omp parallel
  {
#pragma omp single
    threads = omp_get_num_threads();
    for (int64_t r = 0; r < repeat; r++) {
#pragma omp atomic
      sum += 1;
    }
  }
  job->check = sum == (double)(repeat * threads);
}

/* No processor adds to these in one step: gcc takes the runtime's lock for all such variables. clang has a library of
 * its own for them. */
#ifndef __clang__
static void atomic_long_double(bench_job *job) {
  int64_t repeat = job->repeat, threads = 0;
  long double sum = 0;
#pragma omp parallel
  {
#pragma omp single
    threads = omp_get_num_threads();
    for (int64_t r = 0; r < repeat; r++) {
#pragma omp atomic
      sum += 1;
    }
  }
  job->check = sum == (long double)(repeat * threads);
}
#endif

static void copyprivate(bench_job *job) {
  int64_t repeat = job->repeat, wrong = 0;
#pragma omp parallel reduction(+ : wrong)
  {
    int64_t value = -1;
    for (int64_t r = 0; r < repeat; r++) {
#pragma omp single copyprivate(value)
      value = r;
      wrong += value != r;
    }
  }
  job->check = (double)wrong;
}

static void sections(bench_job *job) {
  int64_t repeat = job->repeat, first = 0, second = 0;
#pragma omp parallel
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp sections
    {
#pragma omp section
      first++;
#pragma omp section
      second++;
    }
  }
  job->check = first == repeat && second == repeat;
}

static void master(bench_job *job) {
  int64_t repeat = job->repeat, count = 0;
#pragma omp parallel
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp master
    {
      bench_nothing();
      count++;
    }
  }
  job->check = count == repeat;
}

static void ordered_dynamic(bench_job *job) {
  int64_t repeat = job->repeat, next = 0;
#pragma omp parallel for ordered schedule(dynamic, 1)
  for (int64_t i = 0; i < repeat; i++) {
#pragma omp ordered
    if (i == next) next++;
  }
  job->check = next == repeat;
}

/* The schedule that a program is told of when it runs. */
static void for_runtime(bench_job *job) {
  int64_t n = job->n, repeat = job->repeat;
  omp_set_schedule(omp_sched_dynamic, 1);
#pragma omp parallel
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp for schedule(runtime)
    for (int64_t i = 0; i < n; i++) bench_nothing();
  }
}

/* Another size and signedness have other entry points. */
static void for_unsigned(bench_job *job) {
  int64_t repeat = job->repeat;
  unsigned long long n = (unsigned long long)job->n;
#pragma omp parallel
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp for schedule(dynamic, 1)
    for (unsigned long long i = 0; i < n; i++) bench_nothing();
  }
}

#define CHUNKED(X)                           \
  X(static_8, "static,8", (static, 8))       \
  X(dynamic_8, "dynamic,8", (dynamic, 8))    \
  X(dynamic_64, "dynamic,64", (dynamic, 64)) \
  X(guided_8, "guided,8", (guided, 8))       \
  X(ordered_1, "monotonic:dynamic,1", (monotonic : dynamic, 1))

#define DEFINE_FOR(id, text, clause)                   \
  static void for_##id(bench_job *job) {               \
    int64_t n = job->n, repeat = job->repeat;          \
    PRAGMA(omp parallel)                               \
    for (int64_t r = 0; r < repeat; r++) {             \
      PRAGMA(omp for schedule clause)                  \
      for (int64_t i = 0; i < n; i++) bench_nothing(); \
    }                                                  \
  }
CHUNKED(DEFINE_FOR)

/* Of job->outer threads each begins regions of job->n threads, one after the other. */
static void region_in_region(bench_job *job) {
  int64_t repeat = job->repeat, regions = 0;
  int levels = omp_get_max_active_levels(), outer = job->outer, inner = (int)job->n;
  omp_set_max_active_levels(2);
#pragma omp parallel num_threads(outer) reduction(+ : regions)
  for (int64_t r = 0; r < repeat; r++) {
#pragma omp parallel num_threads(inner)
    bench_nothing();
    regions++;
  }
  omp_set_max_active_levels(levels);
  job->check = regions == repeat * outer;
}

#define FOR_ENTRY(id, text, clause) {.name = "prange", .schedule = (text), .run = for_##id, .repeats = true},

static const bench_kernel kernels[] = {
    {.name = "parallel_reduce", .run = parallel_reduce},
    {.name = "parallel_firstprivate", .run = parallel_firstprivate},
    {.name = "lock", .run = lock, .repeats = true},
    {.name = "nest_lock", .run = nest_lock, .repeats = true},
    {.name = "own_lock", .run = own_lock, .repeats = true},
    {.name = "critical_unnamed", .run = critical_unnamed, .repeats = true},
    {.name = "atomic", .run = atomic, .repeats = true},
#ifndef __clang__
    {.name = "atomic_long_double", .run = atomic_long_double, .repeats = true},
#endif
    {.name = "copyprivate", .run = copyprivate, .repeats = true},
    {.name = "sections", .run = sections, .repeats = true},
    {.name = "master", .run = master, .repeats = true},
    {.name = "ordered_dynamic", .run = ordered_dynamic, .repeats = true},
    {.name = "region_in_region", .run = region_in_region, .repeats = true},
    {.name = "prange", .schedule = "runtime", .run = for_runtime, .repeats = true},
    {.name = "prange_unsigned", .schedule = "dynamic,1", .run = for_unsigned, .repeats = true},
    CHUNKED(FOR_ENTRY)};

const bench_kernel_list bench_construct_kernels = {kernels, sizeof kernels / sizeof *kernels};

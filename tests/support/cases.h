/* SPDX-License-Identifier: MIT */
/* cases.h: a loop's bounds, schedule, slots and pool as one value, to sweep over, to run and to print;
 * and the list of schedules that sweeps go through. */
#ifndef TESTS_CASES_H
#define TESTS_CASES_H

#include <inttypes.h>
#include <ppar/ppar.h>
#include <stdio.h>

struct loop_case {
  ppar_bounds bounds;
  ppar_schedule schedule;
  int threads;
  ppar_pool *pool;
  bool reproducible;
};

static inline uint64_t case_iterations(const struct loop_case *loop) { return ppar_bounds_count(loop->bounds); }

/* The place of an index in the iteration space. */
static inline uint64_t case_number(const struct loop_case *loop, int64_t index) {
  ppar_bounds bounds = loop->bounds;
  if (bounds.step > 0) return ((uint64_t)index - (uint64_t)bounds.begin) / (uint64_t)bounds.step;
  return ((uint64_t)bounds.begin - (uint64_t)index) / (0 - (uint64_t)bounds.step);
}

static inline ppar_options case_options(const struct loop_case *loop) {
  ppar_options options = {0};
  options.schedule = loop->schedule;
  options.threads = loop->threads;
  options.pool = loop->pool;
  options.step = loop->bounds.step;
  options.reproducible = loop->reproducible;
  return options;
}

static inline int case_run(const struct loop_case *loop, ppar_body *body, void *arg) {
  ppar_options options = case_options(loop);
  return ppar_parallel_for(loop->bounds.begin, loop->bounds.end, body, arg, &options);
}

static inline int case_reduce(const struct loop_case *loop, ppar_fold *fold, void *arg, const ppar_reduction *reduction,
                              void *result) {
  ppar_options options = case_options(loop);
  return ppar_parallel_reduce(loop->bounds.begin, loop->bounds.end, fold, arg, reduction, result, &options);
}

/* What a person needs to repeat the case; valid until the thread's next call. */
static inline const char *case_text(const struct loop_case *loop) {
  static _Thread_local char text[256];
  char schedule[64] = "?";
  ppar_schedule_format(loop->schedule, schedule, sizeof schedule);
  snprintf(text, sizeof text, "%s, T = %d, %" PRId64 " to %" PRId64 " by %" PRId64 "%s%s", schedule, loop->threads,
           loop->bounds.begin, loop->bounds.end, loop->bounds.step, loop->pool != NULL ? ", own pool" : "",
           loop->reproducible ? ", reproducible" : "");
  return text;
}

/* The chunk size that a schedule stands for, where it has one; 0 where it has none. */
static inline uint64_t case_chunk(ppar_schedule schedule) {
  if (schedule.kind == PPAR_SCHEDULE_DYNAMIC && schedule.chunk == 0) return 1;
  if (schedule.kind == PPAR_SCHEDULE_DYNAMIC || schedule.kind == PPAR_SCHEDULE_STATIC) return (uint64_t)schedule.chunk;
  return 0;
}

enum { CASES_SCHEDULES_MOST = 64 };

/* Every kind with every order and several chunk sizes; returns how many. */
static inline size_t case_schedules(ppar_schedule list[CASES_SCHEDULES_MOST]) {
  static const int64_t chunks[] = {0, 1, 3, 7, 64, 5000};
  static const ppar_schedule_kind kinds[] = {PPAR_SCHEDULE_STATIC, PPAR_SCHEDULE_DYNAMIC, PPAR_SCHEDULE_GUIDED};
  size_t count = 0;
  for (int order = PPAR_ORDER_DEFAULT; order <= PPAR_ORDER_NONMONOTONIC; order++) {
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
      for (size_t chunk = 0; chunk < sizeof chunks / sizeof chunks[0]; chunk++) {
        list[count++] = (ppar_schedule){kinds[kind], (ppar_schedule_order)order, chunks[chunk]};
      }
    }
    list[count++] = (ppar_schedule){PPAR_SCHEDULE_AUTO, (ppar_schedule_order)order, 0};
  }
  list[count++] = ppar_runtime();
  return count;
}

/* A handful that stands for all, where the list is too long. */
static inline size_t case_few_schedules(ppar_schedule list[CASES_SCHEDULES_MOST]) {
  size_t count = 0;
  list[count++] = ppar_auto();
  list[count++] = ppar_static(0);
  list[count++] = ppar_static(3);
  list[count++] = ppar_dynamic(1);
  list[count++] = ppar_dynamic(7);
  list[count++] = ppar_monotonic(ppar_dynamic(2));
  list[count++] = ppar_guided(1);
  list[count++] = ppar_monotonic(ppar_guided(5));
  return count;
}

/* A pool of this many threads, or NULL where the system will not give them. */
static inline ppar_pool *case_pool(int threads) {
  ppar_pool_options options = {0};
  ppar_pool *pool = NULL;
  options.threads = threads;
  ppar_pool_create(&pool, &options);
  return pool;
}

#endif

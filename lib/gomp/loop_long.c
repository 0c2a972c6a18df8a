/* SPDX-License-Identifier: MIT */
/* loop_long.c: the entry points of loops whose index is a long. */
#include "api/team.h"
#include "gomp/gomp_abi.h"
#include "gomp/loop.h"
#include "gomp/loop_names.h"
#include "gomp/region.h"
#include "gomp/shared.h"

static bool next(pp_omp_data *here, long *begin, long *end) {
  uint64_t first, past;
  if (!pp_omp_loop_next(here, &first, &past)) return false;
  *begin = (long)first;
  *end = (long)past;
  return true;
}

static bool start(pp_omp_data *here, const pp_omp_plan *plan, long *begin, long *end, const void *site) {
  pp_omp_loop_open(here, plan, site);
  return next(here, begin, end);
}

/* A function of its own, so that what is at hand is got without saving registers. */
static __attribute__((noinline)) bool ask(long *begin, long *end) { return next(pp_omp_here(), begin, end); }

static inline bool next_by_name(long *begin, long *end) {
  pp_omp_data *here = pp_omp_here_or_null();
  uint64_t first = 0, past = 0;
  pp_omp_next next = PPAR_SELDOM_(here == NULL) ? PP_OMP_ASK : pp_omp_loop_at_hand(&here->loop, &first, &past);
  if (next == PP_OMP_ASK) return ask(begin, end);
  if (next == PP_OMP_NONE) return false;
  *begin = (long)first;
  *end = (long)past;
  return true;
}

#define NEXT(name, schedule, has_ordered) \
  bool GOMP_loop_##name##_next(long *begin, long *end) { return next_by_name(begin, end); }

#define CHUNKED(name, its_schedule, has_ordered)                                                          \
  bool GOMP_loop_##name##_start(long from, long to, long step, long chunk_size, long *begin, long *end) { \
    uint64_t chunk = (uint64_t)chunk_size;                                                                \
    pp_omp_plan plan = {.schedule = its_schedule, .ordered = has_ordered};                                \
    pp_omp_plan_long(&plan, from, to, step);                                                              \
    return start(pp_omp_here(), &plan, begin, end, __builtin_return_address(0));                          \
  }                                                                                                       \
  NEXT(name, its_schedule, has_ordered)

#define RUNTIME(name, its_schedule, has_ordered)                                         \
  bool GOMP_loop_##name##_start(long from, long to, long step, long *begin, long *end) { \
    pp_omp_data *here = pp_omp_here();                                                   \
    pp_omp_plan plan = {.schedule = its_schedule, .ordered = has_ordered};               \
    pp_omp_plan_long(&plan, from, to, step);                                             \
    return start(here, &plan, begin, end, __builtin_return_address(0));                  \
  }                                                                                      \
  NEXT(name, its_schedule, has_ordered)

PP_OMP_CHUNKED_LOOPS(CHUNKED)
PP_OMP_RUNTIME_LOOPS(RUNTIME)

/* --- Any schedule, and memory that the team shares in the loop -------------------------------------------- */

static bool start_any(bool ordered, long from, long to, long step, long kind, long chunk, long *begin, long *end,
                      uintptr_t *reductions, void **memory, const void *site) {
  pp_omp_data *here = pp_omp_here();
  pp_omp_plan plan = {.ordered = ordered};
  if (reductions != NULL || memory != NULL) pp_omp_shared_come(here, reductions, memory);
  if (begin == NULL) return true; /* The compiler divides the loop itself. */
  plan.schedule = pp_omp_schedule_of(here, kind, (uint64_t)chunk);
  pp_omp_plan_long(&plan, from, to, step);
  return start(here, &plan, begin, end, site);
}

bool GOMP_loop_start(long from, long to, long step, long kind, long chunk, long *begin, long *end,
                     uintptr_t *reductions, void **memory) {
  return start_any(false, from, to, step, kind, chunk, begin, end, reductions, memory, __builtin_return_address(0));
}

bool GOMP_loop_ordered_start(long from, long to, long step, long kind, long chunk, long *begin, long *end,
                             uintptr_t *reductions, void **memory) {
  return start_any(true, from, to, step, kind, chunk, begin, end, reductions, memory, __builtin_return_address(0));
}

/* --- Regions that are one loop ---------------------------------------------------------------------------- */

static void run(void (*function)(void *), void *arg, unsigned num_threads, const pp_omp_plan *plan, unsigned flags,
                const void *site) {
  pp_omp_region region = {.function = function, .arg = arg, .plan = plan, .site = site};
  pp_omp_region_run(&region, num_threads, flags);
}

#define PARALLEL_CHUNKED(name, its_schedule)                                                                    \
  void GOMP_parallel_loop_##name(void (*function)(void *), void *arg, unsigned num_threads, long from, long to, \
                                 long step, long chunk_size, unsigned flags) {                                  \
    uint64_t chunk = (uint64_t)chunk_size;                                                                      \
    pp_omp_plan plan = {.schedule = its_schedule};                                                              \
    pp_omp_plan_long(&plan, from, to, step);                                                                    \
    run(function, arg, num_threads, &plan, flags, __builtin_return_address(0));                                 \
  }

#define PARALLEL_RUNTIME(name, its_schedule)                                                                    \
  void GOMP_parallel_loop_##name(void (*function)(void *), void *arg, unsigned num_threads, long from, long to, \
                                 long step, unsigned flags) {                                                   \
    pp_omp_plan plan = {.schedule = its_schedule};                                                              \
    pp_omp_plan_long(&plan, from, to, step);                                                                    \
    run(function, arg, num_threads, &plan, flags, __builtin_return_address(0));                                 \
  }

PARALLEL_CHUNKED(static, ppar_static(pp_omp_chunk(chunk)))
PARALLEL_CHUNKED(dynamic, ppar_monotonic(ppar_dynamic(pp_omp_chunk(chunk))))
PARALLEL_CHUNKED(guided, ppar_monotonic(ppar_guided(pp_omp_chunk(chunk))))
PARALLEL_CHUNKED(nonmonotonic_dynamic, ppar_dynamic(pp_omp_chunk(chunk)))
PARALLEL_CHUNKED(nonmonotonic_guided, ppar_guided(pp_omp_chunk(chunk)))
PARALLEL_RUNTIME(runtime, pp_omp_runtime(pp_omp_here(), true))
PARALLEL_RUNTIME(nonmonotonic_runtime, pp_omp_runtime(pp_omp_here(), false))
PARALLEL_RUNTIME(maybe_nonmonotonic_runtime, pp_omp_runtime(pp_omp_here(), false))

/* SPDX-License-Identifier: MIT */
/* loop_ull.c: the entry points of loops whose index is an unsigned long long, or too large for a long. up: the index
 * rises; where it falls, the step is its negative modulo 2^64. */
#include "gomp/gomp_abi.h"
#include "gomp/loop.h"
#include "gomp/loop_names.h"
#include "gomp/shared.h"

typedef unsigned long long ull;

static bool next(pp_omp_data *here, ull *begin, ull *end) {
  uint64_t first, past;
  if (!pp_omp_loop_next(here, &first, &past)) return false;
  *begin = first;
  *end = past;
  return true;
}

static bool start(pp_omp_data *here, const pp_omp_plan *plan, ull *begin, ull *end, const void *site) {
  pp_omp_loop_open(here, plan, site);
  return next(here, begin, end);
}

/* A function of its own, so that what is at hand is got without saving registers. */
static __attribute__((noinline)) bool ask(ull *begin, ull *end) { return next(pp_omp_here(), begin, end); }

static inline bool next_by_name(ull *begin, ull *end) {
  pp_omp_data *here = pp_omp_here_or_null();
  uint64_t first = 0, past = 0;
  pp_omp_next next = PPAR_SELDOM_(here == NULL) ? PP_OMP_ASK : pp_omp_loop_at_hand(&here->loop, &first, &past);
  if (next == PP_OMP_ASK) return ask(begin, end);
  if (next == PP_OMP_NONE) return false;
  *begin = first;
  *end = past;
  return true;
}

#define NEXT(name, schedule, has_ordered) \
  bool GOMP_loop_ull_##name##_next(ull *begin, ull *end) { return next_by_name(begin, end); }

#define CHUNKED(name, its_schedule, has_ordered)                                                                 \
  bool GOMP_loop_ull_##name##_start(bool up, ull from, ull to, ull step, ull chunk_size, ull *begin, ull *end) { \
    uint64_t chunk = chunk_size;                                                                                 \
    pp_omp_plan plan = {.schedule = its_schedule, .ordered = has_ordered};                                       \
    pp_omp_plan_ull(&plan, up, from, to, step);                                                                  \
    return start(pp_omp_here(), &plan, begin, end, __builtin_return_address(0));                                 \
  }                                                                                                              \
  NEXT(name, its_schedule, has_ordered)

#define RUNTIME(name, its_schedule, has_ordered)                                                 \
  bool GOMP_loop_ull_##name##_start(bool up, ull from, ull to, ull step, ull *begin, ull *end) { \
    pp_omp_data *here = pp_omp_here();                                                           \
    pp_omp_plan plan = {.schedule = its_schedule, .ordered = has_ordered};                       \
    pp_omp_plan_ull(&plan, up, from, to, step);                                                  \
    return start(here, &plan, begin, end, __builtin_return_address(0));                          \
  }                                                                                              \
  NEXT(name, its_schedule, has_ordered)

PP_OMP_CHUNKED_LOOPS(CHUNKED)
PP_OMP_RUNTIME_LOOPS(RUNTIME)

/* --- Any schedule, and memory that the team shares in the loop -------------------------------------------- */

static bool start_any(bool ordered, bool up, ull from, ull to, ull step, long kind, ull chunk, ull *begin, ull *end,
                      uintptr_t *reductions, void **memory, const void *site) {
  pp_omp_data *here = pp_omp_here();
  pp_omp_plan plan = {.ordered = ordered};
  if (reductions != NULL || memory != NULL) pp_omp_shared_come(here, reductions, memory);
  if (begin == NULL) return true; /* The compiler divides the loop itself. */
  plan.schedule = pp_omp_schedule_of(here, kind, chunk);
  pp_omp_plan_ull(&plan, up, from, to, step);
  return start(here, &plan, begin, end, site);
}

bool GOMP_loop_ull_start(bool up, ull from, ull to, ull step, long kind, ull chunk, ull *begin, ull *end,
                         uintptr_t *reductions, void **memory) {
  return start_any(false, up, from, to, step, kind, chunk, begin, end, reductions, memory, __builtin_return_address(0));
}

bool GOMP_loop_ull_ordered_start(bool up, ull from, ull to, ull step, long kind, ull chunk, ull *begin, ull *end,
                                 uintptr_t *reductions, void **memory) {
  return start_any(true, up, from, to, step, kind, chunk, begin, end, reductions, memory, __builtin_return_address(0));
}

/* SPDX-License-Identifier: MIT */
/* loop.c: worksharing loops, whatever their indices are. */
#include "gomp/loop.h"

#include "api/prange.h"
#include "gomp/check.h"
#include "gomp/gomp_abi.h"
#include "gomp/region.h"
#include "trace/construct.h"

static uint64_t count_of(bool some, uint64_t distance, uint64_t step) { return some ? (distance - 1) / step + 1 : 0; }

void pp_omp_plan_long(pp_omp_plan *plan, long begin, long end, long step) {
  uint64_t from = (uint64_t)(int64_t)begin, to = (uint64_t)(int64_t)end, by = (uint64_t)(int64_t)step;
  plan->begin = from;
  plan->end = to;
  plan->step = by;
  plan->count = step > 0 ? count_of(begin < end, to - from, by) : count_of(begin > end, from - to, 0 - by);
}

void pp_omp_plan_ull(pp_omp_plan *plan, bool up, unsigned long long begin, unsigned long long end,
                     unsigned long long step) {
  plan->begin = begin;
  plan->end = end;
  plan->step = step;
  plan->count = up ? count_of(begin < end, end - begin, step) : count_of(begin > end, begin - end, 0 - step);
}

ppar_schedule pp_omp_runtime(const pp_omp_data *here, bool monotonic) {
  ppar_schedule schedule = here->icvs->schedule;
  if (monotonic) schedule.order = PPAR_ORDER_MONOTONIC;
  if (schedule.kind == PPAR_SCHEDULE_STATIC) schedule.order = PPAR_ORDER_DEFAULT; /* Whatever is asked, the same. */
  return schedule;
}

/* As gcc numbers them. */
enum { KIND_RUNTIME = 0, KIND_STATIC = 1, KIND_DYNAMIC = 2, KIND_GUIDED = 3, KIND_AUTO = 4, KINDS = 7 };
#define KIND_MONOTONIC 0x80000000UL

ppar_schedule pp_omp_schedule_of(const pp_omp_data *here, long kind, uint64_t chunk) {
  bool monotonic = ((unsigned long)kind & KIND_MONOTONIC) != 0;
  ppar_schedule schedule;
  switch (kind & KINDS) {
    case KIND_RUNTIME: return pp_omp_runtime(here, monotonic);
    case KIND_DYNAMIC: schedule = ppar_dynamic(pp_omp_chunk(chunk)); break;
    case KIND_GUIDED: schedule = ppar_guided(pp_omp_chunk(chunk)); break;
    case KIND_AUTO: schedule = ppar_auto(); break;
    default: schedule = ppar_static(pp_omp_chunk(chunk)); break;
  }
  return monotonic ? ppar_monotonic(schedule) : schedule;
}

/* The counter of a loop whose chunks come from one, and are of one size; NULL: of any other. Where somebody looks at
 * the pieces, or may want to, they come from the library. */
static pp_counter *counter_of(const pp_seat *seat) {
  const pp_claimer *claimer = seat != NULL ? &seat->puller.claimer : NULL;
  if (claimer == NULL || seat->head.size == 1 || claimer->kind != PP_CLAIM_COUNTER || seat->careful) return NULL;
  if (claimer->division->guided || !pp_counter_adds(claimer->division->space.count, claimer->division->chunk))
    return NULL;
  return claimer->share->counter;
}

/* All iterations are this task's, and no prange is open. */
static void open_alone(pp_omp_loop *loop) {
  loop->cursor.open = false;
  loop->own = loop->count;
  loop->counter = NULL;
}

/* Compiled code takes a thread for the one that ran the last iteration only if its latest piece has it (lastprivate,
 * linear): so last_is_last. */
void pp_omp_loop_open(pp_omp_data *here, const pp_omp_plan *plan, const void *site) {
  pp_omp_loop *loop = &here->loop;
  ppar_options options = PPAR_OPTIONS_INIT(.schedule = plan->schedule, .nowait = true, .ordered = plan->ordered);
  pp_space shown = {.begin = (int64_t)plan->begin, .step = (int64_t)plan->step, .count = plan->count};
  if (pp_omp_is_checked()) pp_omp_check_shared(here, "loop", site);
  pp_omp_loop_leave(here);
  if (pp_omp_is_checked()) pp_omp_check_enter(here, PP_OMP_LOOP);
  here->had_loop = true;
  loop->begin = plan->begin;
  loop->end = plan->end;
  loop->step = plan->step;
  loop->count = plan->count;
  loop->ordered = plan->ordered;
  loop->first = loop->past = 0;
  loop->own = 0;
  loop->is_ahead = false;
  loop->in_turn = loop->is_over = false;
  loop->doacross = NULL;
  loop->train = NULL;
  loop->cursor.nowait = false;
  loop->cursor.open = true;
  if (PPAR_SELDOM_(pp_omp_is_deferred(here))) {
    open_alone(loop);
    return;
  }
  pp_prange_open(&loop->cursor, here->seat, INT64_MIN, (int64_t)((uint64_t)INT64_MIN + plan->count), &options, true,
                 &shown, site);
  loop->counter = counter_of(here->seat);
  if (loop->counter == NULL) return;
  loop->chunk = here->seat->puller.claimer.division->chunk;
  loop->last = loop->count - loop->chunk;
  loop->hop = loop->chunk * loop->step;
  loop->canceled = here->seat->head.canceled;
}

/* The thread's next piece, as the prange has it. */
static bool take(pp_omp_loop *loop) {
  ppar_part_ part;
  loop->train = NULL;
  if (PPAR_SELDOM_(!loop->cursor.open)) {
    loop->past = loop->own;
    loop->own = 0;
    return loop->past != 0;
  }
  part = ppar_prange_next_(&loop->cursor);
  if (part.count == 0) return false;
  loop->first = (uint64_t)part.begin - (uint64_t)INT64_MIN;
  loop->past = loop->first + part.count;
  return true;
}

/* The first time in the loop that the region is. There may have been a barrier since the region began. */
static __attribute__((noinline)) void come(pp_omp_data *here) {
  pp_omp_loop_open(here, here->region->plan, here->region->site);
}

bool pp_omp_loop_advance(pp_omp_data *here) {
  pp_omp_loop *loop = &here->loop;
  bool some;
  if (PPAR_SELDOM_(loop->is_ahead)) come(here);
  if (loop->is_over) return false;
  some = take(loop);
  loop->is_over = !some || loop->past == loop->count; /* Others may have handed back some, which they run. */
  if (!some) return false;
  loop->at = loop->past == loop->count ? loop->end : loop->begin + loop->past * loop->step;
  loop->in_turn = false;
  if (loop->cursor.nowait && !loop->ordered) { /* as ppar_piece_get_ has it; turns are looked for piece by piece */
    loop->train = (ppar_train_ *)(uintptr_t)loop->cursor.left.begin;
    loop->hop = (uint64_t)loop->train->distance * loop->step;
  }
  return true;
}

void pp_omp_loop_close(pp_omp_data *here) {
  if (PPAR_SELDOM_(here->loop.is_ahead)) come(here);
  if (pp_omp_is_checked()) pp_omp_check_leave(here, PP_OMP_LOOP);
  here->loop.doacross = NULL;
  here->loop.own_barrier = 0;
  if (here->loop.cursor.open) ppar_prange_end_(&here->loop.cursor);
}

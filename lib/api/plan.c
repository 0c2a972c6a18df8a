/* SPDX-License-Identifier: MIT */
/* plan.c: which of the three ways of sharing serves which schedule. */
#include "api/plan.h"

#include <string.h>

#include <ppar/status.h>

#include "api/threads.h"
#include "pool/pool.h"
#include "pool/self.h"
#include "schedule/tuning.h"
#include "settings/environment.h"

/* The default pool follows NUM_THREADS's list by nesting level; other pools have one number. */
static int default_threads(const ppar_pool *pool, int depth) {
  if (pool->destroyable) return pp_pool_threads(pool);
  return pp_threads_default(depth);
}

ppar_schedule pp_plan_resolved(ppar_schedule schedule) {
  ppar_schedule_order order = schedule.order;
  if (schedule.kind != PPAR_SCHEDULE_RUNTIME) return schedule;
  schedule = pp_environment_get()->schedule;
  if (order != PPAR_ORDER_DEFAULT) schedule.order = order;
  return schedule;
}

int pp_plan_threads(ppar_pool **pool, uint32_t *threads, const ppar_options *options, pp_call call) {
  int wanted;
  *pool = options->pool != NULL ? options->pool : ppar_pool_default();
  if (!pp_pool_is_usable(*pool)) return pp_refuse(call, PP_NOTHING_RUN, "options->pool", PP_REFUSED_POOL, 0);
  wanted = options->threads;
  if (wanted == 0) {
    wanted = default_threads(*pool, pp_self_get()->place.depth);
  } else if (wanted > 1) {
    int limit = pp_environment_get()->thread_limit;
    if (wanted > limit) wanted = limit;
  }
  *threads = (uint32_t)wanted;
  return PPAR_OK;
}

int pp_plan_options(pp_plan *plan, const ppar_options *options, pp_call call) {
  int status = pp_options_read(&options, &plan->room, PP_TAKES_STEP, call);
  if (status == PPAR_OK) status = pp_plan_threads(&plan->pool, &plan->alone.slots, options, call);
  if (status != PPAR_OK) return status;
  plan->options = options;
  plan->schedule = pp_plan_resolved(options->schedule);
  return PPAR_OK;
}

bool pp_plan_may_be_alone(const pp_plan *plan) {
  ppar_schedule schedule = plan->schedule;
  switch (schedule.kind) {
    case PPAR_SCHEDULE_AUTO: return plan->alone.slots == 1 || schedule.order != PPAR_ORDER_MONOTONIC;
    case PPAR_SCHEDULE_STATIC: return plan->alone.slots == 1 && schedule.chunk == 0;
    case PPAR_SCHEDULE_GUIDED: return plan->alone.slots == 1; /* the first chunk is all that remains */
    case PPAR_SCHEDULE_DYNAMIC:
    case PPAR_SCHEDULE_RUNTIME: break;
  }
  return false;
}

void pp_plan_loop(pp_plan *plan) {
  const pp_alone *alone = &plan->alone;
  pp_loop *loop = &plan->loop;
  memset(loop, 0, sizeof *loop);
  loop->code = alone->code;
  loop->body = alone->body;
  loop->fold = alone->fold;
  loop->arg = alone->arg;
  loop->site = alone->site;
  loop->reduction = alone->reduction;
  loop->name = plan->options->name;
  loop->fp_state = pp_fp_state_get();
  loop->division.space = alone->space;
  loop->division.slots = alone->slots;
  pp_plan_schedule(&loop->division, plan->schedule);
}

void pp_plan_prange(pp_division *division, ppar_schedule *schedule, const ppar_options *options) {
  memset(division, 0, sizeof *division);
  *schedule = pp_plan_resolved(options->schedule);
}

static uint32_t parts_of(const pp_division *division, uint64_t pieces) {
  return pieces < division->slots ? (uint32_t)pieces : division->slots;
}

/* Each slot owns a share of `grain`-sized units; with no more units than slots there is nothing to share. */
static void plan_units(pp_division *division, uint64_t grain) {
  if (division->slots == 1) { /* runs serially: no units, and none of the divisions that make them */
    division->sharing = PP_BY_RANGE;
    division->parts = 1;
    return;
  }
  division->units = pp_units_make(division->space.count, grain);
  division->parts = parts_of(division, division->units.count);
  division->sharing =
      division->units.count <= division->slots && division->units.size == grain ? PP_BY_SLOT : PP_BY_RANGE;
}

/* Ranges of a few chunks each cost more than they save: a thread that finds its own empty looks at all others. From one
 * counter as many lines move as there are chunks and threads. */
static bool has_few_chunks(const pp_division *division, ppar_schedule schedule) {
  uint64_t chunk = schedule.chunk > 0 ? (uint64_t)schedule.chunk : 1;
  uint64_t few = (uint64_t)division->slots * PP_FEW_CHUNKS;
  if (few < PP_FEW_CHUNKS_IN_ALL) few = PP_FEW_CHUNKS_IN_ALL;
  return schedule.kind == PPAR_SCHEDULE_DYNAMIC && (division->space.count - 1) / chunk < few;
}

void pp_plan_prange_schedule(pp_division *division, ppar_schedule schedule, bool ordered) {
  bool shares = schedule.kind == PPAR_SCHEDULE_DYNAMIC || schedule.kind == PPAR_SCHEDULE_AUTO;
  if ((ordered && shares) || has_few_chunks(division, schedule))
    schedule = ppar_monotonic(ppar_dynamic(schedule.chunk));
  pp_plan_schedule(division, schedule);
  if (division->sharing == PP_BY_SLOT && division->units.count != 0) division->sharing = PP_BY_RANGE;
  if (division->sharing != PP_BY_SLOT) division->parts = division->slots;
}

void pp_plan_schedule(pp_division *division, ppar_schedule schedule) {
  uint64_t n = division->space.count, chunk = (uint64_t)schedule.chunk;
  bool monotonic = schedule.order == PPAR_ORDER_MONOTONIC;
  if (chunk > n) chunk = n;
  switch (schedule.kind) {
    case PPAR_SCHEDULE_STATIC:
      division->sharing = PP_BY_SLOT;
      division->chunk = chunk;
      division->parts = parts_of(division, chunk != 0 ? pp_divide_up(n, chunk) : n);
      break;
    case PPAR_SCHEDULE_DYNAMIC:
      if (chunk == 0) chunk = 1;
      division->chunk = chunk;
      if (monotonic) {
        division->sharing = PP_BY_COUNTER;
        division->parts = parts_of(division, pp_divide_up(n, chunk));
      } else {
        plan_units(division, chunk);
      }
      break;
    case PPAR_SCHEDULE_GUIDED: /* one counter gives rising starts, whatever the order asked for */
      division->sharing = PP_BY_COUNTER;
      division->guided = true;
      division->chunk = chunk != 0 ? chunk : 1;
      division->parts = parts_of(division, n);
      break;
    case PPAR_SCHEDULE_AUTO:
    case PPAR_SCHEDULE_RUNTIME: /* resolved before */
      if (monotonic) {          /* no stealing: static's blocks as they are */
        division->sharing = PP_BY_SLOT;
        division->parts = parts_of(division, n);
      } else {
        division->adaptive = true;
        plan_units(division, 1);
      }
      break;
  }
}

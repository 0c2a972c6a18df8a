/* SPDX-License-Identifier: MIT */
/* loop.c: describing loops, and judging them by the pace of their bodies. */
#include "loop/loop.h"

#include "schedule/batches.h"
#include "schedule/tuning.h"
#include "share/batch.h"

#define SET(member) \
  if (to->member != from->member) to->member = from->member

_Static_assert(sizeof(void *) != 8 || sizeof(pp_loop) == 224, "a member more or less: see pp_loop_describe");

void pp_loop_describe(pp_loop *to, const pp_loop *from) {
  SET(code);
  SET(body);
  SET(fold);
  SET(arg);
  SET(name);
  pp_division_describe(&to->division, &from->division);
  SET(depth);
  SET(active);
  SET(group);
  if (!pp_fp_state_equal(to->fp_state, from->fp_state)) to->fp_state = from->fp_state;
  SET(reduction);
  SET(seed);
  SET(partials);
  SET(stride);
  SET(pace.code);
  SET(pace.batch);
  SET(pace.call.known);
  SET(pace.call.latest);
  SET(pace.doubts);
}

/* Whether it should take no more than this part of a batch's time. */
static bool takes_at_most(const pp_loop *loop, uint64_t part_of_batch) {
  uint64_t pace = pp_loop_pace(loop);
  return pace != 0 && loop->division.space.count <= pace / part_of_batch;
}

/* Its pace leaves the calls out. */
bool pp_loop_is_short(const pp_loop *loop) {
  return takes_at_most(loop, PP_BATCH_NS / PP_WAKE_NS) && loop->pace.call.known < pp_ticks_from_ns(PP_SHORT_NS);
}

bool pp_loop_is_divided(const pp_loop *loop) {
  return !pp_loop_is_short(loop) && takes_at_most(loop, PP_BATCH_NS / PP_DIVIDED_NS);
}

void pp_loop_teach(const pp_loop *loop, pp_claimer *claimer) {
  uint64_t pace = pp_loop_pace(loop);
  if (pace != 0) pp_batch_remember(claimer, loop->pace.call, loop->pace.doubts);
  pp_batch_start(claimer, pace);
}

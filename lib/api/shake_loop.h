/* SPDX-License-Identifier: MIT */
/* shake_loop.h: loops under PPAR_SHAKE. What a program may rely on stays: which slot has which iterations under static
 * schedules, the sizes and the order of chunks of dynamic and guided, that chunks of dynamic which nobody has begun are
 * open to all, the order in which partial values are combined, and the status of a loop that fails. What is left to the
 * library is decided by the seed: the chunks of auto, their order, and who runs them; how long anything takes, and what
 * is run at the same time. */
#ifndef PP_API_SHAKE_LOOP_H
#define PP_API_SHAKE_LOOP_H

#include "api/plan.h"
#include "settings/environment.h"

/* Whether the loop is shaken: loops of one slot, or of one iteration, are the serial loop. */
static inline bool pp_shake_takes(const pp_plan *plan) {
  return pp_mode_is_on(PP_MODE_SHAKE) && plan->alone.slots > 1 && plan->alone.space.count > 1;
}

/* Runs it. result: of a reduction. Returns as pp_loop_run does. */
int pp_shake_loop(pp_plan *plan, void *result);

#endif

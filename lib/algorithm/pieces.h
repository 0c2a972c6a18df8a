/* SPDX-License-Identifier: MIT */
/* pieces.h: the api's own loops over a few pieces of work, each of them long. */
#ifndef PP_ALGORITHM_PIECES_H
#define PP_ALGORITHM_PIECES_H

#include "api/plan.h"
#include "loop/caller.h"

/* So many pieces for each slot: the last ones even out what threads lose to others, and one is still long enough. */
enum { PP_PIECES_PER_SLOT = 8 };

/* Runs body over 0 ... pieces - 1, one piece a chunk, any of which may be stolen; pieces is not 0. Pool and T are the
 * plan's, and one plan serves several such loops. */
static inline int pp_pieces_run(pp_plan *plan, uint64_t pieces, ppar_body *body, void *arg) {
  (void)pp_space_make(&plan->loop.division.space, 0, (int64_t)pieces, 1);
  plan->loop.body = body;
  plan->loop.arg = arg;
  pp_plan_schedule(&plan->loop.division, ppar_dynamic(1));
  return pp_loop_run(plan->pool, &plan->loop, NULL);
}

#endif

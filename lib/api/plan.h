/* SPDX-License-Identifier: MIT */
/* plan.h: from a call's arguments to a loop: all checks, every default filled in, the schedule chosen. */
#ifndef PP_API_PLAN_H
#define PP_API_PLAN_H

#include <ppar/options.h>

#include "loop/loop.h"

/* What to run and on which pool. */
typedef struct pp_plan {
  ppar_pool *pool;
  pp_loop loop; /* body, fold, arg and reduction are the caller's to set */
} pp_plan;

/* Checks the options, options->step excepted; options may be NULL. Sets the pool, and of the loop T. *schedule is
 * what options ask for, never runtime. PPAR_OK or PPAR_EINVAL. */
int pp_plan_options(pp_plan *plan, ppar_schedule *schedule, const ppar_options *options);

/* The pool and T alone; options is not NULL. */
int pp_plan_threads(ppar_pool **pool, uint32_t *threads, const ppar_options *options);

/* Cuts division->space, which is not empty, among division->slots as the schedule says. */
void pp_plan_schedule(pp_division *division, ppar_schedule schedule);

/* The same for a prange, whose options (which may be NULL) are checked first. The team's size is division->slots, more than 1.
 * ordered: its iterations may have an ordered part, and chunks are handed out in their order. A prange that is not by slot is by
 * range or by counter with all slots, however few units there are, since threads of a team may be late. */
int pp_plan_prange_options(const ppar_options *options);
void pp_plan_prange(pp_division *division, ppar_schedule *schedule, const ppar_options *options);
void pp_plan_prange_schedule(pp_division *division, ppar_schedule schedule, bool ordered);

#endif

/* SPDX-License-Identifier: MIT */
/* plan.h: from a call's arguments to a loop: all checks, every default filled in, the schedule chosen. */
#ifndef PP_API_PLAN_H
#define PP_API_PLAN_H

#include <ppar/options.h>

#include "pool/record.h"

/* What to run and on which pool. */
typedef struct pp_plan {
  ppar_pool *pool;
  pp_loop loop; /* body, fold, arg and reduction are the caller's to set */
} pp_plan;

/* Checks the options, options->step excepted; options may be NULL. Sets the pool, and of the loop T. *schedule is
 * what options ask for, never runtime. PPAR_OK or PPAR_EINVAL. */
int pp_plan_options(pp_plan *plan, ppar_schedule *schedule, const ppar_options *options);

/* Cuts plan->loop.space, which is not empty, as the schedule says. */
void pp_plan_schedule(pp_plan *plan, ppar_schedule schedule);

#endif

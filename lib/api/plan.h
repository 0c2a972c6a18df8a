/* SPDX-License-Identifier: MIT */
/* plan.h: from a call's arguments to a loop: all checks, every default filled in, the schedule chosen. */
#ifndef PP_API_PLAN_H
#define PP_API_PLAN_H

#include "loop/alone.h"
#include "loop/loop.h"
#include "settings/options.h"

/* What to run and on which pool. */
typedef struct pp_plan {
  ppar_pool *pool;
  const ppar_options *options; /* as pp_options_read makes them; never NULL */
  ppar_options room;           /* for options of another layout */
  ppar_schedule schedule;      /* what the options ask for; never runtime */
  pp_alone alone;              /* what there is to run; its body, fold, arg and reduction are the caller's to set */
  pp_loop loop;                /* the same, where others are to take part (pp_plan_loop) */
} pp_plan;

/* Reads a caller's options, which may be NULL, as functions do that take a step. Sets all but the loop; of alone it
 * sets T. PPAR_OK; PPAR_EINVAL, and the program has been told. */
int pp_plan_options(pp_plan *plan, const ppar_options *options, pp_call call);

/* Whether the schedule lets one thread run all iterations as one chunk. */
bool pp_plan_may_be_alone(const pp_plan *plan);

/* Sets the loop, from what alone has. */
void pp_plan_loop(pp_plan *plan);

/* The pool and T alone, from options that have been read. PPAR_EINVAL: the pool is unusable; it has been told. */
int pp_plan_threads(ppar_pool **pool, uint32_t *threads, const ppar_options *options, pp_call call);

/* What runtime stands for is the environment's; other kinds are as they are. */
ppar_schedule pp_plan_resolved(ppar_schedule schedule);

/* Cuts division->space, which is not empty, among division->slots as the schedule says. */
void pp_plan_schedule(pp_division *division, ppar_schedule schedule);

/* The same for a prange, from options that have been read. The team's size is division->slots, more than 1. ordered:
 * its iterations may have an ordered part, and chunks are handed out in their order. A prange that is not by slot is
 * by range or by counter with all slots, however few units there are, since threads of a team may be late. */
void pp_plan_prange(pp_division *division, ppar_schedule *schedule, const ppar_options *options);
void pp_plan_prange_schedule(pp_division *division, ppar_schedule schedule, bool ordered);

#endif

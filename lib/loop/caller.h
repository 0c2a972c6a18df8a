/* SPDX-License-Identifier: MIT */
/* caller.h: a loop from its caller's side. */
#ifndef PP_LOOP_CALLER_H
#define PP_LOOP_CALLER_H

#include "loop/loop.h"

struct ppar_pool;

/* Runs the loop on the pool, the calling thread included; returns its status. A reduction's outcome is combined into
 * *result when the status is PPAR_OK. loop->partials, stride, depth and the like are filled in here. */
int pp_loop_run(struct ppar_pool *pool, pp_loop *loop, void *result);

#endif

/* SPDX-License-Identifier: MIT */
/* execute.h: a loop from its caller's side and from a worker's. */
#ifndef PP_POOL_EXECUTE_H
#define PP_POOL_EXECUTE_H

#include "pool/pool.h"
#include "pool/record.h"

/* Runs the loop on the pool, the calling thread included; returns its status. A reduction's outcome is combined
 * into *result when the status is PPAR_OK. loop->partials, stride and depth are filled in here. */
int pp_execute(ppar_pool *pool, const pp_loop *loop, void *result);

/* A worker: joins the record's loop if it can and works in it. False: there was nothing to join. *worked_ticks: how
 * long it was in. */
bool pp_execute_join(pp_worker *worker, pp_record *record, uint64_t *worked_ticks);

#endif

/* SPDX-License-Identifier: MIT */
/* execute.h: a loop from its caller's side and from a worker's. */
#ifndef PP_LOOP_EXECUTE_H
#define PP_LOOP_EXECUTE_H

#include "loop/record.h"
#include "pool/help.h"
#include "pool/pool.h"

/* Runs the loop on the pool, the calling thread included; returns its status. A reduction's outcome is combined
 * into *result when the status is PPAR_OK. loop->partials, stride and depth are filled in here. */
int pp_execute(ppar_pool *pool, pp_loop *loop, void *result);

typedef enum pp_visit {
  PP_VISIT_SHUT, /* there was no place */
  PP_VISIT_IDLE, /* there was no work; its members have been asked to hand some back, and will ring if they do */
  PP_VISIT_WORKED
} pp_visit;

/* A thread without work of its own: expect: is about to visit, and probably to join: fetches what it will need. visit: joins the record's loop if it can and works in it, under the slot `preferred` if that
 * is free. within: NULL, or what the thread waits for, which the loop has to be inside of. *worked_ticks, after work: how long it was
 * busy with that, its coming and going left out. */
void pp_execute_expect(const pp_record *record, uint32_t preferred);
pp_visit pp_execute_visit(ppar_pool *pool, uint32_t preferred, const pp_awaited *within, pp_record *record,
                          uint64_t *worked_ticks);

#endif

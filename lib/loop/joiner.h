/* SPDX-License-Identifier: MIT */
/* joiner.h: a loop from the side of a thread that joins it: a worker, or a thread that waits for something around the
 * loop. */
#ifndef PP_LOOP_JOINER_H
#define PP_LOOP_JOINER_H

#include "loop/record.h"
#include "pool/waiting.h"

typedef enum pp_visit {
  PP_VISIT_SHUT,    /* There was no place. */
  PP_VISIT_IDLE,    /* There was no work. */
  PP_VISIT_PENDING, /* The same; members have been asked to hand some back. They will ring if they do; if they do not,
                       there will be some to take in a moment. */
  PP_VISIT_WORKED
} pp_visit;

/* A visit is likely to follow: starts to load the record's lines, so that they are in the cache when pp_loop_visit
 * reads them. Changes nothing. */
void pp_loop_expect(const pp_record *record, uint32_t preferred);

/* Joins the record's loop if it can and works in it, under the slot `preferred` if that is free. waiting: NULL, or
 * the wait in which the thread is, which has to allow the loop. *worked, after work: for how many ticks the thread
 * was busy with that, its coming and going left out. */
pp_visit pp_loop_visit(struct ppar_pool *pool, uint32_t preferred, pp_waiting *waiting, pp_record *record,
                       uint64_t *worked);

#endif

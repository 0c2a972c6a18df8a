/* SPDX-License-Identifier: MIT */
/* alone.h: loops that are not worth sharing, on the calling thread: it calls the body, and nobody hears of it. No
 * record is opened, and no bell is rung.
 *
 * These are loops of one slot or one iteration, and `auto` loops that should take less than PP_ALONE_NS by what the
 * thread knows of their bodies (pace.h). The latter begin with an eighth of their iterations. If these take longer than
 * they should, the thread goes no further by itself: what is left is a loop like any other, and is shared.
 *
 * Cost: two readings of the clock and two calls of the body, or one call where there is one slot; no locked operation,
 * and no line that another thread writes. */
#ifndef PP_LOOP_ALONE_H
#define PP_LOOP_ALONE_H

#include <ppar/loop.h>
#include <ppar/reduce.h>

#include "loop/pace.h"
#include "schedule/space.h"
#include "schedule/tuning.h"

struct ppar_pool;

/* A loop whose chunks may be of any size. */
typedef struct pp_alone {
  pp_space space;
  uint32_t slots;   /* T */
  const void *code; /* What the loop is known by (pace.h). */
  ppar_body *body;  /* NULL: fold is what runs. */
  ppar_fold *fold;
  void *arg;
  const void *site; /* Where the program calls for the loop. */
  const ppar_reduction *reduction;
  unsigned char *partial; /* Room for a value of PP_SMALL_PARTIAL bytes. */
  int status;             /* What it has come to, once it has ended. */
} pp_alone;

typedef enum pp_alone_end {
  PP_ALONE_NOT,  /* It is for others, too: nothing has been run. */
  PP_ALONE_PART, /* It turned out to be: space is what is left, and *partial is the value of what was run. */
  PP_ALONE_DONE  /* It has ended, with alone->status; a reduction's value is in *partial if that is PPAR_OK. */
} pp_alone_end;

/* Runs the loop on the calling thread, as far as nobody else is needed. */
pp_alone_end pp_alone_run(struct ppar_pool *pool, pp_alone *alone);

#endif

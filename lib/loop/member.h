/* SPDX-License-Identifier: MIT */
/* member.h: a thread that takes part in a loop, and how it runs what it has claimed.
 *
 * Cost of a chunk: a call through a pointer, two additions, and one load of the slot's own alert word; no locked
 * operation and no line that another thread writes. A body that takes trains (PPAR_BODY) costs less than that. */
#ifndef PP_LOOP_MEMBER_H
#define PP_LOOP_MEMBER_H

#include "loop/loop.h"
#include "pool/self.h"
#include "share/claimer.h"
#include "share/control.h"

typedef struct pp_member {
  const pp_loop *loop;
  pp_control *control;
  pp_self *self;
  void *accumulator; /* A reduction's partial value for the slot; NULL in a plain loop. */
  bool anew;         /* The slot has no partial value yet. */
  bool skipping;     /* The loop was cancelled: the member looks at each chunk's place before it runs it. */
  ppar_chunk chunk;
  ppar_train_ train;
  pp_claimer claimer;
  pp_place saved;
  uint32_t held; /* What the thread held before. */
} pp_member;

/* Begins to run the loop on this thread, in slot 0 as far as chunks tell. scope: what its bodies are inside of from
 * now on, and pool: on which the loop is; NULL: it is a loop on one thread alone, which is no scope of its own. */
void pp_member_enter(pp_member *member, const pp_loop *loop, pp_control *control, pp_self *self, const pp_scope *scope,
                     struct ppar_pool *pool);

/* Ends it. */
void pp_member_exit(pp_member *member);

/* Takes on a slot's number; anew: its partial value is not there yet. */
void pp_member_use_slot(pp_member *member, uint32_t slot, bool anew);

/* Sets the slot's partial value to what it starts as: the identity, or the loop's seed. */
void pp_member_start_value(pp_member *member);

/* Before work under the slot: starts its partial value, if the loop has partial values and this one
 * has not been started. It is not done earlier: when a thief has just joined, or what it has stolen has been stolen
 * from it in turn, the caller may already be done with the loop, and the partial values may be gone. */
static inline void pp_member_begin_work(pp_member *member) {
  if (!member->anew) return;
  member->anew = false;
  if (member->accumulator != NULL) pp_member_start_value(member);
}

/* Runs all that the member's claimer has, but for what the loop's cancellation skips. */
void pp_member_run(pp_member *member);

/* By slot: runs the part of the member's present slot. */
static inline void pp_member_run_part(pp_member *member) {
  pp_claim_part(&member->claimer);
  pp_member_run(member);
}

#endif

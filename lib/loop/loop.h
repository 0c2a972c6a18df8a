/* SPDX-License-Identifier: MIT */
/* loop.h: what a loop is, as its members see it. */
#ifndef PP_LOOP_LOOP_H
#define PP_LOOP_LOOP_H

#include <ppar/loop.h>
#include <ppar/reduce.h>

#include "platform/fp_state.h"
#include "share/claimer.h"

struct pp_task_group;

/* How fast a loop's body ran lately, so that the next loop over it needs no calibration. */
typedef struct pp_pace {
  const void *code; /* Of this body or fold. */
  uint64_t batch;   /* Iterations that took about as long as a batch should; 0: not known. */
  pp_call_cost call;
  bool doubts; /* What a call costs is to be found out anew. */
} pp_pace;

/* Written by the caller before the groups are opened, constant until they are quiet again. */
typedef struct pp_loop {
  const void *code; /* What the loop is known by (pace.h). */
  ppar_body *body;  /* NULL: fold is what runs. */
  ppar_fold *fold;
  void *arg;
  const char *name; /* The options'; NULL: none. */
  const void *site; /* Where the program calls for the loop; only the caller has use for it. */
  pp_division division;
  int depth, active; /* See pp_place. */
  struct pp_task_group *group;
  pp_fp_state fp_state;
  const ppar_reduction *reduction;
  const void *seed;        /* What the partial value of slot 0 starts as; NULL: the identity, as the others'. */
  unsigned char *partials; /* Slot s's value at s * stride. */
  size_t stride;
  pp_pace pace; /* By range: of the record's latest such loop. */
} pp_loop;

/* Writes what of `from` differs into *to, member by member: a line is lost to other threads only when something is
 * written. */
void pp_loop_describe(pp_loop *to, const pp_loop *from);

/* Whether the loop should take less time than waking a worker, by the pace of its body. */
bool pp_loop_is_short(const pp_loop *loop);

/* Whether an auto loop is too short to be shared by range, by the pace of its body: stealing would only move data
 * that each thread has in its cache from the loop before. Each slot then has its block. */
bool pp_loop_is_divided(const pp_loop *loop);

/* What is known of the loop's body is known to the claimer, which has its first work, or is about to. */
void pp_loop_teach(const pp_loop *loop, pp_claimer *claimer);

/* The loop's pace, if it is of this loop's body; else 0. */
static inline uint64_t pp_loop_pace(const pp_loop *loop) {
  return loop->pace.code == loop->code ? loop->pace.batch : 0;
}

/* What a call of the body costs, if it is known; else as much as is known at first. */
static inline pp_call_cost pp_loop_call(const pp_loop *loop) {
  return pp_loop_pace(loop) != 0 ? loop->pace.call : (pp_call_cost){0, UINT64_MAX};
}

#endif

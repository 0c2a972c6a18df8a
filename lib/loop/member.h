/* SPDX-License-Identifier: MIT */
/* member.h: a thread that takes part in a loop, and how it runs what it has claimed.
 *
 * Cost of a chunk: a call through a pointer, two additions, and one load of the slot's own alert word; no locked
 * operation and no line that another thread writes. A body that takes trains (PPAR_BODY) costs less than that. */
#ifndef PP_LOOP_MEMBER_H
#define PP_LOOP_MEMBER_H

#include "loop/record.h"
#include "pool/pool.h"
#include "schedule/batches.h"

typedef struct pp_member {
  const pp_loop *loop;
  pp_control *control;
  pp_record *record; /* NULL: a serial loop */
  pp_self *self;
  pp_atomic_u32 *alert;
  void *accumulator; /* a reduction's partial value for the slot; NULL in a plain loop */
  bool anew;         /* the slot has no partial value yet */
  bool skipping;     /* the loop was cancelled: look at each chunk's place */
  uint32_t number;   /* of the slot */
  uint64_t done;     /* units finished and not yet told */
  uint64_t worked;   /* ticks spent on them */
  ppar_chunk chunk;
  ppar_train_ train;
  uint32_t batch;     /* by range: units to take at once; 0: not known yet */
  bool spared;        /* by range: sleepers were not woken, since the loop should be short; so far it is */
  uint32_t begged;    /* by range: members asked */
  uint32_t all_below; /* by range: so few units are not divided */
  pp_place saved;
} pp_member;

/* Sets the slot's partial value to the identity. */
void pp_member_start_value(pp_member *member);

/* Begins to run the loop on this thread; record is NULL for a serial loop. */
void pp_member_enter(pp_member *member, const pp_loop *loop, pp_control *control, pp_self *self);

/* Ends it. */
void pp_member_exit(pp_member *member);

/* Takes on a slot's number; anew: its partial value is not there yet. */
void pp_member_use_slot(pp_member *member, uint32_t slot, bool anew);

/* Before work under the slot: sets its partial value, if the loop has any and it is not there, to the identity. Not
 * earlier: the caller may be done with a loop that a thief has just joined, or whose loot went to another thief. */
static inline void pp_member_begin_work(pp_member *member) {
  if (member->anew) pp_member_start_value(member);
}

/* Runs iterations first ... past - 1, all in one chunk. */
void pp_member_run_chunk(pp_member *member, uint64_t first, uint64_t past);

/* Runs `count` chunks of `size` iterations, each `hop` iterations after the one before, in order; none of them is the
 * loop's last chunk. At most `most` at a time go to a body that takes trains. Returns how many were run: fewer than
 * count when alert was raised. */
uint64_t pp_member_run_chunks(pp_member *member, uint64_t first, uint64_t count, uint64_t size, uint64_t hop,
                              uint64_t most);

/* Runs first ... past - 1 in chunks of `size`; all of it, but for what the loop's cancellation skips. */
void pp_member_run_in_chunks(pp_member *member, uint64_t first, uint64_t past, uint64_t size);

/* Runs the part of the member's present slot, in a loop that shares by slot. */
void pp_member_run_part(pp_member *member);

/* Takes chunks from the loop's counter until there are none. */
void pp_member_run_counter(pp_member *member);

static inline bool pp_member_is_canceled(const pp_member *member) {
  return pp_load_acquire(&member->control->cancel.lowest) != PP_CANCEL_NONE;
}

/* Lowers the alert; true when the loop has been cancelled. */
bool pp_member_heed(pp_member *member);

/* By range (share.c). Whether the loop should take less time than waking a worker, by the pace of its body. */
bool pp_loop_is_short(const pp_loop *loop);

/* Whether an auto loop is too short to be shared by range, by the pace of its body: stealing would only move data that each
 * thread has in its cache from the loop before. Each slot then has its block. */
#define PP_DIVIDED_NS 12000
bool pp_loop_is_divided(const pp_loop *loop);

/* The units of `count` neighbouring slots' parts. */
pp_span pp_loop_parts(const pp_loop *loop, uint32_t first, uint32_t count);

/* Puts units into the member's range, which is empty. */
static inline void pp_member_own(pp_member *member, pp_span span) {
  pp_range_put(&member->record->slots[member->number].range, span);
}

/* Sets the size of the member's next batch, in units. */
void pp_member_set_batch(pp_member *member, uint64_t batch);

/* The same for its first one: pace iterations, if these are known to be a batch, else few. */
void pp_member_first_batch(pp_member *member, uint64_t pace);

/* A batch of `units` took `ticks`. A short one says more about the clock than about the body: it may raise the
 * estimate, not lower it. */
void pp_member_adapt(pp_member *member, uint32_t units, uint64_t ticks);

/* Takes a batch from the front of the member's range. */
static inline pp_span pp_member_take(pp_member *member, pp_range *range) {
  const pp_loop *loop = member->loop;
  uint64_t most = pp_batch_next(member->batch, loop->units.count, loop->parts);
  uint32_t first = pp_range_peek(range).first; /* which nobody else changes */
  return pp_range_take(range, (uint32_t)pp_batch_even(first, most), member->all_below);
}

/* In the middle of a batch, before unit `next`, `finished` units and `ticks` after it was begun or first begged for:
 * gives the latter half of what is left to whoever begs for it. */
void pp_member_hand_back(pp_member *member, pp_span *batch, uint32_t next, uint32_t finished, uint64_t ticks);

/* How many iterations make a batch, by what the member has seen; 0: it has seen nothing. */
static inline uint64_t pp_member_pace(const pp_member *member) {
  return (uint64_t)member->batch * member->loop->units.size;
}

/* Runs the member's range until it is empty. */
void pp_member_run_range(pp_member *member);

/* Fills the member's empty range: parts that nobody has taken, else half of another member's range. */
bool pp_member_find_work(pp_member *member);

/* Asks members that may hold large batches to hand some of them back; a few at most. */
void pp_member_beg(pp_member *member);

#endif

/* SPDX-License-Identifier: MIT */
/* share.h: the words through which the threads of one loop or prange share its iterations. A loop's record and a
 * prange's stage each hold one. */
#ifndef PP_SHARE_SHARE_H
#define PP_SHARE_SHARE_H

#include "claim/counter.h"
#include "claim/range.h"
#include "claim/rest.h"
#include "claim/slots.h"
#include "share/division.h"

/* Two line pairs for each slot. Of the first one its owner takes from the range, and opens the rest, once per batch,
 * and reads alert once per piece. Thieves read the range and the rest, and write alert when they found nothing to
 * steal. The other one the owner writes once per piece, and thieves read it only where they take from the rest. */
typedef struct pp_slot {
  PP_LINE_ALIGNED pp_range range;
  pp_rest rest;        /* Of the owner's batch. */
  pp_atomic_u64 done;  /* In a stage: the units that the slot's thread has finished, told when it looks for more. */
  pp_atomic_u64 asked; /* Ticks: when alert was last raised by a hungry thief. */
  pp_atomic_u32 alert; /* 1: the loop was cancelled, or a thief is hungry. */
  pp_atomic_u32 moves; /* See pp_move_begin. It is never reset. */
  PP_LINE_ALIGNED pp_atomic_u32 begun; /* See rest. */
} pp_slot;

_Static_assert(sizeof(pp_slot) == 2 * PP_CACHE_LINE, "two line pairs a slot");

/* Around whatever takes units from where others can reach them (a part, a range, a rest) and puts them where others can
 * again, the slot's own thread counts: moves is odd while units of more than one may be on their way. Whoever looks
 * through all places for the last time reads moves before and after it (pp_claim_find_for_good).
 *
 *   E1  Units that nobody has begun are in a part that nobody has, in a range, in an open rest, or with a thread that
 *       runs them next, one piece, or whose moves is odd.
 *       The last chunk may be apart from all these (pp_division_set_apart): with the counter, until somebody takes it
 *       who has found nothing else, and runs it next.
 *   E2  Whoever finds moves of all slots even, and the same before and after its look at all places, has missed no
 *       move: all that it did not find was begun, or is about to be.
 *
 * Orderings: begin is a plain store before the read-modify-write that takes, which releases it. A look that finds the
 * units gone from there acquires it, through whatever read-modify-writes came after it in that word, and so the second
 * reading finds the move. end's release pairs with the first reading: what was put is seen by the look after it.
 * Cost: two stores for a batch, a theft or an answer, on a line that the thread has to write anyway; no locked
 * operation, and none of the reader, who goes through the lines of all slots in use twice more. */
static inline void pp_move_begin(pp_slot *own) { pp_store_relaxed(&own->moves, pp_load_relaxed(&own->moves) + 1); }
static inline void pp_move_end(pp_slot *own) { pp_store_release(&own->moves, pp_load_relaxed(&own->moves) + 1); }

/* Of a slot that nobody works in or steals from: whatever a thread that is gone has left there. */
static inline void pp_slot_clear(pp_slot *slot) {
  pp_range_put(&slot->range, (pp_span){0, 0});
  pp_rest_end(&slot->rest);
  pp_store_relaxed(&slot->alert, 0);
  pp_store_relaxed(&slot->done, 0);
}

typedef struct pp_share {
  const pp_division *division;
  pp_group *groups; /* One for eight slots (claim/slots.h). */
  pp_slot *slots;
  pp_counter *counter;
  void (*offer)(struct pp_share *share); /* Tells threads without work that there is some to steal now. */
} pp_share;

static inline uint32_t pp_groups_for(uint32_t slots) { return (slots + PP_GROUP_SLOTS - 1) / PP_GROUP_SLOTS; }

/* How many of `slots` slots are in group `group`. */
static inline uint32_t pp_group_slots(uint32_t slots, uint32_t group) {
  uint32_t left = slots - group * PP_GROUP_SLOTS;
  return left < PP_GROUP_SLOTS ? left : PP_GROUP_SLOTS;
}

/* Groups and slots for so many slots behind `head` bytes of something else, as one block of memory. */
static inline size_t pp_share_bytes(size_t head, uint32_t slots) {
  return head + pp_groups_for(slots) * (sizeof(pp_group) + PP_GROUP_SLOTS * sizeof(pp_slot));
}
static inline void pp_share_place(pp_share *share, void *block, size_t head, uint32_t slots) {
  share->groups = (pp_group *)(void *)((unsigned char *)block + head);
  share->slots = (pp_slot *)(void *)(share->groups + pp_groups_for(slots));
}

#endif

/* SPDX-License-Identifier: MIT */
/* share.h: the words through which the threads of one loop or prange share its iterations. A loop's record and a
 * prange's stage each hold one. */
#ifndef PP_SHARE_SHARE_H
#define PP_SHARE_SHARE_H

#include "claim/counter.h"
#include "claim/range.h"
#include "claim/slots.h"
#include "share/division.h"

/* One line pair for each slot. Its owner takes from the range once per batch and reads alert once per chunk. Thieves
 * read the range, and write alert when they found nothing to steal. */
typedef struct pp_slot {
  PP_LINE_ALIGNED pp_range range;
  pp_atomic_u32 alert; /* 1: the loop was cancelled, or a thief is hungry. */
  pp_atomic_u64 done;  /* In a stage: the units that the slot's thread has finished, told when it looks for more. */
} pp_slot;

_Static_assert(sizeof(pp_slot) == PP_CACHE_LINE, "one line pair a slot");

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

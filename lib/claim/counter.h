/* SPDX-License-Identifier: MIT */
/* counter.h: one number that all members of a loop take chunks from: guided schedules, the monotonic order, and
 * dynamic pranges of a few chunks. In pranges by range it may count the last chunk alone (share/division.h).
 *
 * Who touches it: every member of the loop, once per chunk. This is the shared line per chunk that ranges avoid; the
 * monotonic order asks for it, since each slot's chunks must rise whoever else is working, and guided can afford
 * it: T ln(n / (T c)) chunks in all.
 *
 * Invariants
 *   C1  next only grows, from 0; iterations below it and below n are claimed, each by one claim.
 *   C2  A claim that found next at n, or above it, is the last of the member's visit. A thread comes to a prange once;
 *       where it may come again, to a loop, no visit begins with a claim where next can be seen to be there.
 *   C3  next does not wrap. A compare-and-swap leaves it at n at most. An addition may carry it further, by C2 once
 *       for each thread that was about to claim: by less than 2^20 times for each of far fewer than 2^40 threads.
 *
 * Orderings: relaxed. A claim passes on no data: what bodies read came with the join (slots.h), and what they
 * wrote leaves with the leave.
 *
 * Cost: one locked operation and one line moved per chunk. A load ahead of a compare-and-swap may move the line twice,
 * and the swap may fail: chunks that are short enough for that to matter are claimed by an addition. */
#ifndef PP_CLAIM_COUNTER_H
#define PP_CLAIM_COUNTER_H

#include "platform/atomics.h"
#include "platform/cache_line.h"
#include "schedule/guided.h"

typedef struct pp_counter {
  PP_LINE_ALIGNED pp_atomic_u64 next;
} pp_counter;

enum {
  PP_COUNTER_ADDED_BITS = 20,   /* Chunks of up to so many bits' iterations are claimed by an addition, */
  PP_COUNTER_ADDED_TO_BITS = 62 /* in loops of up to so many. */
};

/* Before a visit's first claim: whether there is nothing left to claim. */
static inline bool pp_counter_is_used_up(const pp_counter *counter, uint64_t count) {
  return pp_load_relaxed(&counter->next) >= count;
}

/* Whether they are claimed by an addition. */
static inline bool pp_counter_adds(uint64_t count, uint64_t chunk) {
  return chunk >> PP_COUNTER_ADDED_BITS == 0 && count >> PP_COUNTER_ADDED_TO_BITS == 0;
}

/* By an addition alone: where the claimed chunk begins. At n or above it the claim has found nothing. */
static inline uint64_t pp_counter_pass(pp_counter *counter, uint64_t chunk) {
  return pp_add_relaxed(&counter->next, chunk);
}

static inline uint64_t pp_counter_add(pp_counter *counter, uint64_t count, uint64_t chunk, uint64_t *first) {
  uint64_t next = pp_counter_pass(counter, chunk);
  if (next >= count) return 0;
  *first = next;
  return chunk < count - next ? chunk : count - next;
}

/* Claims min(chunk, what is left) iterations from *first on; 0: none left. */
static inline uint64_t pp_counter_take(pp_counter *counter, uint64_t count, uint64_t chunk, uint64_t *first) {
  uint64_t next;
  if (pp_counter_adds(count, chunk)) return pp_counter_add(counter, count, chunk, first);
  next = pp_load_relaxed(&counter->next);
  while (next < count) {
    uint64_t taken = chunk < count - next ? chunk : count - next;
    if (pp_cas_relaxed(&counter->next, &next, next + taken)) {
      *first = next;
      return taken;
    }
  }
  return 0;
}

/* The same with the guided schedule's chunk. */
static inline uint64_t pp_counter_take_guided(pp_counter *counter, uint64_t count, uint64_t slots, uint64_t chunk,
                                              uint64_t *first) {
  uint64_t next = pp_load_relaxed(&counter->next);
  while (next < count) {
    uint64_t taken = pp_guided_chunk(count - next, slots, chunk);
    if (pp_cas_relaxed(&counter->next, &next, next + taken)) {
      *first = next;
      return taken;
    }
  }
  return 0;
}

#endif

/* SPDX-License-Identifier: MIT */
/* counter.h: one number that all members of a loop take chunks from: guided schedules and the monotonic order.
 *
 * Who touches it: every member of the loop, once per chunk. This is the shared line per chunk that ranges avoid; the
 * monotonic order asks for it, since each slot's chunks must rise whoever else is working, and guided can afford
 * it: T ln(n / (T c)) chunks in all.
 *
 * Invariants
 *   C1  next only grows, from 0 to n; iterations below it are claimed, each by one claim.
 *   C2  A claim that found next at n is the member's last.
 *
 * Orderings: relaxed. A claim passes on no data: what bodies read came with the join (slots.h), and what they
 * wrote leaves with the leave. Cost: one locked operation and one line moved per chunk. */
#ifndef PP_CLAIM_COUNTER_H
#define PP_CLAIM_COUNTER_H

#include "platform/atomics.h"
#include "platform/cache_line.h"
#include "schedule/guided.h"

typedef struct pp_counter {
  PP_LINE_ALIGNED pp_atomic_u64 next;
} pp_counter;

/* Claims min(chunk, what is left) iterations from *first on; 0: none left. A compare-and-swap and not an addition,
 * so that next cannot run past n and wrap. */
static inline uint64_t pp_counter_take(pp_counter *counter, uint64_t count, uint64_t chunk, uint64_t *first) {
  uint64_t next = pp_load_relaxed(&counter->next);
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

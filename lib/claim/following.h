/* SPDX-License-Identifier: MIT */
/* following.h: a number of threads that follows what the system allows, and what a program has been told of it.
 *
 * Who touches it: each call that needs the number reads it; one thread in a while, which has seen that the system
 * allows another one, changes it; whoever tells the program the number notes that.
 *
 *     budget  what the system allows
 *     now     the number: the budget, or what the program was told if that is less
 *     told    what the program was told last
 *     looked  when somebody looked last
 *
 * 0 in the first three: nothing has changed yet, or nobody has asked.
 *
 * Invariants
 *   Z1  now <= told, unless nobody has asked: a program that has room for as many threads as it was told gets no more.
 *       Both are written under a lock of the callers'.
 *
 * Orderings: all relaxed. A number that is a moment old is as good, and Z1 is kept by the lock. Who asks without the
 * lock takes a number that is equal to told and to the budget, so that there is nothing to write.
 * Cost: a read of a line that is hardly ever written. */
#ifndef PP_CLAIM_FOLLOWING_H
#define PP_CLAIM_FOLLOWING_H

#include "platform/atomics.h"
#include "platform/cache_line.h"

typedef struct pp_following {
  PP_LINE_ALIGNED pp_atomic_u32 budget;
  pp_atomic_u32 now, told;
  pp_atomic_u64 looked;
} pp_following;

/* first: what it is as long as nothing has changed. */
static inline uint32_t pp_following_now(pp_following *following, uint32_t first) {
  uint32_t now = pp_load_relaxed(&following->now);
  return now != 0 ? now : first;
}

/* True for one thread after each `gap`: it is to look. */
static inline bool pp_following_is_due(pp_following *following, uint64_t time, uint64_t gap) {
  uint64_t before = pp_load_relaxed(&following->looked);
  return time - before >= gap && pp_cas_relaxed(&following->looked, &before, time);
}

static inline void pp_following_looks(pp_following *following, uint64_t time) {
  pp_store_relaxed(&following->looked, time);
}

/* The lock is held. The system allows so many; returns the number. */
static inline uint32_t pp_following_change(pp_following *following, uint32_t budget) {
  uint32_t told = pp_load_relaxed(&following->told), now = told != 0 && told < budget ? told : budget;
  pp_store_relaxed(&following->budget, budget);
  pp_store_relaxed(&following->now, now);
  return now;
}

/* Whether the program was told this number, and the system allows no more. */
static inline bool pp_following_is_told(pp_following *following, uint32_t number, uint32_t first) {
  uint32_t budget = pp_load_relaxed(&following->budget);
  return pp_load_relaxed(&following->told) == number && number == (budget != 0 ? budget : first);
}

/* The lock is held. The program asks: it may have what the system allows. Returns the number. */
static inline uint32_t pp_following_tell(pp_following *following, uint32_t first) {
  uint32_t budget = pp_load_relaxed(&following->budget);
  if (budget != 0) pp_store_relaxed(&following->now, budget);
  if (budget == 0) budget = first;
  pp_store_relaxed(&following->told, budget);
  return budget;
}

#endif

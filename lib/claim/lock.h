/* SPDX-License-Identifier: MIT */
/* lock.h: a lock that is held for some instructions, off the fast paths.
 *
 * Who touches it: any thread takes it, and that one gives it up. Who finds it held sleeps: the holder may have lost its
 * CPU to the very thread that comes, and a thread of a higher priority that only yielded would then keep it for ever.
 * (Drepper, "Futexes Are Tricky", 2011.)
 *
 *     PP_LOCK_FREE
 *     PP_LOCK_HELD
 *     PP_LOCK_AWAITED  held, and somebody sleeps or is about to
 *
 * To take it, a thread swaps PP_LOCK_FREE for PP_LOCK_HELD. If it is not free, the thread exchanges PP_LOCK_AWAITED
 * into it; if it was free by then, the thread has it. Else it sleeps as long as the word is PP_LOCK_AWAITED, and
 * exchanges again. A thread that has slept does not know whether others still do, so it holds the lock as awaited. To
 * give it up, the holder exchanges in PP_LOCK_FREE, and wakes one sleeper if it was awaited.
 *
 * Invariants
 *   M1  One thread at a time has the lock: it is taken by a change from PP_LOCK_FREE alone.
 *   M2  No lost wake: while somebody sleeps the word is PP_LOCK_AWAITED, or a wake is on its way. Only giving up
 *       changes PP_LOCK_AWAITED; it wakes one, and that one exchanges PP_LOCK_AWAITED in again before it sleeps or has
 *       the lock.
 *
 * Orderings: taking (acquire) pairs with giving up (the release half of its exchange).
 * Cost: one locked operation each to take it and to give it up, on a line that the thread before has written; where it
 * is awaited a call of the system each. */
#ifndef PP_CLAIM_LOCK_H
#define PP_CLAIM_LOCK_H

#include "platform/atomics.h"
#include "platform/park.h"

enum { PP_LOCK_FREE = 0, PP_LOCK_HELD = 1, PP_LOCK_AWAITED = 2 };

static inline void pp_lock(pp_atomic_u32 *lock) {
  uint32_t word = PP_LOCK_FREE;
  if (pp_cas_acquire(lock, &word, PP_LOCK_HELD)) return;
  while (pp_exchange_acquire(lock, PP_LOCK_AWAITED) != PP_LOCK_FREE) pp_park(lock, PP_LOCK_AWAITED);
}

static inline void pp_unlock(pp_atomic_u32 *lock) {
  if (pp_exchange_acq_rel(lock, PP_LOCK_FREE) == PP_LOCK_AWAITED) pp_unpark_one(lock);
}

#endif

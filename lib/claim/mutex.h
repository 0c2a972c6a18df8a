/* SPDX-License-Identifier: MIT */
/* mutex.h: a lock that a program holds as long as it likes, and whose word says who holds it.
 *
 * Who touches it: any thread takes it; the one that gives it up need not be the same. Holders go by numbers from 1 to
 * PP_MUTEX_HOLDER_MOST, which are the user's to choose: one for each thread, or the same for all. How a thread waits
 * is pool/mutex_wait.h's.
 *
 *     0               free
 *     2 * holder      held
 *     2 * holder + 1  held, and somebody sleeps or is about to
 *
 * To take it, a thread swaps its number for 0. If it is held, the thread may try again for a while, which changes
 * nothing. Before it sleeps it marks the word: it swaps in the odd value, unless it finds that already, or the lock
 * free. Then it sleeps as long as the word has the value that it has marked. A thread that has slept does not know
 * whether others still do, so from then on it takes the lock with the odd value. To give the lock up, the holder
 * exchanges 0 in, and wakes one sleeper if the value was odd.
 *
 * Invariants
 *   X1  One holder at a time: the lock is taken by a change from 0 alone, and marking leaves the holder's number.
 *   X2  No lost wake: while somebody sleeps, the word is odd, or one that was woken is on its way, which takes the lock
 *       with the odd value, or marks it before it sleeps again. Only giving up makes an odd word even, and that wakes
 *       one. Whoever is about to sleep as that happens finds another value than its own, and is that one.
 *   X3  A holder reads its own number in the word from taking to giving up, and nobody else reads that number there. So
 *       a thread that has a number of its own knows by a relaxed load whether it is the holder.
 *
 * lock.h's lock differs in that its users never try twice, and that it does not know its holder.
 *
 * Orderings: taking (acquire) pairs with giving up (the release half of its exchange). Marking is relaxed: it publishes
 * nothing, and the system compares the word as it puts the thread to sleep.
 * Cost: one locked operation each to take it and to give it up, on a line that the thread before has written; where
 * somebody sleeps a call of the system each. */
#ifndef PP_CLAIM_MUTEX_H
#define PP_CLAIM_MUTEX_H

#include "platform/atomics.h"
#include "platform/park.h"

enum { PP_MUTEX_FREE = 0, PP_MUTEX_AWAITED = 1 };

#define PP_MUTEX_HOLDER_MOST (UINT32_MAX / 2)

/* awaited: the thread has slept since it first wanted the lock. */
static inline bool pp_mutex_try(pp_atomic_u32 *mutex, uint32_t holder, bool awaited) {
  uint32_t word = PP_MUTEX_FREE;
  return pp_cas_acquire(mutex, &word, 2 * holder + (awaited ? PP_MUTEX_AWAITED : 0));
}

/* A look that leaves the line with whoever has written it last. */
static inline bool pp_mutex_is_free(pp_atomic_u32 *mutex) { return pp_load_relaxed(mutex) == PP_MUTEX_FREE; }

static inline bool pp_mutex_is_held_by(pp_atomic_u32 *mutex, uint32_t holder) {
  return pp_load_relaxed(mutex) / 2 == holder;
}

/* Marks a lock that is held, and says with which value to sleep; PP_MUTEX_FREE: it is free, and there is no need to. */
static inline uint32_t pp_mutex_mark(pp_atomic_u32 *mutex) {
  uint32_t word = pp_load_relaxed(mutex);
  while (word != PP_MUTEX_FREE && (word & PP_MUTEX_AWAITED) == 0) {
    if (pp_cas_relaxed(mutex, &word, word | PP_MUTEX_AWAITED)) return word | PP_MUTEX_AWAITED;
  }
  return word;
}

/* With what pp_mutex_mark has said. */
static inline void pp_mutex_sleep(pp_atomic_u32 *mutex, uint32_t marked) { pp_park(mutex, marked); }

/* Returns whether it was held. The lock may be gone as its sleeper is woken: park.h allows that. */
static inline bool pp_mutex_give_up(pp_atomic_u32 *mutex) {
  uint32_t word = pp_exchange_acq_rel(mutex, PP_MUTEX_FREE);
  if ((word & PP_MUTEX_AWAITED) != 0) pp_unpark_one(mutex);
  return word != PP_MUTEX_FREE;
}

#endif

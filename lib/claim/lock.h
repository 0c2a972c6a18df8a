/* SPDX-License-Identifier: MIT */
/* lock.h: a lock that is held for some instructions, off the fast paths. Who finds it held gives its CPU away: many
 * may come at once, on few CPUs.
 *
 * Orderings: lock exchange acquire with unlock store release. */
#ifndef PP_CLAIM_LOCK_H
#define PP_CLAIM_LOCK_H

#include <sched.h>

#include "platform/atomics.h"

static inline void pp_lock(pp_atomic_u32 *lock) {
  while (pp_exchange_acquire(lock, 1) != 0) (void)sched_yield();
}

static inline void pp_unlock(pp_atomic_u32 *lock) { pp_store_release(lock, 0); }

#endif

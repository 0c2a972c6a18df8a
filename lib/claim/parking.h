/* SPDX-License-Identifier: MIT */
/* parking.h: one thread sleeps until any of several others wakes it.
 *
 * Who touches it: its owner, the thread that sleeps, and any thread that brings what the owner waits for, or work for
 * it.
 *
 *     0  awake, or woken
 *     1  asleep, or about to be
 *
 * To fall asleep, the owner exchanges in 1, looks a last time for all that it could be woken for, and parks while the
 * word is 1. When it is up again, or found something, it exchanges in 0. To wake the owner, a thread makes its
 * change, and then exchanges in 0; if that reads 1 it unparks the owner.
 *
 * Invariants
 *   N1  No lost wake: the owner's exchange of 1 and a waker's exchange of 0 are ordered. If the waker's comes later
 *       it reads 1, and either finds the owner asleep or keeps it from falling asleep. If it comes earlier, the
 *       owner's exchange reads what the waker wrote, and its last look sees the waker's change.
 *
 * Orderings: all are exchanges acq_rel; each pairs with the next one in the word's order. The owner's 0 is not a
 * plain store, which would hide a waker's exchange from the owner's next one.
 * Cost: one locked operation for a waker, which takes the line from the owner. */
#ifndef PP_CLAIM_PARKING_H
#define PP_CLAIM_PARKING_H

#include "platform/atomics.h"
#include "platform/park.h"

typedef struct pp_parking {
  pp_atomic_u32 asleep;
} pp_parking;

/* The owner. */
static inline void pp_parking_prepare(pp_parking *parking) { (void)pp_exchange_acq_rel(&parking->asleep, 1); }
static inline void pp_parking_sleep(pp_parking *parking) { pp_park(&parking->asleep, 1); }
static inline void pp_parking_rise(pp_parking *parking) { (void)pp_exchange_acq_rel(&parking->asleep, 0); }

/* Anyone, after its change. */
static inline void pp_parking_wake(pp_parking *parking) {
  if (pp_exchange_acq_rel(&parking->asleep, 0) != 0) pp_unpark_one(&parking->asleep);
}

/* Whether the owner sleeps or is about to. */
static inline bool pp_parking_is_used(pp_parking *parking) { return pp_load_acquire(&parking->asleep) != 0; }

static inline void pp_parking_reset(pp_parking *parking) { pp_store_relaxed(&parking->asleep, 0); }

#endif

/* SPDX-License-Identifier: MIT */
/* signal.h: one thread tells others how far it has come, and they wait for it: spinning, then parked.
 *
 * Who touches it: its owner advances it; any number of threads wait. A team's arrivals at a barrier, its releases
 * and the ends of its threads' parts are such words.
 *
 *     [ epoch : 26 | nudges : 4 | canceled : 1 | sleepers : 1 ]
 *
 *     epoch     only grows (modulo 2^26; two that are compared are never 2^25 apart, see team.c)
 *     nudges    grows when there is something else to do for those who sleep: they wake to look for it
 *     canceled  whoever waits shall look whether waiting still makes sense; parked threads wake for it
 *     sleepers  threads are parked on the word, or about to be: the owner wakes them as it advances
 *
 * A waiter: polls until the epoch is there; then sets sleepers by compare-and-swap, and parks on the word as it then
 * is.
 *
 * Invariants
 *   G1  Only the owner changes the epoch.
 *   G2  No lost wake: sleepers is set in a word whose epoch the waiter found too old. The owner's exchange either
 *       comes later, and sees the bit; or came between, and the waiter's swap fails.
 *   G3  No lost cancellation: the thread that is first to cancel makes that visible elsewhere, and then sets the
 *       bit. A waiter that has gone to sleep on a word without the bit is woken by the setting. A waiter whose swap
 *       finds the bit, or finds the word of an owner whose exchange has removed it, has acquired what was made
 *       visible, and sees it in its last look.
 *   G4  Before a cancellation the bit is clear: only a cancellation sets it, once, and the words are reset before
 *       the next region (pp_team_catch_up). Setting a bit that is set would change no word, and a waiter between
 *       its last look and its sleep would sleep on.
 *
 * Orderings
 *   advance  exchange acq_rel with await (acquire): what the owner wrote before is seen; with sleep (acq_rel), G2;
 *                               with cancel, G3: its acquire half hands on what it reads
 *   await    load acquire       with advance
 *   sleep    cas acq_rel        with advance, cancel
 *   cancel   or acq_rel         with sleep and advance
 *   nudge    cas acq_rel        as cancel
 * Cost: advancing takes the line from those who poll it once; each of them fetches it once. */
#ifndef PP_CLAIM_SIGNAL_H
#define PP_CLAIM_SIGNAL_H

#include <assert.h>

#include "platform/atomics.h"
#include "platform/park.h"

#define PP_SIGNAL_SLEEPERS 1u
#define PP_SIGNAL_CANCELED 2u
#define PP_SIGNAL_NUDGE 4u
#define PP_SIGNAL_NUDGES 60u
#define PP_SIGNAL_STEP 64u /* epochs are counted in these */

typedef struct pp_signal {
  pp_atomic_u32 word;
} pp_signal;

/* Whether a word has come to the epoch `target`, a multiple of PP_SIGNAL_STEP. */
static inline bool pp_signal_is_past(uint32_t word, uint32_t target) {
  return (int32_t)((word & ~(PP_SIGNAL_STEP - 1u)) - target) >= 0;
}

static inline bool pp_signal_has(pp_signal *signal, uint32_t target) {
  return pp_signal_is_past(pp_load_acquire(&signal->word), target);
}

/* The owner. */
static inline void pp_signal_advance(pp_signal *signal, uint32_t epoch) {
  if ((pp_exchange_acq_rel(&signal->word, epoch) & PP_SIGNAL_SLEEPERS) != 0) pp_unpark_all(&signal->word);
}

/* The owner, while nobody waits. */
static inline void pp_signal_reset(pp_signal *signal, uint32_t epoch) { pp_store_relaxed(&signal->word, epoch); }

/* Makes all who are parked look again. */
static inline void pp_signal_cancel(pp_signal *signal) {
  uint32_t before = pp_or_acq_rel(&signal->word, PP_SIGNAL_CANCELED);
  assert((before & PP_SIGNAL_CANCELED) == 0); /* G4 */
  (void)before;
  pp_unpark_all(&signal->word);
}

/* Wakes all who are parked, to look for something else. (Sixteen nudges between a waiter's swap and its sleep would
 * go unnoticed.) */
static inline void pp_signal_nudge(pp_signal *signal) {
  uint32_t word = pp_load_relaxed(&signal->word), nudged;
  do {
    nudged = (word & ~PP_SIGNAL_NUDGES) | ((word + PP_SIGNAL_NUDGE) & PP_SIGNAL_NUDGES);
  } while (!pp_cas_acq_rel(&signal->word, &word, nudged));
  pp_unpark_all(&signal->word);
}

/* A waiter that has decided to sleep. True: it parks on *parked (pp_signal_park) after a last look at what else it
 * waits for; false: the target is there. */
static inline bool pp_signal_sleep(pp_signal *signal, uint32_t target, uint32_t *parked) {
  uint32_t word = pp_load_acquire(&signal->word);
  do {
    if (pp_signal_is_past(word, target)) return false;
    *parked = word | PP_SIGNAL_SLEEPERS;
  } while (!pp_cas_acq_rel(&signal->word, &word, *parked));
  return true;
}

static inline void pp_signal_park(pp_signal *signal, uint32_t parked) { pp_park(&signal->word, parked); }

#endif

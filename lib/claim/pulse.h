/* SPDX-License-Identifier: MIT */
/* pulse.h: sleeping until something changes that many threads may change, and that has no word of its own to park on.
 *
 * Who touches it: threads that are about to sleep, and threads that have changed what those wait for.
 *
 *     sleepers  how many sleep or are about to
 *     beat      grows with every wake
 *
 * A sleeper: counts itself, reads beat, looks a last time for what it waits for, parks on beat, uncounts itself. A
 * waker: makes its change, and looks at the count; if it is not 0, it lets the pulse beat and wakes all.
 *
 * Invariants
 *   P1  No lost wake: count and look are in one total order with change and look, so either the sleeper sees the
 *       change, or the waker sees the count and changes beat, before the sleeper parks or while it sleeps.
 *
 * Orderings: all seq_cst (P1). A waker reads the count by a read-modify-write: it either follows a sleeper's in the
 * count's order, and sees it, or comes before, and the sleeper's acquires the change. After a change that is itself
 * seq_cst, and where sleepers look by seq_cst loads, a load of the count will do.
 * Cost: a wake for nobody is one locked operation, or one load, on a line that is written only around sleeps. */
#ifndef PP_CLAIM_PULSE_H
#define PP_CLAIM_PULSE_H

#include "platform/atomics.h"
#include "platform/cache_line.h"
#include "platform/park.h"

typedef struct pp_pulse {
  PP_LINE_ALIGNED pp_atomic_u32 sleepers;
  pp_atomic_u32 beat;
} pp_pulse;

static inline uint32_t pp_pulse_prepare(pp_pulse *pulse) {
  (void)pp_add_seq_cst(&pulse->sleepers, 1);
  return pp_load_seq_cst(&pulse->beat);
}
static inline void pp_pulse_park(pp_pulse *pulse, uint32_t beat) { pp_park(&pulse->beat, beat); }
static inline void pp_pulse_done(pp_pulse *pulse) { (void)pp_add_seq_cst(&pulse->sleepers, UINT32_MAX); }

/* A cheap look first, for those whose change was seq_cst. */
static inline bool pp_pulse_has_sleepers(pp_pulse *pulse) { return pp_load_seq_cst(&pulse->sleepers) != 0; }

/* After any change. */
static inline void pp_pulse_wake(pp_pulse *pulse) {
  if (pp_add_seq_cst(&pulse->sleepers, 0) == 0) return;
  (void)pp_add_seq_cst(&pulse->beat, 1);
  pp_unpark_all(&pulse->beat);
}

/* The same for a change that only one sleeper can make use of, and that whoever makes use of it passes on. */
static inline void pp_pulse_wake_one(pp_pulse *pulse) {
  if (pp_add_seq_cst(&pulse->sleepers, 0) == 0) return;
  (void)pp_add_seq_cst(&pulse->beat, 1);
  pp_unpark_one(&pulse->beat);
}

#endif

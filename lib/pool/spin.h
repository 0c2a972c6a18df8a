/* SPDX-License-Identifier: MIT */
/* spin.h: spinning by time, with an eye on whether spinning is any use. */
#ifndef PP_POOL_SPIN_H
#define PP_POOL_SPIN_H

#include <sched.h>

#include "platform/atomics.h"
#include "platform/clock.h"
#include "schedule/tuning.h"

typedef struct pp_spin {
  uint64_t start, last; /* Ticks. */
  uint64_t most;        /* How long to spin. */
  uint64_t gap;         /* PP_DESCHEDULED_NS in ticks. */
  uint64_t yield;       /* PP_YIELD_NS in ticks. */
  uint64_t yielded;
  bool descheduled;
} pp_spin;

static inline pp_spin pp_spin_start(uint64_t most_ticks) {
  uint64_t now = pp_clock_ticks();
  uint64_t yield = pp_ticks_from_ns(PP_YIELD_NS), early = pp_ticks_from_ns(PP_YIELD_NS - PP_FIRST_YIELD_NS);
  pp_spin spin = {now, now, most_ticks, pp_ticks_from_ns(PP_DESCHEDULED_NS), yield, now - early, false};
  return spin;
}

/* The CPU is to be offered at the next step; not before so long. */
static inline bool pp_spin_is_to_offer(const pp_spin *spin) { return spin->last - spin->yielded >= spin->yield; }
static inline void pp_spin_put_off_offer(pp_spin *spin) { spin->yielded = spin->last; }

/* Spins for a moment. False: it is time to park. crowded: more threads wait than there are CPUs; the thread gives its
 * CPU away each time, since the thread that it waits for needs one. */
static inline bool pp_spin_on(pp_spin *spin, bool crowded) {
  uint64_t before = spin->last;
  if (crowded || pp_spin_is_to_offer(spin)) {
    (void)sched_yield();
    spin->yielded = before;
  } else {
    pp_pause();
  }
  spin->last = pp_clock_ticks();
  spin->descheduled = !crowded && spin->last - before > spin->gap;
  return !spin->descheduled && spin->last - spin->start < spin->most;
}

#endif

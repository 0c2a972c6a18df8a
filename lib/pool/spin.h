/* SPDX-License-Identifier: MIT */
/* spin.h: spinning by time, with an eye on whether spinning is any use. */
#ifndef PP_POOL_SPIN_H
#define PP_POOL_SPIN_H

#include <sched.h>

#include "platform/atomics.h"
#include "platform/clock.h"

/* Two looks at the clock this far apart in a spin loop mean that the thread was descheduled in between: the CPUs are
 * shared, and whoever is waited for may need this one. */
#define PP_DESCHEDULED_NS 50000

/* Every so often a spinner offers its CPU: the thread that it waits for may be queued behind it. Where nobody is, the
 * offer takes about 300 ns, 3 % of the time between two. */
#define PP_YIELD_NS 10000

/* The first offer of a wait comes sooner: two threads that wait for each other may have been put on one CPU. */
#define PP_FIRST_YIELD_NS 1000

typedef struct pp_wait {
  uint64_t start, last; /* ticks */
  uint64_t most;        /* how long to spin */
  uint64_t gap;         /* PP_DESCHEDULED_NS in ticks */
  uint64_t yield;       /* PP_YIELD_NS in ticks */
  uint64_t yielded;
  bool descheduled;
} pp_wait;

static inline pp_wait pp_wait_start(uint64_t spin_ticks) {
  uint64_t now = pp_clock_ticks();
  uint64_t yield = pp_ticks_from_ns(PP_YIELD_NS), early = pp_ticks_from_ns(PP_YIELD_NS - PP_FIRST_YIELD_NS);
  pp_wait wait = {now, now, spin_ticks, pp_ticks_from_ns(PP_DESCHEDULED_NS), yield, now - early, false};
  return wait;
}

/* Spins for a moment; false: time to park. */
static inline bool pp_wait_spin(pp_wait *wait) {
  uint64_t before = wait->last;
  if (before - wait->yielded >= wait->yield) {
    (void)sched_yield();
    wait->yielded = before;
  } else {
    pp_pause();
  }
  wait->last = pp_clock_ticks();
  wait->descheduled = wait->last - before > wait->gap;
  return !wait->descheduled && wait->last - wait->start < wait->most;
}

/* The same where more threads wait than there are CPUs: the others need this one. */
static inline bool pp_wait_yield(pp_wait *wait) {
  (void)sched_yield();
  wait->last = pp_clock_ticks();
  return wait->last - wait->start < wait->most;
}

static inline bool pp_wait_on(pp_wait *wait, bool crowded) {
  return crowded ? pp_wait_yield(wait) : pp_wait_spin(wait);
}

/* After pp_wait_spin said that it is time to park. */
static inline bool pp_wait_was_descheduled(const pp_wait *wait) { return wait->descheduled; }

#endif

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

/* Spins for a moment. False: it is time to park. crowded: more threads wait than there are CPUs; the thread gives its CPU away each
 * time, since the thread that it waits for needs one. */
static inline bool pp_spin_on(pp_spin *spin, bool crowded) {
  uint64_t before = spin->last;
  if (crowded || before - spin->yielded >= spin->yield) {
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

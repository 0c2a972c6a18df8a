/* SPDX-License-Identifier: MIT */
/* probe.h: what a call of a body costs beside its iterations, found out by three calls.
 *
 * A thread that is about to run a batch in pieces makes the first three of them a few units, many, and a few again, and
 * looks at the clock after each. The few and the many tell how long a unit takes; what is left of a short call is what
 * the call costs. Of the two short calls the shorter one counts: the other one may have been held up. Where iterations
 * grow longer or shorter from one to the next that makes the cost too low, and not too high.
 *
 * One probe may still be wrong: a call that was held up, or that had other iterations than its neighbours. So the cost
 * becomes more, or less, where two probes after each other say so. The very first one is believed: it comes when
 * nothing is known. Nothing costs more than a whole call took.
 *
 * Who touches it: one thread. Cost: three readings of the clock a probe, in one batch of PP_PROBED_BATCHES. */
#ifndef PP_SHARE_PROBE_H
#define PP_SHARE_PROBE_H

#include <stdbool.h>
#include <stdint.h>

/* What a call costs, as far as it was found out, in ticks. */
typedef struct pp_call_cost {
  uint64_t known;  /* 0: nothing is known, or it costs nothing. */
  uint64_t latest; /* By the latest probe; UINT64_MAX: there was none so far. */
} pp_call_cost;

enum { PP_PROBE_CALLS = 3 };

typedef struct pp_probe {
  uint32_t running; /* Which of the calls runs, from 1 on; 0: there is no probe under way. */
  uint32_t few, many;
  uint32_t from;  /* The unit that the call begins at. */
  uint64_t since; /* When it began, in ticks. */
  uint64_t ticks[PP_PROBE_CALLS];
} pp_probe;

/* Plans one for a batch of `length` units that would come in pieces of `piece`. False: the batch is too short for calls
 * that are not much shorter than such a piece; where that does not matter (wanted), it is too short for any. */
bool pp_probe_plan(pp_probe *probe, uint32_t length, uint32_t piece, bool wanted);

/* The first call begins, at unit `from`. */
static inline void pp_probe_start(pp_probe *probe, uint32_t from, uint64_t now) {
  probe->running = 1;
  probe->from = from;
  probe->since = now;
}

/* Units in the call that runs. */
static inline uint32_t pp_probe_units(const pp_probe *probe) { return probe->running == 2 ? probe->many : probe->few; }

/* The call has ended before unit `next`, and the next one begins. Nothing comes of a probe whose call was shorter than
 * planned. True: that was the last one, and *cost is what they tell. */
bool pp_probe_step(pp_probe *probe, uint32_t next, uint64_t now, uint64_t *cost);

/* A probe tells this. False: it is far from what is known, and another one should tell whether that is right. */
bool pp_call_cost_learn(pp_call_cost *call, uint64_t cost);

/* A call took so many ticks in all. */
static inline void pp_call_cost_bound(pp_call_cost *call, uint64_t ticks) {
  if (call->known > ticks) call->known = call->latest = ticks;
}

#endif

/* SPDX-License-Identifier: MIT */
/* await.h: a team's thread waits for another one's signal. Meanwhile it takes part in loops that were begun inside
 * the region, and in tasks that have to end before the wait can. */
#ifndef PP_TEAM_AWAIT_H
#define PP_TEAM_AWAIT_H

#include "platform/cpuset.h"
#include "team/team.h"

/* Waits for the signal to come to the target. awaited: the seat whose it is; NULL: it is the release of the thread's
 * own home. stubborn: a cancellation changes nothing. False: the region was cancelled. */
bool pp_await_slowly(pp_seat *seat, pp_signal *signal, uint32_t target, pp_seat *awaited, bool stubborn);

/* The thread tells on which CPU it is, for those that wait for it: as it begins and ends a part, comes to a barrier,
 * and waits. About 2 ns. */
static inline void pp_seat_tell_cpu(pp_seat *seat) { pp_store_relaxed(&seat->cpu, pp_cpuset_mark()); }

static inline bool pp_await(pp_seat *seat, pp_signal *signal, uint32_t target, pp_seat *awaited, bool stubborn) {
  return pp_signal_has(signal, target) || pp_await_slowly(seat, signal, target, awaited, stubborn);
}

#endif

/* SPDX-License-Identifier: MIT */
/* barrier.h: all threads of a team wait for each other; and the steps of that, for constructs in which values travel
 * with the arrivals. */
#ifndef PP_TEAM_BARRIER_H
#define PP_TEAM_BARRIER_H

#include "team/team.h"

/* A barrier of the whole team. False: the region was cancelled. Does nothing in a team of one. */
bool pp_seat_barrier(pp_seat *seat);

/* Its steps, in teams of more than eight: waits for the children below the thread in the tree to arrive, and calls
 * action, if there is one, for each, in thread order; arrives; waits for the release and hands it on. */
typedef void pp_child_action(pp_seat *child, void *arg);
bool pp_seat_gather_each(pp_seat *seat, pp_child_action *action, void *arg);
void pp_seat_arrive(pp_seat *seat);
bool pp_seat_release(pp_seat *seat);

/* Parts of barriers, in teams of up to eight. Both wait, and return false where the region was cancelled: until all
 * others have arrived at the barrier of this epoch; until thread 0 has arrived at the thread's latest one. */
bool pp_seat_await_others(pp_seat *seat, uint32_t epoch);
bool pp_seat_await_first(pp_seat *seat);

/* Counts a barrier at which the thread does not arrive by itself: thread 0 alone arrives at it, or arrives at it
 * and at the next one in one go. */
static inline void pp_seat_count(pp_seat *seat) { seat->epoch += PP_SIGNAL_STEP; }

#endif

/* SPDX-License-Identifier: MIT */
/* barrier.h: all threads of a team wait for each other; and the steps of that, for constructs in which values travel
 * with the arrivals. */
#ifndef PP_TEAM_BARRIER_H
#define PP_TEAM_BARRIER_H

#include "platform/race_checker.h"
#include "platform/shared.h"
#include "team/pair.h"

/* A barrier of the whole team. False: the region was cancelled. Does nothing in a team of one. */
bool pp_seat_barrier(pp_seat *seat) PP_SHARED;

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

/* For race checkers: the edge from a thread's arrival at the barrier of this epoch to those who have seen it. A thread
 * may be at the next barrier, or where barriers come in pairs one further, while another one has yet to acquire this
 * edge: so it comes back after four barriers. The same for the releases in a tree, by their own signal. */
static inline const void *pp_signal_edge(const pp_signal *signal, uint32_t epoch) {
  return (const char *)&signal->word + epoch / PP_SIGNAL_STEP % 4;
}
static inline const void *pp_arrival_edge(const pp_seat *seat, uint32_t thread, uint32_t epoch) {
  return pp_signal_edge(pp_team_arrival(seat->team, thread, seat->head.size), epoch);
}

/* Counts a barrier at which the thread does not arrive by itself: thread 0 alone arrives at it, or arrives at it
 * and at the next one in one go. */
static inline void pp_seat_count(pp_seat *seat) { seat->epoch += PP_SIGNAL_STEP; }

#endif

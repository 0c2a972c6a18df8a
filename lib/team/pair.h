/* SPDX-License-Identifier: MIT */
/* pair.h: where the threads of a team tell each other things, and why that differs in a team of two.
 *
 * Two threads that write two lines, each polled by the other, move four lines for each meeting: a line goes to its
 * reader, and comes back to be written. Two threads that write into one line move it twice. So the words of a team of
 * two lie together: the arrivals and the singles with seat 1, the end of thread 1's part with the start, in node (0,
 * 0). It takes a third of the time of two lines at a barrier, and a region's start and end are one round trip
 * (docs/performance.md). In larger teams each thread writes a line of its own. Everything that treats two threads in
 * another way is here. */
#ifndef PP_TEAM_PAIR_H
#define PP_TEAM_PAIR_H

#include "team/team.h"

/* Where a thread tells the end of its part. Nothing of a seat is read but that: its thread writes the rest. */
static inline pp_signal *pp_team_end(pp_team *team, uint32_t thread, uint32_t threads) {
  return threads == 2 ? &team->nodes[0][0].end : &team->seats[thread].end;
}

/* Where a thread tells its arrival at a barrier. */
static inline pp_signal *pp_team_arrival(pp_team *team, uint32_t thread, uint32_t threads) {
  return threads == 2 && thread == 0 ? &team->seats[1].partner : &team->seats[thread].arrival;
}

/* Where thread 0 tells what it found out about a reduction's result: in its arrival's line. */
static inline bool *pp_team_shared(pp_team *team, uint32_t threads) {
  return &team->seats[threads == 2 ? 1 : 0].shared;
}

/* Where the team counts the singles that it has given. */
static inline pp_atomic_u64 *pp_team_singles(pp_team *team, uint32_t threads) {
  return threads == 2 ? &team->seats[1].pair_singles : &team->singles;
}

/* Whether it pays to look at a word before trying to change it. Of two threads each mostly finds the line at the
 * other, and a look would only take it once more. */
static inline bool pp_team_looks_first(uint32_t threads) { return threads != 2; }

/* Whether it pays to ask for the others' lines while this thread's own is on its way: one's own is the others', too. */
static inline bool pp_team_has_other_lines(uint32_t threads) { return threads > 2; }

/* Before a region of another size than the one before: the words of both kinds of teams have the caller's epochs. */
static inline void pp_pair_reset(pp_team *team) {
  pp_signal_reset(&team->nodes[0][0].end, team->epoch * PP_SIGNAL_STEP);
  pp_signal_reset(&team->seats[1].end, team->epoch * PP_SIGNAL_STEP);
  pp_signal_reset(&team->seats[0].arrival, team->seats[0].epoch);
  pp_signal_reset(&team->seats[1].partner, team->seats[0].epoch);
}

#endif

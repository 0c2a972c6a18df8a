/* SPDX-License-Identifier: MIT */
/* single.h: giving out singles and sections. A thread that knows of a cancellation is the callers' to see to, and so
 * is a team of one, where it is not said otherwise.
 *
 * Cost: a single is one locked operation; in teams of more than two one load, and for who gets it one locked
 * operation. A thread that was late looks at the team's line once for all those that it has missed. A section is one
 * locked operation. */
#ifndef PP_TEAM_SINGLE_H
#define PP_TEAM_SINGLE_H

#include "team/pair.h"

/* Whether the thread is the first to come to its next single. The team counts the singles that it has given, the
 * thread those that it has met. Where the team's number is not the thread's own it is more. Then somebody else was
 * first at all singles below that number, and the thread looks at the line again when it comes to that one. */
static inline bool pp_single_claim(pp_seat *seat) {
  uint64_t number = seat->singles++, found = number;
  pp_atomic_u64 *given = pp_team_singles(seat->team, seat->head.size);
  if (number < seat->singles_given) return false;
  if (pp_team_looks_first(seat->head.size)) found = pp_load_relaxed(given);
  if (found == number && pp_cas_relaxed(given, &found, number + 1)) return true;
  seat->singles_given = found;
  return false;
}

/* The same in a team of any size. */
static inline bool pp_single_comes_first(pp_seat *seat) { return seat->head.size == 1 || pp_single_claim(seat); }

/* The next section that the thread is to run of its present sections construct; UINT64_MAX: none. */
uint64_t pp_section_claim(pp_seat *seat);

#endif

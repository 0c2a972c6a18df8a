/* SPDX-License-Identifier: MIT */
/* single.h: giving out singles and sections. A team of one, and a thread that knows of a cancellation, are the
 * callers' to see to.
 *
 * Cost: a single is one locked operation; in teams of more than two one load, and for who gets it one locked
 * operation. A section is one locked operation. */
#ifndef PP_TEAM_SINGLE_H
#define PP_TEAM_SINGLE_H

#include "team/pair.h"

/* Whether the thread is the first to come to its next single. The team counts the singles that it has given, the
 * thread those that it has met. The team's number is the thread's own, or more: then somebody else was first. */
static inline bool pp_single_claim(pp_seat *seat) {
  uint64_t number = seat->singles++;
  pp_atomic_u64 *given = pp_team_singles(seat->team, seat->head.size);
  if (pp_team_looks_first(seat->head.size) && pp_load_relaxed(given) != number) return false;
  return pp_cas_relaxed(given, &number, number + 1);
}

/* The next section that the thread is to run of its present sections construct; UINT64_MAX: none. */
uint64_t pp_section_claim(pp_seat *seat);

#endif

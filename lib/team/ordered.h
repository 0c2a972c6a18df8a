/* SPDX-License-Identifier: MIT */
/* ordered.h: the ordered parts of a prange's iterations, in teams of more than one thread. */
#ifndef PP_TEAM_ORDERED_H
#define PP_TEAM_ORDERED_H

#include "team/team.h"

/* The ordered part of the iteration of index i begins; ends. A thread that knows that its region is cancelled waits
 * for no turn. */
void pp_ordered_begin(pp_seat *seat, int64_t i);
void pp_ordered_end(pp_seat *seat, int64_t i);

/* The thread has left its prange, or goes on to another one: perhaps by break out of an ordered part. */
void pp_ordered_leave_slowly(pp_seat *seat);
static inline void pp_ordered_leave(pp_seat *seat) {
  if (seat->turn.inside) pp_ordered_leave_slowly(seat);
}

/* The iterations of the thread's present piece that have not had their turn give it up: in pranges whose iterations may
 * leave their ordered part out. */
void pp_ordered_pass_rest(pp_seat *seat);

#endif

/* SPDX-License-Identifier: MIT */
/* turns.h: finding the turns (claim/turns.h) of a prange with ordered parts, in the team's chain. */
#ifndef PP_TEAM_TURNS_H
#define PP_TEAM_TURNS_H

#include "team/team.h"

/* The turns of the thread's present prange; NULL: no memory. */
pp_turns *pp_team_turns(pp_seat *seat);

/* Wakes all who sleep for a turn, after a cancellation has been made visible. */
void pp_team_wake_turns(pp_team *team);

#endif

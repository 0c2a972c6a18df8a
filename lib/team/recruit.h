/* SPDX-License-Identifier: MIT */
/* recruit.h: finding threads for the seats of a team. */
#ifndef PP_TEAM_RECRUIT_H
#define PP_TEAM_RECRUIT_H

#include "team/lead.h"
#include "team/team.h"

/* Makes the lead's team fit for `threads`, recruiting threads as needed. Returns how many it has, at most `threads`;
 * at least 1, and with 1 there need not be a team. */
uint32_t pp_team_fit(pp_lead *lead, uint32_t threads);

/* An idle extra worker wants to end; the pool's lock is held. True: its seat is vacant from now on. */
bool pp_team_leave(struct pp_worker *worker);

/* Gives a seat whose thread is busy with something foreign to a new thread, if the system gives one, which runs the
 * present region, of this epoch, under it. */
void pp_seat_substitute(pp_seat *seat, uint32_t epoch);

#endif

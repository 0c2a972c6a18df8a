/* SPDX-License-Identifier: MIT */
/* cancel.h: cancelling a region. Whether one is cancelled is asked in team.h. */
#ifndef PP_TEAM_CANCEL_H
#define PP_TEAM_CANCEL_H

#include "team/team.h"

/* Cancels the region of the seat's team with a status that is not 0: lets go all who wait in it, or will. */
void pp_seat_cancel(pp_seat *seat, int status);

#endif

/* SPDX-License-Identifier: MIT */
/* ordered.h: what a prange has to do with its ordered parts. */
#ifndef PP_API_ORDERED_H
#define PP_API_ORDERED_H

#include "team/team.h"

/* The iterations of the thread's present piece that have not had their turn give it up: in pranges whose iterations may
 * leave their ordered part out. */
void pp_ordered_pass_rest(ppar_team *seat);

#endif

/* SPDX-License-Identifier: MIT */
/* single.h: giving out singles and sections. A team of one, and a thread that knows of a cancellation, are the callers' to see to.
 *
 * Cost: a single is one locked operation; in teams of more than two one load, and for who gets it one locked operation. A section is
 * one locked operation. */
#ifndef PP_TEAM_SINGLE_H
#define PP_TEAM_SINGLE_H

#include "team/team.h"

/* Whether the thread is the first to come to its next single. */
bool pp_single_claim(pp_seat *seat);

/* The next section that the thread is to run of its present sections construct; UINT64_MAX: none. */
uint64_t pp_section_claim(pp_seat *seat);

#endif

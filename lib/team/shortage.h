/* SPDX-License-Identifier: MIT */
/* shortage.h: the system gives a region fewer threads than it asks for. A program may count on all of them: its threads
 * may wait for each other, each by a loop of its own. So it is told, on stderr, once a process. */
#ifndef PP_TEAM_SHORTAGE_H
#define PP_TEAM_SHORTAGE_H

#include "pool/pool.h"

/* A region has `found` of the threads that it asks for. Nothing is told where the system did not refuse any: the pool
 * has as many threads as it may have, or is about to end. has_lead: there was memory for what a region begins with. */
void pp_shortage_tell(const ppar_pool *pool, bool has_lead, uint32_t found, uint32_t asked) __attribute__((cold));

#endif

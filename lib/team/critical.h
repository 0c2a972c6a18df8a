/* SPDX-License-Identifier: MIT */
/* critical.h: critical sections: one thread of the process at a time is in those of a name. */
#ifndef PP_TEAM_CRITICAL_H
#define PP_TEAM_CRITICAL_H

#include "settings/refusal.h"

struct ppar_pool;

/* NULL is a name of its own. pool: where a thread that waits helps with the holder's loops; NULL: nowhere. A thread
 * that is in the section already waits for ever, and the program is told; one that ends a section that it is not in has
 * done nothing, and is told, too. */
void pp_critical_begin(struct ppar_pool *pool, const char *name, pp_call call);
void pp_critical_end(const char *name, pp_call call);

/* The library may be about to be unloaded, and there is no other thread: the memory of all names goes. */
void pp_critical_forget(void);

#endif

/* SPDX-License-Identifier: MIT */
/* critical.h: critical sections: one thread of the process at a time is in those of a name. */
#ifndef PP_TEAM_CRITICAL_H
#define PP_TEAM_CRITICAL_H

struct ppar_pool;

/* NULL is a name of its own. pool: where a thread that waits helps with the holder's loops; NULL: nowhere. */
void pp_critical_begin(struct ppar_pool *pool, const char *name);
void pp_critical_end(const char *name);

#endif

/* SPDX-License-Identifier: MIT */
/* lead.h: what a calling thread owns on a pool to begin regions with: it leads a team, once it has begun a region of
 * more than one thread. */
#ifndef PP_TEAM_LEAD_H
#define PP_TEAM_LEAD_H

#include "pool/self.h"

struct pp_team;

typedef struct pp_lead {
  pp_owned owned;
  struct pp_team *team; /* NULL: none yet. */
  uint32_t counted;     /* Threads of its region that the pool counts (region_threads); 0: none. */
} pp_lead;

/* A lead of this thread for a region of so many threads, busy from now on. It is one that has a team, if there is
 * such a one, and of these one whose team is large enough. NULL: no memory. */
pp_lead *pp_lead_acquire(struct ppar_pool *pool, pp_self *self, uint32_t threads);

static inline void pp_lead_release(pp_lead *lead) { pp_store_release(&lead->owned.busy, 0); }

/* Regions under DYNAMIC. How many of the threads asked for other regions leave CPUs for; this one has so many; it has
 * ended. */
uint32_t pp_lead_adjust(struct ppar_pool *pool, uint32_t threads);
void pp_lead_count(pp_lead *lead, uint32_t threads);
void pp_lead_uncount(pp_lead *lead);

#endif

/* SPDX-License-Identifier: MIT */
/* region.h: the course of a region, from its caller's side and from that of the team's other threads. */
#ifndef PP_TEAM_REGION_H
#define PP_TEAM_REGION_H

#include "pool/pool.h"
#include "team/team.h"

/* Runs region(team, arg) on a team of up to `threads`, the calling thread included; returns its status. dynamic: on
 * no more than the CPUs that other regions of the pool leave free. name: the options', for people who look on. */
int pp_region_run(ppar_pool *pool, ppar_region *region, void *arg, uint32_t threads, bool dynamic, const char *name);

/* For a worker: whether a region has started in its seat since it last looked. Then pp_region_serve is to be
 * called. */
bool pp_region_is_called(pp_worker *worker);

/* For a worker that is called: runs its part of the region. */
void pp_region_serve(pp_worker *worker);

/* For a worker between regions: if a substitute has been given its seat, it leaves the seat. Only the worker itself
 * does that, so that no other team takes the worker as long as it may still come to a region there. */
void pp_region_stand_up(pp_worker *worker);

#endif

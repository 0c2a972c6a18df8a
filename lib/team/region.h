/* SPDX-License-Identifier: MIT */
/* region.h: the course of a region, from its caller's side and from a member's. */
#ifndef PP_TEAM_REGION_H
#define PP_TEAM_REGION_H

#include "pool/pool.h"
#include "team/team.h"

/* Runs region(team, arg) on a team of up to `threads`, the calling thread included; returns its status. dynamic: on no more
 * than the CPUs that other regions of the pool leave free. */
int pp_region_run(ppar_pool *pool, ppar_region *region, void *arg, uint32_t threads, bool dynamic);

/* A worker: whether a region that it is in has started since it last looked; it is then to be served. */
bool pp_region_is_called(pp_worker *worker);

/* A worker that is called: runs its part. */
void pp_region_serve(pp_worker *worker);

/* A worker between regions: leaves a seat that a substitute has. Nobody else takes it from there: it may have been on its way
 * to the region, and no other team must count on it meanwhile. */
void pp_region_stand_up(pp_worker *worker);

#endif

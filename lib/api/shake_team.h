/* SPDX-License-Identifier: MIT */
/* shake_team.h: regions and pranges under PPAR_SHAKE. All T threads are there, and each has the iterations that the
 * schedule gives it. A prange's body sees single iterations, and nobody sees how many of them a thread is given at
 * once: so runs are short, and threads begin them together. What all threads of a team must agree on, the schedule of
 * an auto prange, follows from numbers that all of them know. Iterations come in the order that they always have: any
 * of them may have an ordered part. */
#ifndef PP_API_SHAKE_TEAM_H
#define PP_API_SHAKE_TEAM_H

#include <ppar/team.h>

#include "team/region.h"
#include "team/seat.h"

/* As pp_region_run does. */
int pp_shake_region(ppar_pool *pool, ppar_region *region, void *arg, uint32_t threads, uint32_t how, const char *name);

/* A prange of a team of several threads begins, and seat->head.pranges counts it. Chooses how the calling thread gets
 * its iterations. Returns the schedule, which is the one asked for unless that is auto. */
ppar_schedule pp_shake_prange(pp_seat *seat, uint64_t count, const ppar_options *options);

/* The thread is about to have the piece: shortens it. Returns where it ended. */
uint64_t pp_shake_piece(pp_seat *seat, pp_piece *piece);

#endif

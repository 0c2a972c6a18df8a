/* SPDX-License-Identifier: MIT */
/* team.h: regions as they are begun by whoever has found their threads: recorded and shaken where that is on. */
#ifndef PP_API_TEAM_H
#define PP_API_TEAM_H

#include <ppar/team.h>

#include "platform/shared.h"

/* What a region is begun with. */
typedef struct pp_team_call {
  ppar_pool *pool;
  ppar_region *region;
  void *arg;
  const char *name;        /* NULL: none */
  uint32_t asked, threads; /* how many were asked for, and how many of these may be */
  bool dynamic;            /* fewer, where other regions use the CPUs */
  bool binds;              /* its threads bind themselves to places */
  bool wraps;              /* arg is a pp_wrapped (team/region.h) */
} pp_team_call;

/* Runs the region; place: where in the program it is begun. Returns its status. */
int pp_team_run(const pp_team_call *call, const void *place) PP_SHARED;

/* As ppar_single, but in a cancelled region, too, the first thread that comes has it. OpenMP's threads go on there up
 * to the next cancellation point, which a single is not. */
bool pp_team_single(ppar_team *seat) PP_SHARED;

#endif

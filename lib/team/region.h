/* SPDX-License-Identifier: MIT */
/* region.h: the course of a region, from its caller's side and from that of the team's other threads. */
#ifndef PP_TEAM_REGION_H
#define PP_TEAM_REGION_H

#include "platform/shared.h"
#include "pool/pool.h"
#include "team/team.h"

/* How a region is run. */
enum {
  PP_REGION_DYNAMIC = 1, /* On no more threads than the CPUs that other regions of the pool leave free. */
  PP_REGION_BINDS = 2,   /* Its threads look themselves where they are to be bound: they need not be at home. */
  PP_REGION_WRAPS = 4    /* Its argument is a pp_wrapped. */
};

/* What an argument begins with whose region is a front end's, and calls another function. Threads that are started then
 * fetch that function's argument together with their own, and not after it. */
typedef struct pp_wrapped {
  void (*function)(void *arg);
  void *arg;
} pp_wrapped;

/* Runs region(team, arg) on a team of up to `threads`, the calling thread included; returns its status. how: of
 * PP_REGION_...; name: the options', for people who look on. */
int pp_region_run(ppar_pool *pool, ppar_region *region, void *arg, uint32_t threads, uint32_t how, const char *name);

/* Where a thread was before its part of a region. */
typedef struct pp_presence {
  pp_place saved;
  pp_seat *seat; /* the part's */
  uint32_t held; /* in a team of one: how many locks and turns the thread had */
} pp_presence;

/* A region whose calling thread is in it from one call to another. Its address is that of the thread's place in the
 * region: it stays where it is. */
typedef struct pp_open_region {
  pp_presence part;
  struct pp_lead *lead;
  uint32_t threads;
  pp_seat seat;       /* of a team of one */
  pp_meeting meeting; /* its */
} pp_open_region;

/* The same as pp_region_run in two calls, for OpenMP programs that were compiled to call the region's function
 * themselves: the others run region(team, arg), and the calling thread, whose seat is returned, is in the region until
 * pp_region_end. In between it may begin and end others. */
pp_seat *pp_region_begin(pp_open_region *open, ppar_pool *pool, ppar_region *region, void *arg, uint32_t threads,
                         uint32_t how) PP_SHARED;
int pp_region_end(pp_open_region *open) PP_SHARED;

/* For a worker: whether a region has started in its seat since it last looked. Then pp_region_serve is to be
 * called. */
bool pp_region_is_called(pp_worker *worker);

/* For a worker that is called: runs its part of the region. */
void pp_region_serve(pp_worker *worker);

/* For a worker between regions: if a substitute has been given its seat, it leaves the seat. Only the worker itself
 * does that, so that no other team takes the worker as long as it may still come to a region there. */
void pp_region_stand_up(pp_worker *worker);

#endif

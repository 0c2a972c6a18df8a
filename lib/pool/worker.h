/* SPDX-License-Identifier: MIT */
/* worker.h: a pool's own thread. Regular workers serve loops and tasks, and, once a team has recruited them, its
 * regions. Extra ones serve regions alone, and end when they have been idle for some seconds. */
#ifndef PP_POOL_WORKER_H
#define PP_POOL_WORKER_H

#include <pthread.h>

#include "claim/bell.h"
#include "pool/idle_spin.h"
#include "pool/moves.h"
#include "pool/sources.h"

struct pp_owned;
struct ppar_team;

/* How a worker paces its looks for work that may not be worth its coming (worker.c). In ticks. */
typedef struct pp_polling {
  uint64_t gap;         /* Between two looks for loops and tasks. */
  uint64_t first, most; /* The gap's limits. */
  uint64_t worth;       /* Work that takes less was not worth coming. */
  uint64_t polled;      /* The latest look. */
} pp_polling;

typedef struct pp_worker {
  PP_LINE_ALIGNED pp_sleeper sleeper;
  _Atomic(struct ppar_team *) seat; /* In a team; NULL: in none. */
  pp_atomic_u32 occupied;           /* It is in a loop or a task: nobody knows when it comes back. */
  struct ppar_pool *pool;
  pthread_t thread;
  pp_atomic_u32 system_number; /* Written as it begins; 0: it has not. */
  pp_atomic_u32 cpu;           /* Where it was when it was last woken (pp_cpuset_mark). */
  uint32_t number;             /* From 0; a regular one's preferred slot is number + 1. */
  bool extra;
  pp_atomic_u32 asked;      /* An extra one is to end, if it is idle. */
  struct pp_worker *next;   /* Of the extra ones, or of those that have ended. */
  struct pp_worker *before; /* Of those that have ended by themselves: which it joins. */

  /* The worker's own. */
  PP_LINE_ALIGNED pp_waiting waiting; /* For the pool's end. */
  pp_work_kind found;
  pp_polling polling;
  pp_idle_spin idle_spin;
  uint32_t heard;  /* The bell's epoch at its latest look for loops. */
  bool look_again; /* That look found some, so there may be more. */
  bool pending;    /* It found none, but has asked threads for some, at `begged` (ticks). */
  bool left;       /* An extra one: it has ended by itself. */
  bool aside;      /* It sleeps off the bell's stack, which wakes regular workers for loops and tasks. */
  bool stacked;    /* It has put itself on that stack, and not noticed that a ring took it off. */
  uint64_t begged;
  pp_moves moves;            /* From CPUs on which it was woken. */
  bool keen;                 /* It has just found some work, and looks for more at once. */
  struct pp_worker *instead; /* Of whom it is the substitute, until it has first run a part in the other one's seat. */
  struct ppar_team *known_seat; /* The seat that served is about. */
  uint32_t served;              /* The epoch of the latest region that it has seen there. */
  struct pp_owned *cursor;      /* Where it found a task last. */
  int home;                     /* The place that its pool binds it to; -1: to none. */
  pp_atomic_int place;          /* Where it is bound at present (home.h); its substitute reads it, too. */
} pp_worker;

void *pp_worker_main(void *worker);

/* The worker has come for less than its coming costs, or for nothing. */
void pp_worker_came_in_vain(pp_worker *worker);

/* It has come for this much work, in ticks. */
void pp_worker_came_for(pp_worker *worker, uint64_t worked);

#endif

/* SPDX-License-Identifier: MIT */
/* place.h: where in the nest of loops, regions and tasks a thread is. Whatever a thread enters saves its place and
 * restores it as a whole. */
#ifndef PP_POOL_PLACE_H
#define PP_POOL_PLACE_H

#include "pool/scope.h"

struct pp_queue;
struct ppar_pool;
struct pp_task_group;
struct ppar_team;
struct pp_omp_data;

typedef struct pp_place {
  int thread_num;              /* Of the innermost loop or region. */
  int num_threads;             /* Of the innermost loop or region; 0 outside. */
  int depth;                   /* How many loops and regions the thread is inside of. */
  int active;                  /* How many of these have more than one thread. */
  const pp_scope *scope;       /* NULL outside. */
  uint32_t held_from;          /* So many of what it holds (self.h) are around that scope, the others inside. */
  const void *frame;           /* On the stack, in a function that has not returned (left.h); NULL outside. */
  struct ppar_pool *pool;      /* Whose threads run the innermost loop, region or task with others; NULL outside. */
  struct ppar_team *seat;      /* In the innermost region's team; NULL outside, and in a loop's body. */
  int seat_thread;             /* The thread's number in that team; 0 where there is none. */
  struct pp_queue *queue;      /* The queue that it spawns tasks on (task/queue.h); NULL: its own first one. */
  struct pp_task_group *group; /* Whose task it runs; NULL: none's. */
  struct pp_omp_data *omp;     /* What OpenMP keeps of its task (gomp/data.h); NULL: nothing so far. */
} pp_place;

static inline void pp_place_sit(pp_place *place, struct ppar_team *seat, int thread) {
  place->seat = seat;
  place->seat_thread = thread;
}

#endif

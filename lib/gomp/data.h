/* SPDX-License-Identifier: MIT */
/* data.h: what OpenMP keeps for each task, implicit or explicit: its data environment.
 *
 * A thread's place (pool/place.h) has the data environment of the task that it runs. Each region gives its threads one
 * each, on their stacks (region.c). A thread outside of all regions has one that is made when it first asks, and so has
 * whoever comes to an OpenMP construct inside of a loop, region or task of ppar's own: such a place is known by its
 * frame. Nobody but the thread that runs the task writes to its data environment; what the threads of a team share is
 * in pp_omp_region. */
#ifndef PP_GOMP_DATA_H
#define PP_GOMP_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <ppar/pool.h>
#include <ppar/schedule.h>
#include <ppar/team.h>

#include "pool/self.h"
#include "team/seat.h"

struct pp_counter;
struct pp_children;
struct pp_omp_depends;
struct pp_omp_region;
struct pp_omp_shared;
struct pp_omp_taskgroup;
struct pp_omp_tasks;

/* The internal control variables of one data environment, by OpenMP's names without "-var". */
typedef struct pp_omp_icvs {
  int threads; /* nthreads; 0: as OMP_NUM_THREADS, or the CPUs, have it at each level */
  int max_active_levels;
  int thread_limit;
  int default_device;
  bool dynamic;
  ppar_bind_policy bind;       /* bind's first item; the further ones are the environment's */
  ppar_schedule schedule;      /* run-sched */
  uintptr_t default_allocator; /* def-allocator */
} pp_omp_icvs;

/* The worksharing loop or sections that an implicit task is in; none is in two. Iterations are numbered 0 ... n-1, and
 * iteration k has the index begin + k * step, modulo 2^64. */
typedef struct pp_omp_loop {
  ppar_cursor_ cursor; /* over the iterations' numbers, which begin at INT64_MIN */
  uint64_t begin, step, end;
  uint64_t first, past;          /* of the present piece */
  uint64_t at, hop;              /* the index of `past`; from there to the end of a further chunk of its size */
  ppar_train_ *train;            /* chunks that follow the present one, and that the thread begins by itself */
  struct pp_counter *counter;    /* that all threads take chunks from; NULL: pieces come by other ways */
  uint64_t count;                /* n */
  uint64_t own;                  /* iterations of an explicit task's loop, which it has not got so far: all, or none */
  const void *doacross;          /* of a loop with ordered(n): what its threads share (doacross.h) */
  uint32_t own_barrier;          /* one more than the barrier that compiled code may have before the first iteration */
  bool is_ahead;                 /* the loop that the region is has not been opened: the thread has not come to it */
  bool is_over;                  /* the thread has got the last iteration, or no more: it asks for no more */
  bool ordered;                  /* it has ordered parts */
  bool in_turn;                  /* the present piece has had its turn */
  ppar_sections_state_ sections; /* of sections, of which there are `count` */
  uint64_t chunk, last;          /* iterations in each, at most n; the last one of all begins here or behind it */
  const uint32_t *canceled;      /* beside the counter: not 0 where the region was cancelled */
} pp_omp_loop;

typedef struct pp_omp_data {
  struct pp_omp_data *parent; /* Of the task that this one was created by, where it cannot end before; else NULL. */

  /* What an explicit task begins with as its parent has it. */
  const pp_omp_icvs *icvs;            /* Its own, or those that it began with. */
  ppar_team *seat;                    /* In the team of the innermost region; NULL: there is none. */
  struct pp_omp_region *region;       /* That region; NULL: there is none, or ppar_parallel has begun it. */
  struct pp_omp_taskgroup *taskgroup; /* The innermost one; NULL: none. */
  int level, active_level;            /* How many regions, and of more than one thread, it is inside of. */
  int thread_num, team_size;
  int team_num, num_teams; /* Of a league of teams; 0 and 1 outside. */
  int place;               /* Of an initial task: where its thread is bound (affinity.h). */
  uint32_t barriers;       /* That the implicit task has come to: tells constructs apart, and the tasks between them. */
  uint32_t held;           /* Locks and sections that the thread held before (holder.h). An included task's: before its
                              maker, whose it may hold. */
  bool final;

  bool explicit_task;
  bool had_loop; /* It has opened a loop or sections, which an explicit task may not. */
  bool meets;    /* It is at a barrier, and does tasks of the region meanwhile. */

  const void *frame;           /* The place that it belongs to (pool/place.h). */
  struct pp_omp_data *beneath; /* Of an explicit or initial task: the one that its thread then goes on with. */

  /* Of tasks (tasks.h). */
  struct pp_children *of;         /* The record that it counts in itself, or that of a task around it; NULL: none. */
  struct pp_children *children;   /* NULL: it has had no child that others may run. */
  struct pp_omp_depends *depends; /* NULL: none of them has had a depend clause. */
  struct pp_omp_tasks *spare;     /* What the latest region has left that it has begun; NULL: nothing. */
  uint64_t mark;                  /* What lies above it on the thread's deque are its descendants. */
  struct pp_omp_shared *shared;   /* The latest construct with memory of the team that it came to (shared.h). */

  pp_omp_icvs own;
  pp_omp_loop loop;
} pp_omp_data;

/* An explicit task that any thread may run: nobody else comes to a construct of the team's that it is at, which OpenMP
 * does not allow there. The task has such a construct to itself, so that the team's own stay whole. (Included tasks are
 * another matter: those of all threads may meet.) */
static inline bool pp_omp_is_deferred(const pp_omp_data *here) { return here->explicit_task && here->parent == NULL; }

/* What pp_omp_here does where the place has no data environment yet. */
pp_omp_data *pp_omp_make(pp_self *self);

/* The data environment of the task that the calling thread runs; NULL: it has none so far. */
static inline pp_omp_data *pp_omp_here_or_null(void) {
  pp_self *self = pp_self_get();
  pp_omp_data *here = self->place.omp;
  return here != NULL && here->frame == self->place.frame ? here : NULL;
}

/* The data environment of the task that the calling thread runs. One load of a thread-local variable, and a compare. */
static inline pp_omp_data *pp_omp_here(void) {
  pp_omp_data *here = pp_omp_here_or_null();
  return here != NULL ? here : pp_omp_make(pp_self_get());
}

/* Its internal control variables, to be changed: they are its own from here on. */
pp_omp_icvs *pp_omp_own_icvs(pp_omp_data *here);

/* A new one, of a task inside of `parent`'s. The rest is zero. */
void pp_omp_begin(pp_omp_data *data, pp_omp_data *parent);

/* An explicit task is in no loop. This is what a program that is wrong may come to without having opened one. */
static inline void pp_omp_loop_none(pp_omp_loop *loop) {
  loop->cursor.open = false;
  loop->own_barrier = 0;
  loop->is_ahead = loop->is_over = loop->ordered = loop->in_turn = false;
  loop->train = NULL;
  loop->counter = NULL;
  loop->doacross = NULL;
  loop->count = loop->own = 0;
  loop->sections.team = NULL;
}

/* That of an explicit task, but for its loop. Its own internal control variables are only
 * written when they are needed: on this path each store counts. */
static inline void pp_omp_begin_child(pp_omp_data *data, pp_omp_data *parent) {
  memcpy(&data->icvs, &parent->icvs, offsetof(pp_omp_data, final) - offsetof(pp_omp_data, icvs));
  data->parent = parent;
  data->final = parent->final;
  data->explicit_task = true;
  data->had_loop = false;
  data->meets = false;
  data->frame = NULL;
  data->of = NULL;
  data->children = NULL;
  data->depends = NULL;
  data->spare = NULL;
  data->mark = 0;
  data->shared = NULL;
}

/* Whether the next barrier may be compiled code's own. It begins loops and sections whose threads share memory, as for
 * reduction(task, ...), before it copies firstprivate variables, and where these are lastprivate or linear, too, it
 * then waits for all threads. So the first barrier in such a construct is taken for that one. */
static inline bool pp_omp_barrier_is_own(const pp_omp_data *here) {
  return here->loop.own_barrier == here->barriers + 1;
}

#endif

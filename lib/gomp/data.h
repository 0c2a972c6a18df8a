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
#include <stdint.h>

#include <ppar/pool.h>
#include <ppar/schedule.h>
#include <ppar/team.h>

#include "pool/self.h"
#include "team/seat.h"

struct pp_omp_depends;
struct pp_omp_region;
struct pp_omp_shared;
struct pp_omp_task;
struct pp_omp_taskgroup;

/* The internal control variables of one data environment, by OpenMP's names without "-var". */
typedef struct pp_omp_icvs {
  int threads; /* nthreads; 0: as OMP_NUM_THREADS, or the CPUs, have it at each level */
  int max_active_levels;
  int thread_limit;
  int default_device;
  bool dynamic;
  ppar_bind_policy bind;
  ppar_schedule schedule;      /* run-sched */
  uintptr_t default_allocator; /* def-allocator */
} pp_omp_icvs;

/* The worksharing loop or sections that an implicit task is in; none is in two. Iterations are numbered 0 ... n-1, and
 * iteration k has the index begin + k * step, modulo 2^64. */
typedef struct pp_omp_loop {
  ppar_cursor_ cursor; /* over the iterations' numbers, which begin at INT64_MIN */
  uint64_t begin, step, end;
  uint64_t count;                /* n */
  uint64_t first, past;          /* of the present piece */
  uint64_t at, hop;              /* the index of `past`; from there to the end of a further chunk of the train */
  ppar_train_ *train;            /* chunks that follow the present one, and that the thread begins by itself */
  uint64_t held;                 /* the last iterations, which the thread is to run when there are no others */
  bool is_ahead;                 /* the loop that the region is has not been opened: the thread has not come to it */
  bool holds;                    /* the last iterations may come before others */
  const void *doacross;          /* of a loop with ordered(n): what its threads share (doacross.h) */
  bool ordered;                  /* it has ordered parts */
  bool in_turn;                  /* the present piece has had its turn */
  ppar_sections_state_ sections; /* of sections, of which there are `count` */
} pp_omp_loop;

typedef struct pp_omp_data {
  struct pp_omp_data *parent; /* Of the task that this one was created by; NULL: it was there from the beginning. */
  const pp_omp_icvs *icvs;    /* Its own, or those that it began with. */
  pp_omp_icvs own;
  const void *frame;            /* The place that it belongs to (pool/place.h). */
  ppar_team *seat;              /* In the team of the innermost region; NULL: there is none. */
  struct pp_omp_region *region; /* That region; NULL: there is none, or ppar_parallel has begun it. */
  int level, active_level;      /* How many regions, and of more than one thread, it is inside of. */
  int thread_num, team_size;
  int team_num, num_teams; /* Of a league of teams; 0 and 1 outside. */
  bool explicit_task;
  bool final;
  struct pp_omp_taskgroup *taskgroup; /* The innermost one; NULL: none. */
  bool meets;                         /* It is at a barrier, and does tasks of the region meanwhile. */
  uint32_t barriers; /* That the implicit task has come to: tells constructs apart, and the tasks between them. */

  /* Of its child tasks (tasks.h); all but the counter under the region's lock. */
  pp_atomic_u32 children;                    /* That have not ended. */
  struct pp_omp_task *first_child;           /* The latest of these. */
  _Atomic(struct pp_omp_task *) ready_child; /* The first of those that can begin. */
  struct pp_omp_depends *depends;            /* NULL: none has had a depend clause. */

  pp_omp_loop loop;
  struct pp_omp_shared *shared; /* The latest construct with memory of the team that it came to (shared.h). */
} pp_omp_data;

/* What pp_omp_here does where the place has no data environment yet. */
pp_omp_data *pp_omp_make(pp_self *self);

/* The data environment of the task that the calling thread runs. One load of a thread-local variable, and a compare. */
static inline pp_omp_data *pp_omp_here(void) {
  pp_self *self = pp_self_get();
  pp_omp_data *here = self->place.omp;
  return here != NULL && here->frame == self->place.frame ? here : pp_omp_make(self);
}

/* Its internal control variables, to be changed: they are its own from here on. */
pp_omp_icvs *pp_omp_own_icvs(pp_omp_data *here);

/* A new one, of a task inside of `parent`'s. The rest is zero. */
void pp_omp_begin(pp_omp_data *data, pp_omp_data *parent);

#endif

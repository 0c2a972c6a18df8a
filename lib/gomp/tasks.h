/* SPDX-License-Identifier: MIT */
/* tasks.h: the tasks of a region that have been made and have not ended: which can begin, who runs them, who waits.
 *
 * All of a region's tasks are under one lock. One that can begin is on three lists: its parent's, its group's and the
 * region's, the one of the highest priority first. Of these the latest comes first, but in the region's list the
 * oldest: what that makes in turn is the most. A thread that waits takes from the list of what it waits for: at a
 * taskwait its own children, at the end of a group the group's tasks, and then its own children, at a barrier any.
 *
 *   X1  A task that can begin is on its three lists; whoever takes it under the lock runs it, once.
 *   X2  A task counts in its parent's `children`, its group's `unfinished` and the region's `unfinished` of its
 *       barrier until it has ended, with all that it has written: who sees the counter at 0 (acquire) sees that.
 *   X3  Tasks made between two barriers are counted apart from those after the next one (two counters, in turns): a
 *       thread may make the latter while another one still waits for the former. No thread makes tasks of the barrier
 *       after that before all have left the first.
 *   X4  A task's memory is freed by whoever ends it. A task that ends before its children has them forget it.
 *   X5  No lost wake: who makes a task ready, or ends one, writes that by seq_cst and then looks for sleepers; who
 *       sleeps is counted, by seq_cst, before its last look (claim/pulse.h, P1; pool/waiters.h for barriers).
 *
 * Cost: making and ending a task are each one passage of the lock, and an allocation. */
#ifndef PP_GOMP_TASKS_H
#define PP_GOMP_TASKS_H

#include "claim/lock.h"
#include "claim/pulse.h"
#include "gomp/taskgroup.h"

struct pp_omp_region;

enum { PP_OMP_OF_PARENT, PP_OMP_OF_GROUP, PP_OMP_OF_REGION, PP_OMP_LISTS };

/* Where a task stands in a list. */
typedef struct pp_omp_link {
  struct pp_omp_task *next, *previous;
} pp_omp_link;

typedef _Atomic(struct pp_omp_task *) pp_omp_list;

typedef struct pp_omp_task {
  pp_omp_data data;
  void (*function)(void *);
  void *arg;
  struct pp_omp_tasks *tasks;
  int priority;
  uint32_t barrier; /* which of the counters (X3) it is in */
  bool ready;
  bool copied; /* its arguments are objects that its function destroys: it runs though it is cancelled */
  bool holds;  /* its event may be fulfilled by who knows whom, and so it is one of the users of `tasks` */
  bool detached, fulfilled, ended; /* by detach: ended, its event is awaited, or the other way around */
  pp_omp_link link[PP_OMP_LISTS];
  struct pp_omp_task *older, *younger; /* its parent's other children */

  /* depend.h */
  pp_atomic_u32 pending;           /* tasks that it has to wait for */
  struct pp_omp_task **successors; /* those that wait for it */
  uint32_t successor_count, successor_room;
  struct pp_omp_depend *depend; /* its places among the tasks of an address */
  uint32_t depend_count;
} pp_omp_task;

typedef struct pp_omp_tasks {
  pp_atomic_u32 lock;
  pp_atomic_u32 users; /* the region, and threads outside of it that fulfil events */
  pp_omp_list ready;   /* the oldest one first: what it makes in turn is the most */
  pp_omp_task *latest_ready;
  pp_atomic_u32 unfinished[2];
  ppar_team *seat; /* of the thread that made the first task; the team's others have their own */
  pp_pulse pulse;
} pp_omp_tasks;

/* The region's, made at its first task. */
pp_omp_tasks *pp_omp_tasks_of(pp_omp_data *here);

/* Whether there are so many that the next one had better be run at once. */
bool pp_omp_tasks_are_many(const pp_omp_data *here);

/* A new task is the region's from here on, and `here`'s child; it begins when none is pending. */
void pp_omp_tasks_add(pp_omp_data *here, pp_omp_task *task, void **depend);

/* Wake whoever waits for what has just changed. */
void pp_omp_tasks_tell(pp_omp_tasks *tasks);

/* The task can begin. The lock is held. */
void pp_omp_tasks_push(pp_omp_task *task);

/* It has ended. */
void pp_omp_tasks_end_task(pp_omp_task *task);

/* What a task leaves behind as it ends, its memory being about to go: its children have no parent. */
void pp_omp_tasks_leave_children(pp_omp_data *data);

/* Wait for all children, for all tasks of a group, for the counter of another wait to come to 0, and for the tasks made
 * before the barrier of this number. */
void pp_omp_tasks_await_children(pp_omp_data *here);
void pp_omp_tasks_await_group(pp_omp_data *here, pp_omp_taskgroup *group);
void pp_omp_tasks_await_counter(pp_omp_data *here, pp_atomic_u32 *counter);
void pp_omp_tasks_await(pp_omp_data *here, uint32_t barrier);

/* Runs one of the task's children that can begin. False: there is none. */
bool pp_omp_tasks_run_child(pp_omp_data *here);

/* The event of a detached task is fulfilled, by any thread. */
void pp_omp_tasks_fulfill(pp_omp_task *task);

/* A thread begins its part of a region; ends it; the region's caller, when all have. */
void pp_omp_tasks_enter(ppar_team *seat);
void pp_omp_tasks_leave(pp_omp_data *here);
void pp_omp_tasks_end(struct pp_omp_region *region);

#endif

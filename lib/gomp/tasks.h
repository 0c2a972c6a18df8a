/* SPDX-License-Identifier: MIT */
/* tasks.h: the tasks of a region that have been made and have not ended: who runs them, who waits.
 *
 * A task that can begin lies on the deque of the thread that has made it (task/lane.h), or that has ended the last task
 * which it depends on. Those with a priority, those that threads have made ready which are none of the region's, and
 * those that have lain above others when somebody was about to sleep, are in one list under a lock. A thread that waits
 * runs what is on its own deque, the newest first, and then steals the oldest of others'. At a barrier it takes any
 * task. At a taskwait, and at the end of a group, it takes descendants of its own task, or tasks of the group, alone:
 * another one could want a lock that the code around the wait holds. Where a task yields, or has made so many tasks
 * with depend clauses that more would only pile up, its thread runs one descendant, unless the task holds a lock: such
 * a task does not wait for its descendants.
 *
 *   X1  A task that can begin is on one deque, or in the list; whoever pops or steals it runs it, once.
 *   X2  What a thread has pushed since it began the task that it is in are that task's descendants: meanwhile it runs
 *       nothing else. Of an implicit task only what has been pushed since its latest barrier, at which it may have run
 *       tasks of others that were further. Tasks that have waited for one that it has just run are that one's siblings,
 *       and so descendants of whatever waits beneath.
 *   X3  A task counts in its parent's record (task/children.h), in its group, and in its thread's counts (lane.h), by
 *       turns of two barriers: a thread may make tasks while another one still waits for those before the barrier. No
 *       thread makes tasks of the barrier after that before all have left the first.
 *   X4  The tasks before a barrier have all ended when all threads have come to it and the sum of the ended ones, read
 *       first, is that of the made ones (taskgroup.h says why).
 *   X5  No lost wake. Who makes a task the oldest of a deque (claim/deque.h, D5) looks for sleepers then, and so does
 *       who ends a task on another thread than its parent's, after a locked operation. Who finds that all of a
 *       barrier's tasks have ended wakes those that sleep there: the thread that ends the last one comes to that. Who
 *       sleeps is counted, by seq_cst, before its last look (claim/pulse.h, P1; pool/waiters.h for barriers). It leaves
 *       no deque with a task on top that it may not take: nobody would be told of those that are pushed above.
 *
 * Cost: a task that its own thread runs takes two locked operations, those of its deque, and no line moves. A stolen
 * one moves the deque's, the task's own and its record's, and takes one for the theft, one for the record, one to bring
 * its block home, and one in a group. The record of a task that makes others for all threads, and the block's way home,
 * are the lines that all of them write, once for each theft. */
#ifndef PP_GOMP_TASKS_H
#define PP_GOMP_TASKS_H

#include "claim/lock.h"
#include "claim/pulse.h"
#include "gomp/taskgroup.h"
#include "task/children.h"

struct pp_omp_region;

/* A task's place among those that name an address (depend.c). */
typedef struct pp_omp_depend {
  struct pp_omp_task *task;
  struct pp_omp_depend *next, **link; /* link NULL: it is in no set any more */
} pp_omp_depend;

enum { PP_OMP_FEW_DEPENDS = 4 };

typedef struct pp_omp_task {
  pp_lane_block block;
  void (*function)(void *);
  void *arg;
  struct pp_omp_tasks *tasks;
  int priority;
  uint32_t barrier; /* which of the counts (X3) it is in */
  bool copied;      /* its arguments are objects that its function destroys: it runs though it is cancelled */
  bool holds;       /* its event may be fulfilled by who knows whom, and so it is one of the users of `tasks` */
  bool detached, fulfilled, ended; /* by detach: ended, its event is awaited, or the other way around */
  bool discarded;           /* it was cancelled before it began, and its maker may fulfil its event all the same */
  struct pp_omp_task *next; /* in the list, or among the discarded */

  /* depend.h */
  pp_atomic_u32 pending;           /* tasks that it has to wait for */
  struct pp_omp_task **successors; /* those that wait for it */
  uint32_t successor_count, successor_room;
  pp_omp_depend *depend; /* its places among the tasks of an address; NULL: it has no depend clause */
  uint32_t depend_count;

  pp_omp_data data;
  pp_omp_depend few_depends[PP_OMP_FEW_DEPENDS]; /* where a few have room, and need no memory of their own */
  struct pp_omp_task *few_successors[PP_OMP_FEW_DEPENDS];
} pp_omp_task;

/* Whether a thread has looked for tasks for a while. One that is awake says so again and again, one that sleeps does
 * not: its word stays until a task is offered. */
typedef enum pp_omp_hunger { PP_OMP_FED, PP_OMP_HUNGRY, PP_OMP_HUNGRY_ASLEEP } pp_omp_hunger;

typedef struct pp_omp_tasks {
  pp_atomic_u32 lock;
  pp_atomic_u32 users;                /* the region, and threads outside of it that fulfil events */
  _Atomic(struct pp_omp_task *) list; /* the highest priority first */
  pp_atomic_u32 listed;               /* so many there are */
  pp_omp_task *discarded;          /* under the lock; they stay as long as the region, and nobody awaits their events */
  pp_atomic_u32 busy[2];           /* one more than the latest barrier that tasks were made before */
  pp_atomic_u32 outside[2];        /* tasks that threads which are none of the region's have ended */
  pp_atomic_u32 hungry;            /* pp_omp_hunger */
  struct pp_team *team;            /* NULL: the thread is alone */
  uint32_t lanes;                  /* the region's threads */
  _Atomic(struct pp_self *) forks; /* the thread that holds the lock over a fork; NULL: none does */
  pp_pulse pulse;
  pp_lane lane[];
} pp_omp_tasks;

/* The region's, made at its first task. */
pp_omp_tasks *pp_omp_tasks_of(pp_omp_data *here);

/* The calling thread's. */
static inline pp_lane *pp_omp_lane_of(pp_omp_tasks *tasks, const pp_omp_data *here) {
  return &tasks->lane[here->thread_num];
}

/* A block for a task, with room for arguments of so many bytes; for a group. NULL: no memory. */
pp_omp_task *pp_omp_tasks_take_task(pp_omp_data *here, size_t room);
pp_omp_taskgroup *pp_omp_tasks_take_group(pp_omp_data *here);
void pp_omp_tasks_give_group(pp_omp_data *here, pp_omp_taskgroup *group);

/* A new task is the region's from here on, and `here`'s child; it begins when none is pending. */
void pp_omp_tasks_add(pp_omp_data *here, pp_omp_task *task, void **depend);

/* The task can begin: onto the thread's deque; NULL: into the list. True: sleepers are to be told (pp_omp_tasks_tell).
 * Where others may do so too, the lock is held. */
bool pp_omp_tasks_push(pp_lane *lane, pp_omp_task *task);

/* Takes one off the list, which is behind `before`, or the first; NULL: it is. The lock is held. */
void pp_omp_tasks_unlist(pp_omp_tasks *tasks, pp_omp_task *before, const pp_omp_task *task);

/* Wakes whoever waits for what has just changed. */
void pp_omp_tasks_tell(pp_omp_tasks *tasks);

/* Its function has returned, or is not to be called. */
void pp_omp_tasks_end_task(pp_omp_data *here, pp_omp_task *task);

/* What a task leaves behind as it ends: children, the addresses that they depend on, what a region has left. */
void pp_omp_tasks_leave_slowly(pp_omp_data *data);
static inline void pp_omp_tasks_leave_behind(pp_omp_data *data) {
  if (data->children != NULL || data->depends != NULL || data->spare != NULL) pp_omp_tasks_leave_slowly(data);
}

/* Gives back what the latest region has left that the task has begun. */
void pp_omp_tasks_drop_spare(pp_omp_data *data);

/* The event of a detached task is fulfilled, by any thread. */
void pp_omp_tasks_fulfill(pp_omp_task *task);

/* By any thread: the counter that a thread of the region waits for is 0. */
void pp_omp_tasks_clear_counter(pp_omp_tasks *tasks, pp_atomic_u32 *counter);

/* Whether the thread is its region's first one, has come to its end, and is in a forked child, where none of the other
 * threads is, nor what they were running. */
static inline bool pp_omp_tasks_are_left(const pp_omp_data *here) {
  return here->seat != NULL && here->seat->is_parents && here->seat->ends;
}

/* A thread begins its part of a region; ends it; the region's caller, when all have. */
void pp_omp_tasks_enter(ppar_team *seat);
void pp_omp_tasks_leave(pp_omp_data *here);
void pp_omp_tasks_end(struct pp_omp_region *region);

#endif

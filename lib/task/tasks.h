/* SPDX-License-Identifier: MIT */
/* tasks.h: groups of tasks, and the deques that tasks wait on.
 *
 * A group belongs to the thread that began it and lives where that thread put it, usually on its stack. Tasks are
 * spawned onto a deque of that thread, with others that lie inside a pp_tasks. A thread has one such for all that it
 * spawns by itself, and takes another for each task that it has stolen: all that lies on that one was begun inside the
 * stolen task, which is what a thread that waits for the task's group must know before it may take from it. They are
 * on the pool's list for as long as the pool lives, and pass from threads that have ended to others, so a thief may
 * look at one at any time.
 *
 * Who runs a task: the group's owner, as it waits; a worker of the pool that has nothing else to do; a thread that
 * waits for a group that the task is inside of. A waiter that took anything else could meet a lock that the code
 * around its wait is holding.
 *
 * Counting. `owed` is the owner's alone: the tasks that it spawned and has not run itself. Thieves add what they have
 * run to `finished`; that is the last they touch of the group. All is done when the two are equal. A spawned range
 * counts as many tasks as it has pieces, so dividing it changes no count.
 *
 * What is on a pp_tasks (activation). generation is odd while the scope is being written. A waiter that may
 * steal only inside `ancestor`
 *
 *     reads generation (even), the scope, top, bottom, generation again; and then swaps top
 *
 *   A1  While a pp_tasks is in use, all that it pushes was begun inside each address of its scope. It is empty before
 *       the scope changes.
 *   A2  If generation was the same before and after, bottom was read in a time of that scope; if entry top was there
 *       then and the swap of top succeeds, it is that same entry (deque.h, D3). So what was stolen is inside
 *       `ancestor`.
 *   A3  `ancestor` is a group that the thief waits for, so no other thing has had its address meanwhile (scope.h).
 *
 * Waking. Those who may have to be woken for a new task: workers asleep on the bell's stack, and waiters that have
 * parked. A worker goes to sleep by: swap onto the bell's stack; look at every deque; park. A waiter by: parked = 1,
 * waiters + 1; look at every deque; park. Whoever makes an entry the oldest of its deque (deque.h, D5) then reads the
 * bell and waiters, and wakes one sleeper who may take it.
 *
 *   W1  No lost wake: entry i is the oldest, and its pusher or the thief of i - 1 is about to read bell and waiters.
 *       The store that made it so, the sleeper's registration, and both sides' reads are seq_cst: either the
 *       registration is seen and the sleeper woken, or the sleeper's look comes later in the one order and finds the
 *       entry.
 *   W2  It is enough to wake one: the woken thread finds the entry or somebody took it; whoever takes it and
 *       leaves others behind wakes the next one (D5).
 *   W3  A worker that finds an entry in its last look stays awake, and on the bell's stack (bell.h, PP_AWAY).
 *   W4  A waiter is woken also when its group may be complete: it sets PP_GROUP_WAITER in `finished` and then
 *       compares; a thief's addition sees the bit, or the waiter sees the addition. The thief then wakes the
 *       owner's pp_tasks, which stays, and not the group, which may be gone.
 *
 * Orderings
 *   generation  store seq_cst / load seq_cst   the scope of an activation is seen; in a last look (W1) the latest
 *   first       store seq_cst / load seq_cst   a pp_tasks is seen whole; in a last look all of them
 *   inside      store release / load acquire   who reads a newer word then reads a newer generation
 *   finished    add acq_rel / load acquire     tasks' writes are seen after the wait
 *               or acq_rel                     W4
 *   waiters     add seq_cst / load seq_cst     W1; the addition's release half publishes parked and awaited
 *   parked      exchange acq_rel               a waker's 0 is seen with what the waker did before */
#ifndef PP_TASK_TASKS_H
#define PP_TASK_TASKS_H

#include <ppar/loop.h>
#include <ppar/task.h>

#include "claim/deque.h"
#include "platform/fp_state.h"
#include "pool/place.h"

struct ppar_pool;
struct pp_worker;

typedef struct pp_tasks {
  pp_deque deque;

  /* Written by the owner for each activation, and as it parks; read by thieves. */
  PP_LINE_ALIGNED pp_atomic_u64 generation;
  pp_atomic_u32 depth;
  pp_atomic_u32 parked; /* 1: the owner sleeps on it */
  _Atomic(const void *) inside[PP_SCOPE_DEPTH];
  _Atomic(const void *) awaited; /* the group that a parked owner waits for */
  struct pp_tasks *next;         /* on the pool's list; constant */

  /* The owner's, but for pool and busy, which ppar_pool_destroy reads. */
  PP_LINE_ALIGNED pp_self *owner;
  _Atomic(struct ppar_pool *) pool; /* NULL: the pool is gone */
  struct pp_tasks *next_owned;      /* in the owner's list, or the pool's of those without owner */
  pp_atomic_u32 busy;               /* groups are open that are not inside a stolen task */
  uint32_t open;                    /* groups begun and not waited for */
  bool stolen;                      /* in use for a stolen task */
  pp_scope scope;                   /* the same as above, for those who have a task of it */
} pp_tasks;

/* A pool's part. */
typedef struct pp_task_board {
  _Atomic(pp_tasks *) first; /* the latest; grows at the front */
  pp_atomic_u32 waiters;     /* parked */
  pp_tasks *unowned;         /* under the pool's lock */
} pp_task_board;

#define PP_GROUP_WAITER UINT64_C(1)
#define PP_GROUP_ONE UINT64_C(2)

/* ppar_task_group as it is. Only finished and status are written by others than the owner. */
typedef struct __attribute__((may_alias)) pp_task_group {
  pp_tasks *tasks;       /* NULL: not begun */
  const pp_scope *scope; /* where it was begun */
  uint64_t base;         /* none of its entries on tasks has a lower index */
  uint64_t owed;
  pp_atomic_u64 finished; /* in PP_GROUP_ONEs, modulo 2^63; and PP_GROUP_WAITER */
  pp_fp_state fp_state;
  pp_atomic_int status; /* 0: not cancelled */
  int16_t depth, active;
} pp_task_group;

_Static_assert(sizeof(pp_task_group) <= sizeof(ppar_task_group), "it fits");

/* Entries: a task is {task, arg, group}, a range {body, arg, group | PP_ENTRY_RANGE, begin, step, count,
 * size of a piece, end}. */
enum {
  PP_ENTRY_CALL,
  PP_ENTRY_ARG,
  PP_ENTRY_GROUP,
  PP_ENTRY_BEGIN,
  PP_ENTRY_STEP,
  PP_ENTRY_COUNT,
  PP_ENTRY_SIZE,
  PP_ENTRY_END
};
#define PP_ENTRY_RANGE UINT64_C(1)
#define PP_TASK_WORDS 3u

static inline pp_task_group *pp_entry_group(const pp_entry *entry) {
  return (pp_task_group *)(uintptr_t)(entry->word[PP_ENTRY_GROUP] & ~PP_ENTRY_RANGE);
}

static inline bool pp_task_group_is_canceled(pp_task_group *group) { return pp_load_acquire(&group->status) != 0; }

static inline bool pp_task_group_is_complete(pp_task_group *group) {
  return (pp_load_acquire(&group->finished) & ~PP_GROUP_WAITER) == group->owed * PP_GROUP_ONE;
}

/* --- The course of a group (tasks_group.c) ---------------------------------------------------------------------- */

/* False: no memory for a first deque. */
bool pp_task_group_begin(pp_task_group *group, struct ppar_pool *pool);

/* The owner: a task, or a range of `pieces` pieces. Runs it here if there is no memory. */
void pp_task_group_spawn(pp_task_group *group, const pp_entry *entry, uint64_t pieces);

/* The owner. Returns the group's status, and ends it. */
int pp_task_group_wait(pp_task_group *group);

void pp_task_group_cancel(pp_task_group *group, int status);

/* --- Running entries (tasks_run.c) -------------------------------------------------------------------------- */

/* Pushes an entry of the group onto the thread's deque and tells a sleeper; false: no memory. */
bool pp_tasks_push(pp_tasks *tasks, const pp_entry *entry, uint64_t *index);

/* Runs an entry whose place has been entered; what it divides off goes onto `tasks`. Returns how many tasks
 * that was. */
uint64_t pp_tasks_run(pp_tasks *tasks, pp_self *self, const pp_entry *entry);

/* Enters a task of the group on this thread, which spawns on `tasks`. */
void pp_tasks_enter(pp_self *self, pp_task_group *group, pp_tasks *tasks, const pp_scope *scope);

/* --- Stealing (tasks_steal.c) ------------------------------------------------------------------------------- */

/* A worker with nothing else to do: runs a task of anybody's; false: there was none. */
bool pp_tasks_visit(struct pp_worker *worker);

/* Whether there is a task to steal on the pool. Seq_cst: see W1. */
bool pp_tasks_are_visible(struct ppar_pool *pool);

/* A thread that waits for `ancestor`: runs a task that was begun inside it; false: there was none. `ancestor` is a
 * group, or a loop's record. */
bool pp_tasks_help(struct ppar_pool *pool, pp_self *self, const void *ancestor);

/* Sleeps until the group may be complete or there may be something to help with. heard: see waiters.h. */
void pp_tasks_park(struct ppar_pool *pool, pp_task_group *group, uint32_t heard);

/* Wakes one sleeper, if any, who may take what is on this deque; and sees to it that there are workers. */
void pp_tasks_tell(struct ppar_pool *pool, pp_tasks *from);

/* --- The life of a pp_tasks (tasks.c) ----------------------------------------------------------------------- */

/* The deque that a new group on the pool is to spawn on; NULL: no memory. */
pp_tasks *pp_tasks_for_group(struct ppar_pool *pool, pp_self *self);

/* One that is not in use, for a task about to be stolen; NULL: no memory. */
pp_tasks *pp_tasks_for_theft(struct ppar_pool *pool, pp_self *self);

/* Makes it known what it is used for (A1); tasks->scope is set, or outer is NULL and the scope empty. */
void pp_tasks_activate(pp_tasks *tasks);

/* Whether a group is open on the pool. */
bool pp_tasks_are_busy(struct ppar_pool *pool);

/* Gives a thread's to their pools, as it ends; pp_pools_lock is held. */
void pp_tasks_leave(pp_self *self);

/* Frees those of pools that are gone. */
void pp_tasks_drop_orphans(pp_self *self);

/* The pool's side. In a forked child: those of threads that are gone become unowned. */
void pp_tasks_renew(struct ppar_pool *pool);

/* At the pool's end; its threads have ended, and no group is open. */
void pp_tasks_release(struct ppar_pool *pool);

#endif

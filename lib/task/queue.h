/* SPDX-License-Identifier: MIT */
/* queue.h: queues of tasks: a deque on which a thread's spawned tasks wait, with what they are inside of.
 *
 * A group belongs to the thread that began it, which holds a handle of it, usually on its stack. Its tasks are
 * spawned onto a queue of that thread. A thread has one queue for all that it spawns by itself. It takes
 * another one for each task that it has stolen, and spawns on that what the stolen task spawns. So all that lies on
 * that queue was begun inside the stolen task, and a thread that waits for the task's group knows that it may take
 * from there. Queues are on the pool's list as long as the pool lives, and pass from threads that have ended to
 * others (pool/owned.h), so a thief may look at one at any time.
 *
 * Who runs a task: the group's owner, as it waits; a worker of the pool that has nothing else to do; a thread that
 * waits for something that the task is inside of. A waiter that took anything else could meet a lock that the code
 * around its wait is holding.
 *
 * Counting. `owed` is the owner's alone: the tasks that it spawned and has not run itself. Thieves add what they have
 * run to `finished`; that is the last they touch of the group. All is done when the two are equal. A spawned range
 * counts as many tasks as it has pieces, so dividing it changes no count. What a thief spawns into the group, from
 * inside of one of its tasks, it takes off `finished` before it pushes that: `owed` is not its own. So `finished` may
 * go below 0, modulo 2^63, and is `owed` only when nothing is left: until then the thief's own task has not been added.
 *
 * Which tasks are on a queue. When a queue comes into use it is activated: its owner writes its scope. `generation`
 * is odd as long as the scope is being written. A waiter that may steal only inside `ancestor`
 *
 *     reads generation (even), the scope, top, bottom, generation again; and then swaps top
 *
 *   A1  While a queue is in use, all that is pushed onto it was begun inside each address of its scope. It is empty
 *       before the scope changes.
 *   A2  If generation was the same before and after, bottom was read at a time of that scope. If entry top was there
 *       then and the swap of top succeeds, it is that same entry (deque.h, D3). So what was stolen is inside
 *       `ancestor`.
 *   A3  The thief waits for `ancestor`, so nothing else has had its address meanwhile (scope.h).
 *
 * Waking. Two kinds of sleepers may have to be woken for a new task: workers on the bell's stack, and threads that have
 * parked in a wait that takes tasks, for a group or for a loop's end.
 *
 *     To fall asleep, a worker swaps itself onto the bell's stack, looks at every queue, and parks. A waiting thread
 *     prepares its parking, registers with what it waits for (pool/waiters.h), adds 1 to the pool's task_waiters,
 *     looks at every queue, and parks (pool/waiting.c).
 *
 *     To tell of an entry, a thread that has made it the oldest of its queue (deque.h, D5) reads the bell and
 *     task_waiters, and wakes one sleeper who may take it (pp_tasks_tell).
 *
 *   W1  No lost wake. The store that made the entry the oldest, the sleeper's registration (on the bell's stack, or
 *       in task_waiters), and both sides' reads after them are seq_cst, so they have one order. Either the
 *       registration comes before the telling thread's read, and the sleeper is woken; or the sleeper's look comes
 *       after the store, and finds the entry.
 *   W2  It is enough to wake one. The woken thread finds the entry, or somebody has taken it; and whoever takes it
 *       and leaves others behind tells of the next one (D5).
 *   W3  A worker that finds an entry in its last look does not sleep, and is still on the bell's stack (bell.h,
 *       PP_AWAY).
 *   W4  An owner is woken also when its group may be complete: it sets PP_GROUP_WAITER in `finished` and then
 *       compares. Either a thief's addition sees the bit, or the owner sees the addition. The thief then wakes the
 *       owner's queue, which stays, and does not touch the group, which may be gone.
 *
 * Orderings
 *   generation    store seq_cst / load seq_cst   the scope of an activation is seen; in a last look (W1) the latest
 *   first         store seq_cst / load seq_cst   a queue is seen whole; in a last look all of them
 *   inside        store release / load acquire   whoever reads a newer word then reads a newer generation
 *   finished      add acq_rel / load acquire     tasks' writes are seen after the wait
 *                 or acq_rel                     W4
 *   task_waiters  add seq_cst / load seq_cst     W1; the registration comes before, under the lock of the waiters
 *   parking       see claim/parking.h */
#ifndef PP_TASK_QUEUE_H
#define PP_TASK_QUEUE_H

#include "claim/deque.h"
#include "claim/parking.h"
#include "pool/self.h"

struct ppar_pool;

typedef struct pp_queue {
  pp_deque deque;

  /* Written by the owner for each activation, and as it parks; read by thieves. */
  PP_LINE_ALIGNED pp_atomic_u64 generation;
  pp_atomic_u32 depth;
  pp_parking parking; /* The owner sleeps here. */
  _Atomic(const void *) inside[PP_SCOPE_DEPTH];

  /* The owner's, but for what owned.h says. Busy: groups are open that are not inside of a stolen task. */
  PP_LINE_ALIGNED pp_owned owned;
  uint32_t open;                       /* Groups begun and not waited for. */
  uint64_t given;                      /* Ticks: when it last gave memory back. */
  bool stolen;                         /* In use for a stolen task. */
  bool retired;                        /* Groups were left on it, whose tasks others may still run: not used again. */
  struct pp_stored_group *free_groups; /* storage.h */
  struct pp_group_block *group_blocks;
  pp_scope scope; /* The same as above, for those who have a task of it. */
} pp_queue;

static inline pp_queue *pp_queue_of(pp_owned *owned) {
  return owned != NULL ? PP_OWNER_OF(pp_queue, owned, owned) : NULL;
}

static inline struct ppar_pool *pp_queue_pool(pp_queue *queue) { return pp_load_relaxed(&queue->owned.pool); }

/* The pool's queues, the latest first. Seq_cst: see W1. */
pp_queue *pp_queue_first(struct ppar_pool *pool);
static inline pp_queue *pp_queue_next(pp_queue *queue) { return pp_queue_of(queue->owned.next); }

/* The queue that a new group on the pool is to spawn on; NULL: no memory. */
pp_queue *pp_queue_for_group(struct ppar_pool *pool, pp_self *self);

/* One that is not in use, for a task about to be stolen; NULL: no memory. */
pp_queue *pp_queue_for_theft(struct ppar_pool *pool, pp_self *self);

/* The owner, as nothing is on it any more: gives the memory back that a great many tasks have needed at once. */
void pp_queue_give_back(pp_queue *queue);
static inline void pp_queue_settle(pp_queue *queue) {
  if (pp_deque_is_larger(&queue->deque, PP_DEQUE_KEPT_SIZE)) pp_queue_give_back(queue);
}

/* Makes known what it is used for (A1); its scope is set. */
void pp_queue_activate(pp_queue *queue);

/* Whether all that is on the queue was begun inside `ancestor`, as its scope reads just now. */
bool pp_queue_is_inside(pp_queue *queue, const void *ancestor);

/* Whether there is an entry at the queue's top that can be stolen only as a task begun inside `ancestor` (A2); *top
 * is its index. */
bool pp_queue_look_inside(pp_queue *queue, const void *ancestor, uint64_t *top);

#endif

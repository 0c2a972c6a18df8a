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
 * waits for something that the task is inside of, and that cannot end before the task has (A4). A waiter that took
 * anything else could meet a lock that the code around its wait is holding.
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
 *   A4  Where `ancestor` goes on after the thief's wait, as a region does after a barrier, not all that was begun in it
 *       has to end before the wait: a group may be waited for after the barrier. So the thief reads the entry and the
 *       scope as well, and takes the entry only if its group, and each group around it inside of `ancestor`, is waited
 *       for by its owner (`awaited`), and if, after that, the thief's own wait is not over. The owner of the outermost
 *       of them is a thread of the region, which cannot come to the barrier before its group is done, and so on inward.
 *       By D3 the entry that the swap has got is the one that was read; so its group is open, these are the groups
 *       whose flags were read, and they were begun before the thief's wait was over.
 *
 * Waking. Two kinds of sleepers may have to be woken for a new task: workers on the bell's stack, and threads that have
 * parked in a wait that takes tasks: for a group, for a loop's end, at a barrier, at a prange's or a region's end.
 *
 *     To fall asleep, a worker swaps itself onto the bell's stack, looks at every queue, and parks. A waiting thread
 *     prepares its parking, registers with what it waits for (pool/waiters.h), whose mark is in the pool's task_marks
 *     from then on, looks at every queue, and parks (pool/waiting.c).
 *
 *     To tell of an entry, a thread that has made it the oldest of its queue (deque.h, D5) reads the bell and
 *     task_marks, and wakes one sleeper who may take it (pp_tasks_tell).
 *
 *   W1  No lost wake. The store that made the entry the oldest, the sleeper's registration (on the bell's stack, or
 *       in task_marks), and both sides' reads after them are seq_cst, so they have one order. Either the
 *       registration comes before the telling thread's read, and the sleeper is woken; or the sleeper's look comes
 *       after the store, and finds the entry.
 *   W2  It is enough to wake one. The woken thread finds the entry, or somebody has taken it; and whoever takes it
 *       and leaves others behind tells of the next one (D5).
 *   W3  A worker that finds an entry in its last look does not sleep, and is still on the bell's stack (bell.h,
 *       PP_AWAY).
 *   W4  An owner is woken also when its group may be complete: it sets PP_GROUP_WAITER in `finished` and then
 *       compares. Either a thief's addition sees the bit, or the owner sees the addition. The thief then wakes the
 *       owner's queue, which stays, and does not touch the group, which may be gone.
 *   W5  Who sleeps at a barrier is not woken for tasks of a group that nobody waits for yet (A4). So the owner tells of
 *       the oldest entry once more: it sets `awaited`, pops a task, which is a seq_cst exchange of bottom, and reads
 *       task_marks. Either it sees the sleeper's mark, or the sleeper's last look comes after the exchange, reads its
 *       bottom or a later one, and so sees `awaited`.
 *
 * Orderings
 *   generation    store seq_cst / load seq_cst   the scope of an activation is seen; in a last look (W1) the latest
 *   first         store seq_cst / load seq_cst   a queue is seen whole; in a last look all of them
 *   inside, ...   store release / load acquire   whoever reads a newer word then reads a newer generation
 *   finished      add acq_rel / load acquire     tasks' writes are seen after the wait
 *                 or acq_rel                     W4
 *   task_marks    store seq_cst / load seq_cst   W1; stored under the lock of the waiters
 *   marks         store relaxed / load relaxed   who reads an older scope's finds the queue empty, or has not to tell:
 *                                                its owner tells of what it pushes, and knows them
 *   awaited       store release / load acquire   A4: a thief that sees it set after the barrier then sees, as it asks
 *                                                whether its wait is over, what its owner has seen of the barrier; W5
 *                 cleared: relaxed               before the next group in the same memory pushes
 *   parking       see claim/parking.h */
#ifndef PP_TASK_QUEUE_H
#define PP_TASK_QUEUE_H

#include "claim/deque.h"
#include "claim/parking.h"
#include "pool/self.h"
#include "task/blocks.h"

struct ppar_pool;

typedef struct pp_queue {
  pp_deque deque;

  /* Written by the owner for each activation, and as it parks; read by thieves. */
  PP_LINE_ALIGNED pp_atomic_u64 generation;
  pp_atomic_u32 depth;
  pp_atomic_u32 groups;
  pp_atomic_u64 marks; /* pool/scope.h: of all that is in `inside` */
  pp_parking parking;  /* The owner sleeps here. */
  _Atomic(const void *) inside[PP_SCOPE_DEPTH];

  /* The owner's, but for what owned.h says. Busy: groups are open that are not inside of a stolen task. */
  PP_LINE_ALIGNED pp_owned owned;
  uint32_t open;          /* Groups begun and not waited for. */
  uint64_t given;         /* Ticks: when it last gave memory back. */
  bool stolen;            /* In use for a stolen task. */
  bool retired;           /* Groups were left on it, whose tasks others may still run: not used again. */
  pp_stock stored_groups; /* storage.h */
  pp_scope scope;         /* The same as above, for those who have a task of it. */
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

/* Copies the scope as it is at one moment; false: it is just being written. */
bool pp_queue_read_scope(pp_queue *queue, pp_scope *scope);

/* Whether there is an entry at the queue's top that can be stolen only as a task begun inside `ancestor` (A2); *top
 * is its index. */
bool pp_queue_look_inside(pp_queue *queue, const void *ancestor, uint64_t *top);

#endif

/* SPDX-License-Identifier: MIT */
/* waiters.h: threads that have parked in a wait, and could take part in work that is begun inside of what they wait
 * for.
 *
 * To park, a waiter sees the bell's epoch, looks for such work, and finds none. Then it registers, and parks if the
 * epoch is still the same. To post a loop inside of something, a thread rings the bell, and then wakes the registered
 * waiters that the loop is inside of.
 *
 *   V1  No lost wake: a ring and a registration are one seq_cst read-modify-write each, followed by a seq_cst load of
 *       the other. So either the waiter sees the new epoch and looks again, or the poster sees the waiter.
 *   V2  A waiter's entry is on its stack: it is reached under the pool's waiters_lock alone, and taken off under it.
 *   V3  The pool's task_marks have the mark (scope.h) of whatever somebody waits for who is registered and takes tasks.
 *       Who makes a task visible looks at these alone, unless the task may be for one of them. They are set by seq_cst
 *       before the waiter's last look (task/queue.h, W1).
 *
 * Nothing of this runs but where a thread parks, and where a nested loop is posted while one has. */
#ifndef PP_POOL_WAITERS_H
#define PP_POOL_WAITERS_H

#include "platform/shared.h"
#include "pool/scope.h"

struct ppar_pool;

typedef struct pp_waiter {
  const void *ancestor;    /* What it waits for. */
  void (*wake)(void *arg); /* Makes it look again, now or as it parks. */
  void *arg;
  bool takes_tasks, ancestor_goes_on; /* As its wait's kind says (waiting.h). */
  bool told;                          /* Of a task; it wakes, and then looks for all that there are. */
  struct pp_waiter *next, **link;
} pp_waiter;

/* The bell's epoch, to be seen before a look for work. */
uint32_t pp_waiters_listen(struct ppar_pool *pool);

/* Registers. False, and not registered: something has been posted since `heard`. */
bool pp_waiters_add(struct ppar_pool *pool, pp_waiter *waiter, uint32_t heard);
void pp_waiters_remove(struct ppar_pool *pool, pp_waiter *waiter);

/* Wakes those that wait for something that the scope is inside of, after a ring. */
void pp_waiters_tell(struct ppar_pool *pool, const pp_scope *scope) PP_SHARED;

/* There is a task for whoever suits: wakes one of those that take tasks and have not been told of one, if any does. */
typedef bool pp_waiter_suits(void *arg, const pp_waiter *waiter);
void pp_waiters_wake_one(struct ppar_pool *pool, pp_waiter_suits *suits, void *arg);

#endif

/* SPDX-License-Identifier: MIT */
/* steal.h: who takes tasks of others, and how they hear of them. The rules A1 ... and W1 ... are in queue.h. */
#ifndef PP_TASK_STEAL_H
#define PP_TASK_STEAL_H

#include "pool/pool.h"
#include "pool/sources.h"
#include "task/queue.h"

/* Tasks as work that a pool's threads look for (pool/sources.h). */
extern const pp_work_source pp_task_source;

/* Wakes one sleeper, if any, who may take what is on this queue; and sees to it that there are workers. */
void pp_tasks_tell(struct ppar_pool *pool, pp_queue *from);

/* The same without workers: pp_tasks_tell does that in the end, and the owner once it has begun to wait and has popped
 * a task, for those who take tasks of awaited groups alone (queue.h, W5). Inside of nothing it costs nothing; inside of
 * something, where nobody sleeps who may take them, one load of a line that is seldom written. */
void pp_tasks_wake_waiter(struct ppar_pool *pool, pp_queue *from);
static inline void pp_tasks_tell_waiters(struct ppar_pool *pool, pp_queue *from) {
  uint64_t marks = pp_load_relaxed(&from->marks);
  if (marks != 0 && (pp_load_seq_cst(&pool->task_marks) & marks) != 0) pp_tasks_wake_waiter(pool, from);
}

#endif

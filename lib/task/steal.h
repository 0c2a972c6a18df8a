/* SPDX-License-Identifier: MIT */
/* steal.h: who takes tasks of others, and how they hear of them. The rules A1 ... and W1 ... are in queue.h. */
#ifndef PP_TASK_STEAL_H
#define PP_TASK_STEAL_H

#include "pool/sources.h"
#include "task/queue.h"

/* Tasks as work that a pool's threads look for (pool/sources.h). */
extern const pp_work_source pp_task_source;

/* Wakes one sleeper, if any, who may take what is on this queue; and sees to it that there are workers. */
void pp_tasks_tell(struct ppar_pool *pool, pp_queue *from);

#endif

/* SPDX-License-Identifier: MIT */
/* group.h: task groups, from their owner's side. What a group counts, and who may run its tasks, is told in queue.h. */
#ifndef PP_TASK_GROUP_H
#define PP_TASK_GROUP_H

#include <ppar/task.h>

#include "platform/fp_state.h"
#include "task/queue.h"

#define PP_GROUP_WAITER UINT64_C(1)
#define PP_GROUP_ONE UINT64_C(2)

/* ppar_task_group as it is. Only finished and status are written by others than the owner. */
typedef struct __attribute__((may_alias)) pp_task_group {
  pp_queue *queue;       /* NULL: not begun. */
  const pp_scope *scope; /* Where it was begun. */
  uint64_t base;         /* None of its entries on the queue has a lower index. */
  uint64_t owed;
  pp_atomic_u64 finished; /* In PP_GROUP_ONEs, modulo 2^63; and PP_GROUP_WAITER. */
  pp_fp_state fp_state;
  pp_atomic_int status; /* 0: not cancelled. */
  int16_t depth, active;
} pp_task_group;

_Static_assert(sizeof(pp_task_group) <= sizeof(ppar_task_group), "it fits");

static inline bool pp_task_group_is_canceled(pp_task_group *group) { return pp_load_acquire(&group->status) != 0; }

static inline bool pp_task_group_is_complete(pp_task_group *group) {
  return (pp_load_acquire(&group->finished) & ~PP_GROUP_WAITER) == group->owed * PP_GROUP_ONE;
}

/* False: no memory for a first queue. */
bool pp_task_group_begin(pp_task_group *group, struct ppar_pool *pool);

/* The owner: a task, or a range of `pieces` pieces. Runs it here if there is no memory. */
void pp_task_group_spawn(pp_task_group *group, const pp_entry *entry, uint64_t pieces);

/* The owner: runs here what `owed` counts already, and nobody else has. */
void pp_task_group_run(pp_task_group *group, const pp_entry *entry);

/* The owner. Returns the group's status, and ends it. */
int pp_task_group_wait(pp_task_group *group);

void pp_task_group_cancel(pp_task_group *group, int status);

#endif

/* SPDX-License-Identifier: MIT */
/* group.h: task groups, from their owner's side. What a group counts, and who may run its tasks, is told in queue.h.
 *
 * What the program holds is a handle. The group itself is memory of the library, which stays as long as the queue does
 * that its tasks lie on (storage.h). So a program that leaves a function without waiting for its group leaves nothing
 * on the stack that a thief would come to later.
 *
 * Where there is no memory for a first queue, or for a group on it, the group is alone: it is in the handle, its tasks
 * run as they are spawned, on the owner, and there is nothing to wait for. */
#ifndef PP_TASK_GROUP_H
#define PP_TASK_GROUP_H

#include <ppar/task.h>

#include "platform/fp_state.h"
#include "task/queue.h"

#define PP_GROUP_WAITER UINT64_C(1)
#define PP_GROUP_ONE UINT64_C(2)

/* Only finished and status are written by others than the owner. Tasks that such threads spawn are taken off `finished`
 * (queue.h). */
typedef struct __attribute__((may_alias)) pp_task_group {
  pp_queue *queue; /* NULL: it is alone */
  union {
    const pp_scope *scope;  /* where it was begun */
    struct ppar_pool *pool; /* alone: whose group it is ... */
  };
  union {
    uint64_t base;        /* none of its entries on the queue has a lower index */
    struct pp_self *self; /* ... and whose thread's */
  };
  uint64_t owed;
  pp_atomic_u64 finished; /* in PP_GROUP_ONEs, modulo 2^63; and PP_GROUP_WAITER */
  pp_fp_state fp_state;
  pp_atomic_int status; /* 0: not cancelled */
  int16_t depth, active;
} pp_task_group;

/* ppar_task_group as it is: what has not been begun may be any bytes. */
typedef struct __attribute__((may_alias)) pp_group_handle {
  pp_task_group *group; /* one in the library's memory; the one below; NULL: none, or it has been waited for */
  union {
    uint64_t key; /* pp_group_key */
    int status;   /* what a group that has been waited for came to */
    pp_task_group alone;
  };
} pp_group_handle;

_Static_assert(sizeof(pp_group_handle) <= sizeof(ppar_task_group), "it fits");

/* Tells a group's address, and which of its beginnings it is (storage.h), from other bytes. */
static inline uint64_t pp_group_key(const pp_task_group *group, uint32_t number) {
  return ((uint64_t)(uintptr_t)group ^ UINT64_C(0x70706172a5f1c3d7)) + number;
}

/* The group of a handle; NULL: none. Any thread that may know of it. */
static inline pp_task_group *pp_group_of(const pp_group_handle *handle) {
  pp_task_group *group = handle->group;
  if (group == &handle->alone) return group;
  return group != NULL && handle->key - pp_group_key(group, 0) <= UINT32_MAX ? group : NULL;
}

static inline bool pp_task_group_is_canceled(pp_task_group *group) { return pp_load_acquire(&group->status) != 0; }

static inline bool pp_task_group_is_complete(pp_task_group *group) {
  return (pp_load_acquire(&group->finished) & ~PP_GROUP_WAITER) == group->owed * PP_GROUP_ONE;
}

/* name, place: for whoever looks on, and for what is told of a group that nobody waits for. */
void pp_task_group_begin(pp_group_handle *handle, struct ppar_pool *pool, const char *name, const void *place);

/* The pool that it was begun on. */
static inline struct ppar_pool *pp_task_group_pool(const pp_task_group *group) {
  return group->queue != NULL ? pp_queue_pool(group->queue) : group->pool;
}

/* The owner: a task, or a range of `pieces` pieces. Runs it here if there is no memory. */
void pp_task_group_spawn(pp_task_group *group, const pp_entry *entry, uint64_t pieces);

/* A thread other than the owner, in a task of the group (pp_group_around). */
void pp_task_group_spawn_inside(pp_task_group *group, const pp_entry *entry, uint64_t pieces);

/* The two steps of that where the task is run here: it is counted, and run. */
void pp_task_group_count_inside(pp_task_group *group, uint64_t pieces);
void pp_task_group_run_inside(pp_task_group *group, const pp_entry *entry);

/* The owner: runs here what `owed` counts already, and nobody else has. */
void pp_task_group_run(pp_task_group *group, const pp_entry *entry);

/* A thief: so many of its tasks have been run. */
void pp_task_group_count(pp_task_group *group, uint64_t run);

/* The owner. Returns the group's status, and ends it. */
int pp_task_group_wait(pp_group_handle *handle, pp_task_group *group);

void pp_task_group_cancel(pp_task_group *group, int status);

/* Tells of all open groups of a thread, on pools whose threads are checked; the process ends. Nothing is told where it
 * does so inside of a task or a body: whoever is around that may have been about to wait. */
void pp_task_groups_tell(const pp_self *self);

#endif

/* SPDX-License-Identifier: MIT */
/* storage.h: where groups live: in blocks (blocks.h) of the queue that their tasks lie on, which are freed with it. The
 * queue's owner takes and gives back; others touch a group only through entries and handles that were made while it was
 * open. */
#ifndef PP_TASK_STORAGE_H
#define PP_TASK_STORAGE_H

#include "task/group.h"
#include "trace/construct.h"

typedef struct pp_stored_group {
  PP_LINE_ALIGNED pp_block block;
  pp_task_group group;
  uint64_t last;         /* none of its entries on the queue has a higher index, if it has any there */
  uint32_t number;       /* of its beginnings and ends: odd while it is open */
  pp_atomic_u32 awaited; /* not 0: its owner waits for it (queue.h, A4) */
  const char *name;      /* the options'; NULL: none */
  const void *place;     /* where the program began it */
  pp_traced traced;      /* while tracing is on */
} pp_stored_group;

static inline pp_stored_group *pp_stored_group_of(pp_task_group *group) {
  return PP_OWNER_OF(pp_stored_group, group, group);
}

/* The owner: an entry of the group has come onto the group's queue, above all others. */
static inline void pp_group_has_pushed(pp_task_group *group, uint64_t index) {
  if (index < group->base) group->base = index;
  pp_stored_group_of(group)->last = index;
}

/* The group of a handle, if it is open and the calling thread's; NULL: it is not. */
static inline pp_task_group *pp_group_own(const pp_group_handle *handle) {
  const pp_self *self = pp_self_get();
  pp_task_group *group = pp_group_of(handle);
  if (group == NULL) return NULL;
  if (group == &handle->alone) return group->self == self ? group : NULL;
  if (handle->key != pp_group_key(group, pp_stored_group_of(group)->number)) return NULL;
  return group->queue->owned.owner == self ? group : NULL;
}

/* The group of a handle, if it is open and the calling thread, which is not its owner, runs a task of it: what that
 * spawns comes onto the queue that the thread has for the stolen task. A task of a group that was begun in there is
 * none of this one's: what it spawned here would lie among what that group's owner may run as it waits, and is not
 * waiting for. NULL: it does not. */
static inline pp_task_group *pp_group_around(const pp_group_handle *handle) {
  const pp_place *place = &pp_self_get()->place;
  pp_task_group *group = pp_group_of(handle);
  if (group == NULL || place->group != group || place->queue == NULL || !place->queue->stolen) return NULL;
  return handle->key == pp_group_key(group, pp_stored_group_of(group)->number) ? group : NULL;
}

/* A group, which is open from here on; NULL: no memory. Two loads and two stores, in lines that the owner has. */
static inline pp_stored_group *pp_storage_take(pp_queue *queue) {
  pp_block *block = pp_block_take(&queue->stored_groups);
  pp_stored_group *stored;
  if (block == NULL) {
    if (!pp_stock_grow(&queue->stored_groups, sizeof *stored, PP_GROUPS_AT_ONCE)) return NULL;
    block = pp_block_take(&queue->stored_groups);
  }
  stored = PP_OWNER_OF(pp_stored_group, block, block);
  stored->number++;
  return stored;
}

static inline void pp_storage_give_back(pp_queue *queue, pp_stored_group *stored) {
  stored->number++;
  pp_block_give(&queue->stored_groups, &stored->block);
}

/* The owner: groups that nobody will wait for any more end. Their tasks that nobody has taken are dropped; those that
 * run go on, and what these still write stays theirs, since such a group is never used again, and neither is the queue:
 * whoever runs such a task reads there what it is inside of. tells: a line for each. */
void pp_storage_abandon(pp_queue *queue, bool tells);

/* Tells of each open group of the queue. */
void pp_storage_tell(pp_queue *queue);

#endif

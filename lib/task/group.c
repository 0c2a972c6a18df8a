/* SPDX-License-Identifier: MIT */
/* group.c: a group from its owner's side.
 *
 * What moves, for an owner alone: its deque's bottom (an exchange a task to push it, one to pop it), the entry, the
 * group; all stay in its cache. */
#include "task/group.h"

#include <ppar/status.h>

#include "pool/left.h"
#include "pool/pool.h"
#include "task/run.h"
#include "task/steal.h"
#include "task/storage.h"

/* A group has little room. What more levels there are makes no difference to anybody: neither limits nor lists of the
 * environment are as long. */
static int16_t levels(int count) { return count < INT16_MAX ? (int16_t)count : INT16_MAX; }

/* What a group begins with, wherever it is. */
static void furnish(pp_task_group *group, const pp_self *self) {
  group->owed = 0;
  pp_store_relaxed(&group->finished, 0);
  group->fp_state = pp_fp_state_get();
  pp_store_relaxed(&group->status, self->place.group != NULL ? pp_load_relaxed(&self->place.group->status) : 0);
  group->depth = levels(self->place.depth);
  group->active = levels(self->place.active);
}

static __attribute__((noinline, cold)) void begin_alone(pp_group_handle *handle, struct ppar_pool *pool) {
  pp_self *self = pp_self_get();
  pp_task_group *group = &handle->alone;
  furnish(group, self);
  group->queue = NULL;
  group->pool = pool;
  group->self = self;
  handle->group = group;
}

void pp_task_group_begin(pp_group_handle *handle, struct ppar_pool *pool, const char *name, const void *place) {
  pp_self *self = pp_self_get();
  pp_queue *queue = self->place.queue;
  pp_stored_group *stored;
  pp_task_group *group;
  pp_left_check(self);
  if (queue == NULL || pp_queue_pool(queue) != pool) queue = pp_queue_for_group(pool, self);
  stored = queue != NULL ? pp_storage_take(queue) : NULL;
  if (stored == NULL) {
    begin_alone(handle, pool);
    return;
  }
  stored->name = name;
  stored->place = place;
  group = &stored->group;
  furnish(group, self);
  group->queue = queue;
  group->scope = self->place.scope;
  group->base = UINT64_MAX;
  handle->group = group;
  handle->key = pp_group_key(group, stored->number);
  if (queue->open++ == 0 && !queue->stolen) pp_store_relaxed(&queue->owned.busy, 1);
}

void pp_task_group_cancel(pp_task_group *group, int status) {
  int none = 0;
  (void)atomic_compare_exchange_strong_explicit(&group->status, &none, status != 0 ? status : PPAR_ECANCELED,
                                                memory_order_acq_rel, memory_order_relaxed);
}

void pp_task_group_spawn(pp_task_group *group, const pp_entry *entry, uint64_t pieces) {
  uint64_t index;
  group->owed += pieces; /* before anyone can run it */
  if ((entry->word[PP_ENTRY_GROUP] & PP_ENTRY_RANGE) != 0) pp_edge_release(&group->owed);
  if (group->queue != NULL && pp_entry_push(group->queue, entry, &index)) {
    pp_group_has_pushed(group, index);
  } else {
    pp_task_group_run(group, entry);
  }
}

void pp_task_group_run(pp_task_group *group, const pp_entry *entry) {
  pp_self *self = pp_self_get();
  pp_task_place place;
  uint64_t run;
  pp_task_enter(&place, self, group, group->queue, self->place.scope);
  run = pp_entry_run(group->queue, self, entry); /* which may spawn, too */
  group->owed -= run;
  pp_task_leave(&place, self);
}

/* From here on it is not the case that all have finished (before the push). It cannot have been: the thread is in a
 * task of the group that has not. */
void pp_task_group_count_inside(pp_task_group *group, uint64_t pieces) {
  (void)pp_add_acq_rel(&group->finished, 0 - pieces * PP_GROUP_ONE);
}

void pp_task_group_run_inside(pp_task_group *group, const pp_entry *entry) {
  pp_self *self = pp_self_get();
  pp_task_place place;
  uint64_t run;
  pp_task_enter(&place, self, group, self->place.queue, self->place.scope);
  run = pp_entry_run(self->place.queue, self, entry);
  pp_task_leave(&place, self);
  pp_task_group_count(group, run);
}

void pp_task_group_spawn_inside(pp_task_group *group, const pp_entry *entry, uint64_t pieces) {
  uint64_t index;
  pp_task_group_count_inside(group, pieces);
  if ((entry->word[PP_ENTRY_GROUP] & PP_ENTRY_RANGE) != 0) pp_edge_release(&group->owed);
  if (!pp_entry_push(pp_self_get()->place.queue, entry, &index)) pp_task_group_run_inside(group, entry);
}

/* Entries of other groups lie above some of this one's, as when several groups are waited for in the order of their
 * beginning, and as when a task has spawned more into its own group. What lies there are groups of this thread that are
 * open, and on a stolen task's queue the one that the task is of. This one's come to the end; the order of each kind
 * stays. */

/* Whether this one's are below all others, from `top` on. */
static bool are_oldest(const pp_task_group *group, uint64_t top, uint64_t last) {
  pp_entry entry;
  for (uint64_t index = top; index <= last; index++) {
    pp_deque_read(&group->queue->deque, index, &entry);
    if (pp_entry_group(&entry) != group) return false;
  }
  return true;
}

/* Takes this one's from the other end, as a thief would, and moves no others. Nobody has been told of what is the
 * oldest then, as after a theft (queue.h, W2). */
static void bring_oldest_up(pp_task_group *group) {
  pp_queue *queue = group->queue;
  pp_deque *deque = &queue->deque;
  pp_ring *ring = pp_load_relaxed(&deque->ring);
  uint64_t count = 0, last = pp_stored_group_of(group)->last, top, index;
  while (pp_deque_look(deque, &top) && top <= last) {
    if (pp_deque_steal(deque, top, &ring->aside[count])) count++;
  }
  if (count != 0 && pp_deque_look(deque, &top)) pp_tasks_tell(pp_queue_pool(queue), queue);
  group->base = UINT64_MAX;
  for (uint64_t k = 0; k < count; k++) {
    (void)pp_entry_push(queue, &ring->aside[k], &index); /* there is room */
    pp_group_has_pushed(group, index);
  }
}

/* This one's are anywhere: moves all that are above the lowest of them. */
static void bring_all_up(pp_task_group *group) {
  pp_deque *deque = &group->queue->deque;
  pp_ring *ring = pp_load_relaxed(&deque->ring);
  uint64_t count = 0, base = group->base, index;
  while (pp_load_relaxed(&deque->bottom) > base && pp_deque_pop(deque, &ring->aside[count])) count++;
  group->base = UINT64_MAX;
  for (int own = 0; own < 2; own++) {
    for (uint64_t k = count; k-- > 0;) {
      pp_task_group *other = pp_entry_group(&ring->aside[k]);
      if ((other == group) != (own != 0)) continue;
      (void)pp_entry_push(group->queue, &ring->aside[k], &index); /* there is room */
      if (other->queue == group->queue) pp_group_has_pushed(other, index);
    }
  }
}

/* The newest entry, which has been popped, is another group's. */
static void bring_up(pp_task_group *group, const pp_entry *newest) {
  uint64_t top, last = pp_stored_group_of(group)->last, index;
  (void)pp_entry_push(group->queue, newest, &index); /* where it has been */
  if (!pp_deque_look(&group->queue->deque, &top) || top > last) {
    group->base = UINT64_MAX; /* Thieves have taken all of this one's. */
  } else if (are_oldest(group, top, last)) {
    bring_oldest_up(group);
  } else {
    bring_all_up(group);
  }
}

/* Runs what nobody has stolen. Only what this thread has pushed for the group is at base and above, but for what
 * bring_up is for: inner groups have been waited for. */
static void run_own(pp_self *self, pp_task_group *group) {
  pp_deque *deque = &group->queue->deque;
  pp_entry entry;
  pp_task_place place;
  bool entered = false;
  uint64_t run;
  while (pp_load_relaxed(&deque->bottom) > group->base && !pp_task_group_is_complete(group)) {
    if (!pp_deque_pop(deque, &entry)) {
      group->base = UINT64_MAX;
    } else if (pp_entry_group(&entry) != group) {
      bring_up(group, &entry);
    } else {
      if (!entered) pp_tasks_tell_waiters(pp_queue_pool(group->queue), group->queue);
      if (!entered) pp_task_enter(&place, self, group, group->queue, self->place.scope);
      entered = true;
      run = pp_entry_run(group->queue, self, &entry);
      group->owed -= run;
    }
  }
  if (entered) pp_task_leave(&place, self);
}

/* --- Waiting for thieves ---------------------------------------------------------------------------------- */

typedef struct group_end {
  pp_waiting waiting;
  pp_task_group *group;
  pp_self *self;
} group_end;

static group_end *end_of(pp_waiting *waiting) { return PP_OWNER_OF(group_end, waiting, waiting); }
static pp_queue *queue_of(pp_waiting *waiting) { return end_of(waiting)->group->queue; }

/* Entries of the group are on this thread's queue: a task that ran on this thread may have spawned more. */
static bool has_own(pp_waiting *waiting) {
  const pp_task_group *group = end_of(waiting)->group;
  return pp_load_relaxed(&group->queue->deque.bottom) > group->base;
}

static bool is_over(pp_waiting *waiting) { return pp_task_group_is_complete(end_of(waiting)->group); }

static void run(pp_waiting *waiting) { run_own(end_of(waiting)->self, end_of(waiting)->group); }

/* From here on whoever finishes the group's tasks wakes its owner (W4), and so does whoever makes one visible that
 * the owner may take (W1). */
static bool prepare(pp_waiting *waiting) {
  pp_task_group *group = end_of(waiting)->group;
  pp_parking_prepare(&group->queue->parking);
  (void)pp_or_acq_rel(&group->finished, PP_GROUP_WAITER);
  return true;
}

static void sleep_on_queue(pp_waiting *waiting) { pp_parking_sleep(&queue_of(waiting)->parking); }

static void rise(pp_waiting *waiting) {
  pp_parking_rise(&queue_of(waiting)->parking);
  (void)pp_and_release(&end_of(waiting)->group->finished, ~PP_GROUP_WAITER);
}

static void wake(void *waiting) { pp_parking_wake(&queue_of(waiting)->parking); }

static const pp_wait_kind group_end_wait = {
    .is_over = is_over,
    .find = has_own,
    .run = run,
    .prepare = prepare,
    .sleep = sleep_on_queue,
    .rise = rise,
    .wake = wake,
    .size = sizeof(group_end),
    .takes_tasks = true,
};

/* Thieves have the rest: takes part in what was begun inside their tasks. It looks for that all the time: a task may
 * be short. */
static __attribute__((noinline)) void await_thieves(pp_self *self, pp_task_group *group) {
  group_end end = {
      .waiting = pp_waiting_make(&group_end_wait, pp_queue_pool(group->queue), group), .group = group, .self = self};
  end.waiting.ask_ticks = 0;
  pp_wait(&end.waiting);
}

int pp_task_group_wait(pp_group_handle *handle, pp_task_group *group) {
  pp_self *self = pp_self_get();
  pp_queue *queue = group->queue;
  int status;
  pp_left_check(self);
  if (group->owed != 0) {
    bool nested = queue != NULL && queue->scope.depth != 0;
    if (nested) pp_store_release(&pp_stored_group_of(group)->awaited, 1);
    run_own(self, group);
    if (!pp_task_group_is_complete(group)) await_thieves(self, group);
    if (nested) pp_store_relaxed(&pp_stored_group_of(group)->awaited, 0); /* for the next one in its memory */
  }
  pp_edge_acquire(&group->finished);
  status = pp_load_relaxed(&group->status);
  if (queue != NULL) {
    pp_storage_give_back(queue, pp_stored_group_of(group));
    if (--queue->open == 0 && !queue->stolen) {
      pp_queue_settle(queue);
      pp_store_release(&queue->owned.busy, 0);
    }
  }
  handle->group = NULL;
  handle->status = status;
  return status;
}

void pp_task_groups_tell(const pp_self *self) {
  if (self->place.frame != NULL) return;
  for (pp_owned *owned = self->owned[PP_OWNED_QUEUE]; owned != NULL; owned = owned->next_owned) {
    const struct ppar_pool *pool = pp_load_acquire(&owned->pool);
    if (pool != NULL && pool->checks && pp_queue_of(owned)->open != 0) pp_storage_tell(pp_queue_of(owned));
  }
}

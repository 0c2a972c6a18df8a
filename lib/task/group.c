/* SPDX-License-Identifier: MIT */
/* group.c: a group from its owner's side.
 *
 * What moves, for an owner alone: its deque's bottom (an exchange a task to push it, one to pop it), the entry, the
 * group; all stay in its cache. */
#include <ppar/status.h>

#include "pool/help.h"
#include "pool/pool.h"
#include "pool/spin.h"
#include "task/tasks.h"

bool pp_task_group_begin(pp_task_group *group, struct ppar_pool *pool) {
  pp_self *self = pp_self_get();
  pp_tasks *tasks = pp_tasks_for_group(pool, self);
  if (tasks == NULL) return false;
  group->tasks = tasks;
  group->scope = self->place.scope;
  group->base = UINT64_MAX;
  group->owed = 0;
  pp_store_relaxed(&group->finished, 0);
  group->fp_state = pp_fp_state_get();
  pp_store_relaxed(&group->status, self->place.group != NULL ? pp_load_relaxed(&self->place.group->status) : 0);
  group->depth = (int16_t)self->place.depth;
  group->active = (int16_t)self->place.active;
  if (tasks->open++ == 0 && !tasks->stolen) pp_store_relaxed(&tasks->busy, 1);
  return true;
}

void pp_task_group_cancel(pp_task_group *group, int status) {
  int none = 0;
  (void)atomic_compare_exchange_strong_explicit(&group->status, &none, status != 0 ? status : PPAR_ECANCELED,
                                                memory_order_acq_rel, memory_order_relaxed);
}

/* As the owner's own thread runs a task of the group. */
typedef struct own_place {
  pp_place saved;
  pp_fp_state fp_state;
  bool foreign; /* its floating-point control state is not the group's */
} own_place;

static void enter(own_place *own, pp_self *self, pp_task_group *group) {
  own->saved = self->place;
  own->fp_state = pp_fp_state_get();
  own->foreign = !pp_fp_state_equal(own->fp_state, group->fp_state);
  if (own->foreign) pp_fp_state_set(group->fp_state);
  pp_tasks_enter(self, group, group->tasks, self->place.scope);
}

static void leave(const own_place *own, pp_self *self) {
  if (own->foreign) pp_fp_state_set(own->fp_state);
  self->place = own->saved;
}

void pp_task_group_spawn(pp_task_group *group, const pp_entry *entry, uint64_t pieces) {
  pp_self *self = pp_self_get();
  uint64_t index, run;
  group->owed += pieces; /* before anyone can run it */
  if (pp_tasks_push(group->tasks, entry, &index)) {
    if (index < group->base) group->base = index;
  } else {
    own_place own;
    enter(&own, self, group);
    run = pp_tasks_run(group->tasks, self, entry); /* which may spawn, too */
    group->owed -= run;
    leave(&own, self);
  }
}

/* Entries of other groups lie above some of this one's, as when several futures are waited for in the order of their
 * start. Moves this one's above them; the order of each kind stays. What lies there are groups of this thread that are
 * open. */
static void bring_up(pp_task_group *group, const pp_entry *newest) {
  pp_deque *deque = &group->tasks->deque;
  pp_ring *ring = pp_load_relaxed(&deque->ring);
  uint64_t count = 0, base = UINT64_MAX, index;
  ring->aside[count++] = *newest;
  while (pp_load_relaxed(&deque->bottom) > group->base && pp_deque_pop(deque, &ring->aside[count])) count++;
  for (int own = 0; own < 2; own++) {
    for (uint64_t k = count; k-- > 0;) {
      pp_task_group *other = pp_entry_group(&ring->aside[k]);
      if ((other == group) != (own != 0)) continue;
      (void)pp_tasks_push(group->tasks, &ring->aside[k], &index); /* there is room */
      if (own != 0) {
        if (index < base) base = index;
      } else if (index < other->base) {
        other->base = index;
      }
    }
  }
  group->base = base;
}

/* Runs what nobody has stolen. Only what this thread has pushed for the group is at base and above, but for what
 * bring_up is for: inner groups have been waited for. */
static void run_own(pp_self *self, pp_task_group *group) {
  pp_deque *deque = &group->tasks->deque;
  pp_entry entry;
  own_place own;
  bool entered = false;
  uint64_t run;
  while (pp_load_relaxed(&deque->bottom) > group->base && !pp_task_group_is_complete(group)) {
    if (!pp_deque_pop(deque, &entry)) {
      group->base = UINT64_MAX;
    } else if (pp_entry_group(&entry) != group) {
      bring_up(group, &entry);
    } else {
      if (!entered) enter(&own, self, group);
      entered = true;
      run = pp_tasks_run(group->tasks, self, &entry);
      group->owed -= run;
    }
  }
  if (entered) leave(&own, self);
}

/* Thieves have the rest: takes part in what was begun inside their tasks. */
static void await_thieves(pp_self *self, pp_task_group *group) {
  struct ppar_pool *pool = pp_load_relaxed(&group->tasks->pool);
  pp_wait wait = pp_wait_start(pool->spin_ticks);
  pp_awaited awaited = {.ancestor = group};
  uint32_t heard;
  for (;;) {
    run_own(self, group); /* a task that ran on this thread may have spawned more */
    if (pp_task_group_is_complete(group)) return;
    heard = pp_waiters_listen(pool);
    if (pp_help(pool, &awaited)) {
      wait = pp_wait_start(pool->spin_ticks);
    } else if (!pp_wait_spin(&wait)) {
      pp_tasks_park(pool, group, heard);
      wait = pp_wait_start(pool->spin_ticks);
    }
  }
}

int pp_task_group_wait(pp_task_group *group) {
  pp_self *self = pp_self_get();
  pp_tasks *tasks = group->tasks;
  if (group->owed != 0) {
    run_own(self, group);
    if (!pp_task_group_is_complete(group)) await_thieves(self, group);
  }
  group->tasks = NULL;
  if (--tasks->open == 0 && !tasks->stolen) pp_store_release(&tasks->busy, 0);
  return pp_load_relaxed(&group->status);
}

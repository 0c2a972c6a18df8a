/* SPDX-License-Identifier: MIT */
/* steal.c: telling of tasks, and stealing them. */
#include "task/steal.h"

#include <errno.h>

#include "pool/pool.h"
#include "task/run.h"
#include "task/storage.h"
#include "task/theft.h"
#include "trace/spans.h"

/* --- Telling and sleeping ----------------------------------------------------------------------------------- */

static bool is_awaited(const pp_task_group *group) {
  return pp_load_acquire(&PP_OWNER_OF(const pp_stored_group, group, group)->awaited) != 0;
}

/* A4: whether the queue's oldest entry, and all groups around it inside of `ancestor`, are awaited. They were open as
 * the entry was read, or the scope; they may be former groups by then, in memory that holds groups as long as the pool
 * lives, and then the entry is gone, too. */
static bool has_to_end(pp_queue *queue, uint64_t top, const void *ancestor) {
  pp_scope scope;
  pp_entry entry;
  if (!pp_deque_peek(&queue->deque, top, &entry) || !is_awaited(pp_entry_group(&entry))) return false;
  if (!pp_queue_read_scope(queue, &scope)) return false;
  for (uint32_t d = 0; d < scope.depth && scope.inside[d] != ancestor; d++) {
    if ((scope.groups >> d & 1) != 0 && !is_awaited(scope.inside[d])) return false;
  }
  return true;
}

/* A scope that is read as it changes means that the queue was empty in between: whoever pushes next tells again. */
static bool suits(void *from, const pp_waiter *waiter) {
  pp_queue *queue = from;
  uint64_t top;
  if (!pp_queue_is_inside(queue, waiter->ancestor)) return false;
  return !waiter->ancestor_goes_on || (pp_deque_look(&queue->deque, &top) && has_to_end(queue, top, waiter->ancestor));
}

static void start_workers(struct ppar_pool *pool) {
  int saved_errno = errno;
  pp_pool_want_workers(pool, pp_load_relaxed(&pool->worker_limit));
  errno = saved_errno;
}

void pp_tasks_tell(struct ppar_pool *pool, pp_queue *from) {
  if (pp_load_relaxed(&pool->worker_goal) < pp_load_relaxed(&pool->worker_limit)) start_workers(pool);
  if (pp_bell_sleeper(pp_load_seq_cst(&pool->bell.word)) != 0 && pp_pool_wake(pool)) return;
  pp_tasks_tell_waiters(pool, from);
}

void pp_tasks_wake_waiter(struct ppar_pool *pool, pp_queue *from) { pp_waiters_wake_one(pool, suits, from); }

/* Whether the waiting thread may take the queue's oldest entry, whose index is *top, if it is still there. */
static bool may_take(pp_waiting *waiting, pp_queue *queue, uint64_t *top) {
  if (!pp_queue_look_inside(queue, waiting->ancestor, top)) return false;
  return waiting->kind->has_gone_on == NULL ||
         (has_to_end(queue, *top, waiting->ancestor) && !waiting->kind->has_gone_on(waiting));
}

static bool may_help(pp_waiting *waiting) {
  uint64_t top;
  for (pp_queue *queue = pp_queue_first(waiting->pool); queue != NULL; queue = pp_queue_next(queue)) {
    if (may_take(waiting, queue, &top)) return true;
  }
  return false;
}

/* --- Stealing ----------------------------------------------------------------------------------------------- */

/* The last that a thief touches of the group. */
void pp_task_group_count(pp_task_group *group, uint64_t run) {
  pp_queue *home = group->queue;
  pp_edge_release(&group->finished); /* What the task has done comes before the end of its group's wait. */
  if ((pp_add_acq_rel(&group->finished, run * PP_GROUP_ONE) & PP_GROUP_WAITER) != 0) pp_parking_wake(&home->parking);
}

/* Runs what was stolen; all that it begins, what it spawns into its group, and the parts of a range that nobody else
 * takes, are on `own`, which is empty again afterwards. Groups that it has left open are inside of nothing from then
 * on. */
static void run_stolen(struct ppar_pool *pool, pp_self *self, pp_queue *own, const pp_entry *entry) {
  pp_task_group *group = pp_entry_group(entry);
  pp_task_place place;
  pp_entry part;
  uint64_t run;
  own->stolen = true;
  pp_scope_enter(&own->scope, group->scope, group);
  own->scope.groups |= 1;
  pp_queue_activate(own);
  pp_task_enter(&place, self, group, own, &own->scope);
  run = pp_entry_run(own, self, entry);
  while (pp_deque_pop(&own->deque, &part)) {
    if (pp_entry_group(&part) == group) {
      run += pp_entry_run(own, self, &part);
    } else {
      pp_entry_drop(&part); /* of a group that the task has left */
    }
  }
  if (own->open != 0) pp_storage_abandon(own, pool->checks);
  pp_queue_settle(own);
  own->stolen = false;
  pp_task_leave(&place, self);
  pp_task_group_count(group, run);
}

static bool is_range(const pp_entry *entry) { return (entry->word[PP_ENTRY_GROUP] & PP_ENTRY_RANGE) != 0; }

/* Takes the victim's entry `top` and runs it. */
static bool steal(struct ppar_pool *pool, pp_self *self, pp_queue *victim, uint64_t top) {
  pp_queue *own = pp_queue_for_theft(pool, self);
  pp_entry entry;
  pp_theft theft = own != NULL ? pp_theft_take(&victim->deque, top, &entry) : PP_THEFT_LOST;
  if (theft == PP_THEFT_LOST) return false;
  pp_edge_acquire(is_range(&entry) ? (const void *)&pp_entry_group(&entry)->owed : pp_push_edge(victim, top));
  if (theft == PP_THEFT_TELL) pp_tasks_tell(pool, victim); /* W2 */
  if (pp_trace_is_on()) pp_trace_tell(PP_EVENT_STEAL, PP_TRACE_UNKNOWN, 1);
  run_stolen(pool, self, own, &entry);
  return true;
}

/* Whether there is a task to steal on the pool. Seq_cst: see W1. */
static bool is_there(pp_worker *worker) {
  uint64_t top;
  for (pp_queue *queue = pp_queue_first(worker->pool); queue != NULL; queue = pp_queue_next(queue)) {
    if (pp_deque_look(&queue->deque, &top)) return true;
  }
  return false;
}

static pp_queue *after(struct ppar_pool *pool, pp_queue *queue) {
  pp_queue *next = queue != NULL ? pp_queue_next(queue) : NULL;
  return next != NULL ? next : pp_queue_first(pool);
}

/* Runs a task of anybody's, from the queue after the one where it found the latest, so that workers spread and
 * nobody's tasks are left out. */
static bool work(pp_worker *worker) {
  struct ppar_pool *pool = worker->pool;
  pp_queue *first = after(pool, pp_queue_of(worker->cursor)), *victim = first;
  uint64_t top;
  if (victim == NULL) return false;
  do {
    if (pp_deque_look(&victim->deque, &top) && steal(pool, pp_self_get(), victim, top)) {
      worker->cursor = &victim->owned;
      return true;
    }
    victim = after(pool, victim);
  } while (victim != first);
  return false;
}

/* The wait's ancestor is a group, a loop's record, or a team. */
static bool help(pp_waiting *waiting) {
  struct ppar_pool *pool = waiting->pool;
  uint64_t top;
  for (pp_queue *victim = pp_queue_first(pool); victim != NULL; victim = pp_queue_next(victim)) {
    if (may_take(waiting, victim, &top) && steal(pool, pp_self_get(), victim, top)) return true;
  }
  return false;
}

const pp_work_source pp_task_source = {.is_there = is_there, .work = work, .help = help, .may_help = may_help};

/* SPDX-License-Identifier: MIT */
/* steal.c: who takes tasks of others, and how they hear of them. The rules A1 ... and W1 ... are in tasks.h. */
#include <errno.h>

#include "platform/park.h"
#include "pool/pool.h"
#include "task/tasks.h"

/* --- Telling and sleeping ----------------------------------------------------------------------------------- */

static void wake(pp_tasks *tasks) {
  if (pp_exchange_acq_rel(&tasks->parked, 0) != 0) pp_unpark_one(&tasks->parked);
}

/* Whether all that is on the deque was begun inside `ancestor`, as its scope reads just now. */
static bool is_inside(pp_tasks *tasks, const void *ancestor) {
  uint32_t depth = pp_load_acquire(&tasks->depth);
  for (uint32_t d = 0; d < depth; d++) {
    if (pp_load_acquire(&tasks->inside[d]) == ancestor) return true;
  }
  return false;
}

/* A scope that is read as it changes means that the deque was empty in between: whoever pushes next tells again. */
static void wake_waiter(struct ppar_pool *pool, pp_tasks *from) {
  for (pp_tasks *tasks = pp_load_acquire(&pool->tasks.first); tasks != NULL; tasks = tasks->next) {
    if (pp_load_acquire(&tasks->parked) == 0 || !is_inside(from, pp_load_relaxed(&tasks->awaited))) continue;
    wake(tasks);
    return;
  }
}

static void start_workers(struct ppar_pool *pool) {
  int saved_errno = errno;
  pp_pool_want_workers(pool, pool->worker_limit);
  errno = saved_errno;
}

void pp_tasks_tell(struct ppar_pool *pool, pp_tasks *from) {
  if (pp_load_relaxed(&pool->worker_goal) < pool->worker_limit) start_workers(pool);
  if (pp_bell_sleeper(pp_load_seq_cst(&pool->bell.word)) != 0 && pp_pool_wake(pool)) return;
  if (pp_load_seq_cst(&pool->tasks.waiters) != 0) wake_waiter(pool, from);
}

bool pp_tasks_are_visible(struct ppar_pool *pool) {
  uint64_t top;
  for (pp_tasks *tasks = pp_load_seq_cst(&pool->tasks.first); tasks != NULL; tasks = tasks->next) {
    if (pp_deque_look(&tasks->deque, &top)) return true;
  }
  return false;
}

/* --- Stealing ----------------------------------------------------------------------------------------------- */

/* Runs what was stolen; all that it begins, and the parts of a range that nobody else takes, are on `own`, which is
 * empty again afterwards. */
static void run_stolen(pp_self *self, pp_tasks *own, const pp_entry *entry) {
  pp_task_group *group = pp_entry_group(entry);
  pp_tasks *home = group->tasks;
  pp_place saved = self->place;
  pp_fp_state fp_state = pp_fp_state_get();
  bool foreign = !pp_fp_state_equal(fp_state, group->fp_state);
  pp_entry part;
  uint64_t run;
  if (foreign) pp_fp_state_set(group->fp_state);
  own->stolen = true;
  pp_scope_enter(&own->scope, group->scope, group);
  pp_tasks_activate(own);
  pp_tasks_enter(self, group, own, &own->scope);
  run = pp_tasks_run(own, self, entry);
  while (pp_deque_pop(&own->deque, &part)) run += pp_tasks_run(own, self, &part);
  own->stolen = false;
  self->place = saved;
  if (foreign) pp_fp_state_set(fp_state);
  /* The last that this thread touches of the group. */
  if ((pp_add_acq_rel(&group->finished, run * PP_GROUP_ONE) & PP_GROUP_WAITER) != 0) wake(home);
}

/* Takes the victim's entry `top` and runs it. */
static bool steal(struct ppar_pool *pool, pp_self *self, pp_tasks *victim, uint64_t top) {
  pp_tasks *own = pp_tasks_for_theft(pool, self);
  pp_entry entry;
  if (own == NULL || !pp_deque_steal(&victim->deque, top, &entry)) return false;
  if (pp_deque_look(&victim->deque, &top)) pp_tasks_tell(pool, victim); /* W2 */
  run_stolen(self, own, &entry);
  return true;
}

static pp_tasks *after(struct ppar_pool *pool, const pp_tasks *tasks) {
  return tasks != NULL && tasks->next != NULL ? tasks->next : pp_load_acquire(&pool->tasks.first);
}

/* From the one after the last victim on, so that workers spread and nobody's tasks are left out. */
bool pp_tasks_visit(struct pp_worker *worker) {
  struct ppar_pool *pool = worker->pool;
  pp_tasks *first = after(pool, worker->cursor), *victim = first;
  uint64_t top;
  if (victim == NULL) return false;
  do {
    if (pp_deque_look(&victim->deque, &top) && steal(pool, pp_self_get(), victim, top)) {
      worker->cursor = victim;
      return true;
    }
    victim = after(pool, victim);
  } while (victim != first);
  return false;
}

/* An index at the top of the victim's deque that can be stolen only as a task begun inside ancestor (A2). */
static bool look_inside(pp_tasks *victim, const void *ancestor, uint64_t *top) {
  uint64_t generation = pp_load_seq_cst(&victim->generation);
  return (generation & 1) == 0 && is_inside(victim, ancestor) && pp_deque_look(&victim->deque, top) &&
         pp_load_relaxed(&victim->generation) == generation;
}

bool pp_tasks_help(struct ppar_pool *pool, pp_self *self, const void *ancestor) {
  uint64_t top;
  for (pp_tasks *victim = pp_load_acquire(&pool->tasks.first); victim != NULL; victim = victim->next) {
    if (look_inside(victim, ancestor, &top) && steal(pool, self, victim, top)) return true;
  }
  return false;
}

static bool are_visible_inside(struct ppar_pool *pool, const void *ancestor) {
  uint64_t top;
  for (pp_tasks *tasks = pp_load_seq_cst(&pool->tasks.first); tasks != NULL; tasks = tasks->next) {
    if (look_inside(tasks, ancestor, &top)) return true;
  }
  return false;
}

static void wake_owner(void *tasks) { wake(tasks); }

void pp_tasks_park(struct ppar_pool *pool, pp_task_group *group, uint32_t heard) {
  pp_tasks *tasks = group->tasks;
  pp_waiter waiter = {.ancestor = group, .wake = wake_owner, .arg = tasks};
  pp_store_relaxed(&tasks->awaited, group);
  (void)pp_exchange_acq_rel(&tasks->parked, 1);
  (void)pp_or_acq_rel(&group->finished, PP_GROUP_WAITER);
  (void)pp_add_seq_cst(&pool->tasks.waiters, 1);
  if (!pp_task_group_is_complete(group) && !are_visible_inside(pool, group) && pp_waiters_add(pool, &waiter, heard)) {
    pp_park(&tasks->parked, 1);
    pp_waiters_remove(pool, &waiter);
  }
  (void)pp_add_seq_cst(&pool->tasks.waiters, UINT32_MAX);
  (void)pp_exchange_acq_rel(&tasks->parked, 0);
  (void)pp_and_release(&group->finished, ~PP_GROUP_WAITER);
}

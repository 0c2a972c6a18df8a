/* SPDX-License-Identifier: MIT */
/* queue.c: making, finding and giving back the deques that tasks wait on. */
#include "task/tasks.h"

#include <errno.h>

#include "loop/record.h"
#include "pool/pool.h"

void pp_tasks_activate(pp_tasks *tasks) {
  uint64_t generation = pp_load_relaxed(&tasks->generation);
  pp_store_relaxed(&tasks->generation, generation + 1);
  pp_store_release(&tasks->depth, tasks->scope.depth);
  for (uint32_t d = 0; d < tasks->scope.depth; d++) pp_store_release(&tasks->inside[d], tasks->scope.inside[d]);
  pp_store_seq_cst(&tasks->generation, generation + 2);
}

static pp_tasks *tasks_make(struct ppar_pool *pool) {
  pp_tasks *tasks = pp_memory_zalloc(sizeof *tasks);
  if (tasks == NULL) return NULL;
  if (!pp_deque_init(&tasks->deque)) {
    pp_memory_free(tasks);
    return NULL;
  }
  pp_store_relaxed(&tasks->pool, pool);
  return tasks;
}

static void tasks_free(pp_tasks *tasks) {
  pp_deque_free(&tasks->deque);
  pp_memory_free(tasks);
}

/* From the pool's unowned ones, or a new one. */
static pp_tasks *tasks_from_pool(struct ppar_pool *pool, pp_self *self) {
  pp_task_board *board = &pool->tasks;
  int saved_errno = errno;
  pp_tasks *tasks;
  pp_tasks_drop_orphans(self);
  pp_self_watch(self);
  pthread_mutex_lock(&pool->lock);
  tasks = board->unowned;
  if (tasks != NULL) {
    board->unowned = tasks->next_owned;
  } else if ((tasks = tasks_make(pool)) != NULL) {
    tasks->next = pp_load_relaxed(&board->first);
    pp_store_seq_cst(&board->first, tasks);
  }
  if (tasks != NULL) { /* under the lock: a fork must not find it in between */
    tasks->owner = self;
    tasks->next_owned = self->tasks;
    self->tasks = tasks;
  }
  pthread_mutex_unlock(&pool->lock);
  errno = saved_errno;
  return tasks;
}

static pp_tasks *tasks_unused(struct ppar_pool *pool, pp_self *self) {
  for (pp_tasks *tasks = self->tasks; tasks != NULL; tasks = tasks->next_owned) {
    if (pp_load_relaxed(&tasks->pool) == pool && tasks->open == 0 && !tasks->stolen) return tasks;
  }
  return tasks_from_pool(pool, self);
}

/* One with open groups will do from anywhere on this thread: whatever is begun now is inside what these were begun in.
 * Those of stolen tasks are found through the place alone. */
pp_tasks *pp_tasks_for_group(struct ppar_pool *pool, pp_self *self) {
  pp_tasks *tasks = self->place.tasks;
  if (tasks != NULL && pp_load_relaxed(&tasks->pool) == pool) return tasks;
  for (tasks = self->tasks; tasks != NULL; tasks = tasks->next_owned) {
    if (pp_load_relaxed(&tasks->pool) == pool && tasks->open != 0 && !tasks->stolen) return tasks;
  }
  tasks = tasks_unused(pool, self);
  if (tasks == NULL) return NULL;
  tasks->scope.depth = 0;
  if (self->place.scope != NULL) tasks->scope = *self->place.scope;
  pp_tasks_activate(tasks);
  return tasks;
}

pp_tasks *pp_tasks_for_theft(struct ppar_pool *pool, pp_self *self) { return tasks_unused(pool, self); }

bool pp_tasks_are_busy(struct ppar_pool *pool) {
  for (pp_tasks *tasks = pp_load_acquire(&pool->tasks.first); tasks != NULL; tasks = tasks->next) {
    if (pp_load_acquire(&tasks->busy) != 0) return true;
  }
  return false;
}

void pp_tasks_leave(pp_self *self) {
  while (self->tasks != NULL) {
    pp_tasks *tasks = self->tasks;
    struct ppar_pool *pool = pp_load_acquire(&tasks->pool);
    self->tasks = tasks->next_owned;
    tasks->owner = NULL;
    if (pool == NULL) {
      tasks_free(tasks);
    } else {
      pthread_mutex_lock(&pool->lock);
      tasks->next_owned = pool->tasks.unowned;
      pool->tasks.unowned = tasks;
      pthread_mutex_unlock(&pool->lock);
    }
  }
}

void pp_tasks_drop_orphans(pp_self *self) {
  pp_tasks **link = &self->tasks, *tasks;
  while ((tasks = *link) != NULL) {
    if (pp_load_acquire(&tasks->pool) == NULL) {
      *link = tasks->next_owned;
      tasks_free(tasks);
    } else {
      link = &tasks->next_owned;
    }
  }
}

/* A group that the forking thread has open stays open: the tasks of it that nobody had started are the child's to run,
 * too. */
void pp_tasks_renew(struct ppar_pool *pool) {
  pp_store_relaxed(&pool->tasks.waiters, 0);
  for (pp_tasks *tasks = pp_load_relaxed(&pool->tasks.first); tasks != NULL; tasks = tasks->next) {
    if (tasks->owner == pp_self_get() || tasks->owner == NULL) continue;
    pp_store_relaxed(&tasks->deque.bottom, pp_load_relaxed(&tasks->deque.top));
    pp_store_relaxed(&tasks->generation, (pp_load_relaxed(&tasks->generation) + 1) & ~UINT64_C(1));
    pp_store_relaxed(&tasks->parked, 0);
    pp_store_relaxed(&tasks->busy, 0);
    tasks->open = 0;
    tasks->stolen = false;
    tasks->owner = NULL;
    tasks->next_owned = pool->tasks.unowned;
    pool->tasks.unowned = tasks;
  }
}

/* Those without owner go now, the others when their owners next look at them. */
void pp_tasks_release(struct ppar_pool *pool) {
  pp_tasks *tasks = pp_load_relaxed(&pool->tasks.first), *next;
  for (; tasks != NULL; tasks = next) {
    next = tasks->next;
    if (tasks->owner == NULL) {
      tasks_free(tasks);
    } else {
      pp_store_release(&tasks->pool, NULL);
    }
  }
  pp_store_relaxed(&pool->tasks.first, NULL);
  pool->tasks.unowned = NULL;
}

/* SPDX-License-Identifier: MIT */
/* process.c: a forked child has the calling thread alone: its pools get new workers at their next loop.
 *
 * The locks are held over the fork, so that no pool is half-changed in the child. A child that was forked inside a
 * body may run loops of its own; the loop that it was forked from cannot end there. */
#include <pthread.h>

#include "pool/pool.h"
#include "team/team.h"

static void lock_all(void) {
  pthread_mutex_lock(&pp_pools_lock);
  for (ppar_pool *pool = pp_pools_first(); pool != NULL; pool = pool->next) pthread_mutex_lock(&pool->lock);
}

static void unlock_all(void) {
  for (ppar_pool *pool = pp_pools_first(); pool != NULL; pool = pool->next) pthread_mutex_unlock(&pool->lock);
  pthread_mutex_unlock(&pp_pools_lock);
}

/* Records of threads that are gone become unowned; those of this thread stay: quiet, or closed where it
 * is inside a body, since the child's workers have no business in the parent's loop. */
static void renew_records(ppar_pool *pool) {
  uint32_t count = pp_load_relaxed(&pool->record_count);
  for (uint32_t r = 0; r < count; r++) {
    pp_record *record = pp_pool_record(pool, r);
    bool own = record->owner == pp_self_get(), busy = pp_load_relaxed(&record->busy) != 0;
    /* Its pages may have been copied one after the other, while its owner began something: what it alone held is left. */
    bool torn = record->owner != NULL && !own;
    if (record->team != NULL) pp_team_forget_members(record->team, busy || torn);
    if (own && busy) {
      pp_store_relaxed(&record->control.cancel.lock, 0);
      for (uint32_t g = 0; g < pp_load_relaxed(&record->open_groups); g++) (void)pp_group_close(&record->groups[g]);
      continue;
    }
    pp_record_reset(record);
    if (!torn) continue;
    record->owner = NULL;
    record->partials_block = NULL;
    record->partials_size = 0;
    if (record->team != NULL) pp_cancel_reset(&record->team->cancel);
    pp_store_relaxed(&record->busy, 0);
    record->next = pool->unowned;
    pool->unowned = record;
  }
}

static void renew_pools(void) {
  pp_self_get()->worker = NULL; /* the child's workers are others, of the same numbers */
  for (ppar_pool *pool = pp_pools_first(); pool != NULL; pool = pool->next) {
    pp_store_relaxed(&pool->bell.word, 0);
    pp_store_relaxed(&pool->worker_count, 0);
    pp_store_relaxed(&pool->worker_goal, 0);
    pp_store_relaxed(&pool->retry_ticks, 0);
    pp_store_relaxed(&pool->region_threads, 0);
    if (pp_load_relaxed(&pool->stopping) == 0) pool->closing = false;
    (void)pthread_mutex_init(&pool->waiters_lock, NULL); /* whoever held it, or is on the list, is gone */
    pool->waiters = NULL;
    pp_store_relaxed(&pool->waiter_count, 0);
    for (uint32_t w = 0; w < pool->worker_limit; w++) {
      pp_store_relaxed(&pool->workers[w].seat, NULL);
      pp_store_relaxed(&pool->workers[w].occupied, 0);
      pp_store_relaxed(&pool->workers[w].sleeper.asleep, PP_AWAKE);
      pool->workers[w].known_seat = NULL;
    }
    pp_pool_forget_extras(pool);
    renew_records(pool);
    pp_tasks_renew(pool);
  }
  unlock_all();
}

static void register_handlers(void) { (void)pthread_atfork(lock_all, unlock_all, renew_pools); }

void pp_process_watch(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, register_handlers);
}

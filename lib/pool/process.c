/* SPDX-License-Identifier: MIT */
/* process.c: a forked child has the calling thread alone, so its pools get new workers at their next loop.
 *
 * The locks are held over the fork, so that no pool is half-changed in the child, and no thread is in the midst of
 * reading the topology. A child that was forked inside a body may run loops of its own; the loop that it was forked
 * from cannot end there.
 *
 * The handlers are registered as the library loads, so that the program's handlers may use it (at_load.h). An allocator
 * that the program has linked may register handlers of its own at its first allocation. These must come before the
 * library's: else a fork would first take the allocator's locks, and then wait for a thread that allocates under a lock
 * of the library's. So something is allocated first. */
#include "pool/process.h"

#include <pthread.h>
#include <string.h>

#include "platform/at_load.h"
#include "platform/memory.h"
#include "platform/thread.h"
#include "platform/topology.h"
#include "pool/ending.h"
#include "pool/pool.h"
#include "pool/self.h"

static void lock_all(void) {
  pthread_mutex_lock(&pp_pools_lock);
  for (ppar_pool *pool = pp_pools_first(); pool != NULL; pool = pool->next) pthread_mutex_lock(&pool->lock);
  pp_topology_lock();
}

static void unlock_all(void) {
  pp_topology_unlock();
  for (ppar_pool *pool = pp_pools_first(); pool != NULL; pool = pool->next) pthread_mutex_unlock(&pool->lock);
  pthread_mutex_unlock(&pp_pools_lock);
}

static void renew_workers(ppar_pool *pool) {
  pp_store_relaxed(&pool->bell.word, 0);
  pp_store_relaxed(&pool->worker_count, 0);
  pp_store_relaxed(&pool->worker_goal, 0);
  pp_store_relaxed(&pool->retry_ticks, 0);
  pp_store_relaxed(&pool->region_threads, 0);
  pp_pool_forget_pause(pool);
  if (pp_load_relaxed(&pool->stopping) == 0) pool->closing = false;
  for (uint32_t w = 0; w < pool->worker_capacity; w++) {
    pp_store_relaxed(&pool->workers[w].seat, NULL);
    pp_store_relaxed(&pool->workers[w].occupied, 0);
    pp_store_relaxed(&pool->workers[w].sleeper.asleep, PP_AWAKE);
    pool->workers[w].known_seat = NULL;
  }
  pp_pool_forget_extras(pool);
}

static void renew_waiters(ppar_pool *pool) {
  pp_store_relaxed(&pool->waiters_lock, 0); /* Whoever held it, or is on the list, is gone. */
  pool->waiters = NULL;
  pp_store_relaxed(&pool->waiter_count, 0);
  pp_store_relaxed(&pool->task_marks, 0);
  memset(pool->task_waiters, 0, sizeof pool->task_waiters);
}

static void renew_pools(void) {
  pp_thread_forget_own();
  pp_ending_renew();
  pp_self_get()->worker = NULL; /* The child's workers are others, of the same numbers. */
  for (ppar_pool *pool = pp_pools_first(); pool != NULL; pool = pool->next) {
    renew_workers(pool);
    renew_waiters(pool);
    pp_owned_renew(pool);
  }
  unlock_all();
  pp_thread_become_programs(); /* The last of all: signals may come now. */
}

static void register_handlers(void) {
  pp_memory_begin();
  (void)pthread_atfork(lock_all, unlock_all, renew_pools);
}

void pp_process_watch(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, register_handlers);
}

/* What is linked statically may run before the library's constructors, which is why pools ask for the handlers, too. */
PP_AT_LOAD(PP_LOAD_POOL) static void watch_from_the_beginning(void) { pp_process_watch(); }

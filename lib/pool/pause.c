/* SPDX-License-Identifier: MIT */
/* pause.c: a pool gives back its threads, and goes on later.
 *
 * Its workers end as at the pool's end, and what they were known by is made as if none had been started. Teams may look
 * at their seats' threads at any time, so no worker's memory is freed. A team's words stay closed until its caller has
 * found new threads, as where extra threads have left their seats (claim/fork.h, F5). */
#include "platform/park.h"
#include "platform/thread.h"
#include "pool/pool.h"
#include "pool/self.h"

static bool is_paused(uint32_t pauses) { return pauses % 2 != 0; }

static bool begin(ppar_pool *pool) {
  uint32_t pauses;
  bool begun;
  pthread_mutex_lock(&pool->lock);
  pauses = pp_load_relaxed(&pool->pauses);
  begun = !is_paused(pauses) && !pool->closing && pp_load_relaxed(&pool->stopping) == PP_GOES_ON;
  if (begun) pp_store_relaxed(&pool->pauses, pauses + 1);
  pthread_mutex_unlock(&pool->lock);
  return begun;
}

/* The lock is held. Release: pairs with the load of whoever waits for it. */
static void end(ppar_pool *pool) {
  pp_store_release(&pool->pauses, pp_load_relaxed(&pool->pauses) + 1);
  pp_unpark_all(&pool->pauses);
}

void pp_pool_forget_pause(ppar_pool *pool) {
  const uint32_t pauses = pp_load_relaxed(&pool->pauses);
  if (!is_paused(pauses)) return;
  pp_store_relaxed(&pool->stopping, PP_GOES_ON);
  pp_store_relaxed(&pool->pauses, pauses + 1);
}

static void forget(pp_worker *worker) {
  pp_store_relaxed(&worker->seat, NULL);
  pp_store_relaxed(&worker->occupied, 0);
  pp_store_relaxed(&worker->sleeper.asleep, PP_AWAKE);
  worker->known_seat = NULL;
  worker->cursor = NULL;
}

/* Their memory is for the next extra threads. */
static void forget_extras(ppar_pool *pool) {
  pp_worker *next;
  for (pp_worker *worker = pool->extras; worker != NULL; worker = next) {
    next = worker->next;
    forget(worker);
    worker->next = pool->spare;
    pool->spare = worker;
  }
  if (pool->left != NULL) {
    pool->left->next = pool->spare;
    pool->spare = pool->left;
  }
  pool->extras = pool->left = NULL;
  pp_store_relaxed(&pool->extra_count, 0);
}

/* A worker that was falling asleep as it was told to end may be on the stack still. Others may be ringing. */
static void clear_bell(pp_bell *bell) {
  uint64_t word = pp_load_relaxed(&bell->word), cleared;
  do {
    cleared = (word & ~UINT64_C(0xffff)) + (UINT64_C(1) << 32);
  } while (!pp_cas_seq_cst(&bell->word, &word, cleared));
}

/* The lock is held, and all threads have ended. Seq_cst: pairs with the workers' look whether the pool ends. */
static void open_again(ppar_pool *pool) {
  uint32_t stops = PP_STOPS;
  for (uint32_t w = 0; w < pool->worker_capacity; w++) forget(&pool->workers[w]);
  forget_extras(pool);
  clear_bell(&pool->bell);
  pp_store_relaxed(&pool->worker_goal, 0);
  pp_store_relaxed(&pool->retry_ticks, 0);
  pp_owned_vacate(pool);
  pp_owned_trim(pool);
  if (pp_cas_seq_cst(&pool->stopping, &stops, PP_GOES_ON)) { /* Else the process exits meanwhile. */
    pool->closing = false;
    pp_owned_reopen(pool);
  }
}

bool pp_pool_pause(ppar_pool *pool) {
  int held;
  bool idle;
  if (!begin(pool)) return false;
  held = pp_thread_hold_cancellation();
  idle = pp_pool_close(pool);
  if (idle) pp_pool_stop(pool);
  pthread_mutex_lock(&pool->lock);
  if (idle) open_again(pool);
  end(pool);
  pthread_mutex_unlock(&pool->lock);
  pp_thread_allow_cancellation(held);
  return idle;
}

/* Who has found the pool closed held the lock then, or has found its team closed, which is done under the lock; so the
 * pause that closed them is seen here. */
bool pp_pool_await_pause(ppar_pool *pool, uint32_t pauses) {
  const pp_worker *worker = pp_self_get()->worker;
  uint32_t now;
  pthread_mutex_lock(&pool->lock);
  now = pp_load_relaxed(&pool->pauses);
  pthread_mutex_unlock(&pool->lock);
  if (!is_paused(now)) return now != pauses;
  if (worker != NULL && worker->pool == pool) return false;
  while (pp_load_acquire(&pool->pauses) == now) pp_park(&pool->pauses, now);
  return true;
}

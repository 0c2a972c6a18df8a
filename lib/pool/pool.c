/* SPDX-License-Identifier: MIT */
/* pool.c: making and ending pools, starting workers. */
#include "pool/pool.h"

#include <string.h>

#include <ppar/status.h>

#include "platform/clock.h"
#include "platform/cpuset.h"
#include "platform/memory.h"
#include "platform/park.h"
#include "platform/race_checker.h"
#include "platform/standing.h"
#include "platform/thread.h"
#include "pool/cpus.h"
#include "pool/ending.h"
#include "pool/process.h"
#include "schedule/tuning.h"
#include "trace/spans.h"

pthread_mutex_t pp_pools_lock = PTHREAD_MUTEX_INITIALIZER;
static ppar_pool *all_pools;

ppar_pool *pp_pools_first(void) { return all_pools; }

/* A quota does not count: it limits time, not who runs at the same moment, and is slow to read. */
static uint32_t count_cpus(void) {
  const pp_cpuset *cpus = pp_standing_cpus();
  return cpus != NULL ? (uint32_t)pp_cpuset_count(cpus) : UINT32_MAX;
}

/* Whoever chooses a time has not chosen it for more threads than there are CPUs. */
static void set_spin(ppar_pool *pool, const pp_pool_config *config, bool crowded) {
  bool chosen = config->spin_ns != 0 || config->wait != PPAR_WAIT_DEFAULT;
  uint64_t ns = config->spin_ns != 0 ? config->spin_ns : PP_SPIN_NS;
  if (crowded && ns > PP_SPIN_CROWDED_NS) ns = PP_SPIN_CROWDED_NS;
  if (config->wait == PPAR_WAIT_PASSIVE) ns = 0;
  if (config->wait == PPAR_WAIT_ACTIVE) ns = PP_SPIN_ACTIVE_NS;
  pool->spin_ticks = pp_ticks_from_ns(ns);
  pool->longest_spin_ticks = chosen || crowded ? pool->spin_ticks : pp_ticks_from_ns(PP_LONGEST_SPIN_NS);
}

int pp_pool_init(ppar_pool *pool, const pp_pool_config *config) {
  uint32_t limit, cpus = count_cpus();
  int status = PPAR_OK;
  pp_clock_init();
  if (pp_pool_binds(config)) status = pp_places_make(&pool->places, config->places, NULL);
  if (status != PPAR_OK) return status;
  limit = (uint32_t)config->threads - 1;
  pool->worker_capacity =
      (uint32_t)(config->most_threads > config->threads ? config->most_threads : config->threads) - 1;
  if (pool->worker_capacity != 0) pool->workers = pp_memory_zalloc(pool->worker_capacity * sizeof(pp_worker));
  if (pool->worker_capacity != 0 && pool->workers == NULL) {
    pp_places_free(pool->places);
    pool->places = NULL;
    limit = pool->worker_capacity = 0;
    status = PPAR_ENOMEM; /* a pool of one thread works all the same */
  }
  pp_store_relaxed(&pool->worker_limit, limit);
  pp_store_relaxed(&pool->cpus, cpus);
  set_spin(pool, config, (uint32_t)config->threads > cpus);
  pool->thread_limit = (uint32_t)config->thread_limit;
  pool->reuse_limit = config->reuse_limit != 0 ? (uint32_t)config->reuse_limit : pool->thread_limit;
  pool->bind = config->bind;
  pool->stack_size = config->stack_size;
  pool->destroyable = config->destroyable;
  pool->checks = config->checks;
  pool->sources = config->sources;
  (void)strncpy(pool->name, config->name, sizeof pool->name - 2);
  pp_checks_pause(); /* The lock is seen by whoever sees the magic number, which no race checker knows of. */
  (void)pthread_mutex_init(&pool->lock, NULL);
  pp_checks_go_on();
  pp_checks_leave_out(pool, sizeof *pool);
  pp_process_watch();
  pthread_mutex_lock(&pp_pools_lock);
  pool->next = all_pools;
  all_pools = pool;
  pp_store_release(&pool->magic, PP_POOL_MAGIC); /* a process that forks finds both, or neither */
  pthread_mutex_unlock(&pp_pools_lock);
  return status;
}

bool pp_pool_is_busy(ppar_pool *pool) { return pp_owned_are_busy(pool); }

/* A region that has started shows as busy. One that comes later finds its team closed, or is given no threads
 * (F4). */
bool pp_pool_close(ppar_pool *pool) {
  pthread_mutex_lock(&pool->lock);
  pool->closing = true;
  pp_owned_close(pool);
  if (pp_pool_is_busy(pool)) {
    pool->closing = false;
    pp_owned_reopen(pool);
  }
  bool closed = pool->closing;
  pthread_mutex_unlock(&pool->lock);
  return closed;
}

/* Wakes it if it sleeps, wherever it does: the bell knows nothing of a worker that stands aside. */
static void wake_aside(pp_worker *worker) {
  if (pp_bell_disturb(&worker->sleeper)) pp_bell_rouse(&worker->sleeper);
}

static void join(pp_worker *worker) { (void)pthread_join(worker->thread, NULL); }

/* It has been joined, and so has told its number. */
static void await_removal(pp_worker *worker) { pp_thread_await_removal(pp_load_relaxed(&worker->system_number)); }

/* Rings until nobody sleeps; who is awake sees the last ring and then the stopping. Extra workers look at it, too,
 * after they have said that they sleep. */
void pp_pool_stop(ppar_pool *pool) {
  uint32_t count;
  pp_worker *extras, *left;
  if (pp_load_relaxed(&pool->stopping) != 0) return; /* it has been called before */
  pp_store_seq_cst(&pool->stopping, PP_STOPS);
  do {
    pp_pool_ring(pool, 0);
  } while (pp_bell_sleeper(pp_bell_look(&pool->bell)) != 0);
  pthread_mutex_lock(&pool->lock); /* a worker may be starting another */
  count = pp_load_relaxed(&pool->worker_count);
  extras = pool->extras;
  left = pool->left; /* from here on none leaves */
  pthread_mutex_unlock(&pool->lock);
  for (uint32_t w = 0; w < count; w++) wake_aside(&pool->workers[w]);
  for (uint32_t w = 0; w < count; w++) join(&pool->workers[w]);
  for (pp_worker *worker = extras; worker != NULL; worker = worker->next) (void)pp_bell_wake(&worker->sleeper);
  for (pp_worker *worker = extras; worker != NULL; worker = worker->next) join(worker);
  if (left != NULL) join(left);
  for (uint32_t w = 0; w < count; w++) await_removal(&pool->workers[w]);
  for (pp_worker *worker = extras; worker != NULL; worker = worker->next) await_removal(worker);
  if (left != NULL) await_removal(left);
  pp_store_relaxed(&pool->worker_count, 0);
}

/* Those who sleep sleep on. One that is rung for later, or is awake, finds that it is to rest. The lock is taken since
 * a worker may be starting another, which then is there, or will not come. */
void pp_pool_rest(ppar_pool *pool) {
  pp_worker *left;
  pthread_mutex_lock(&pool->lock);
  pp_store_seq_cst(&pool->stopping, PP_RESTS);
  pp_store_relaxed(&pool->worker_count, 0);
  pp_store_relaxed(&pool->worker_goal, 0);
  left = pool->left;
  pool->left = NULL;
  pthread_mutex_unlock(&pool->lock);
  if (left == NULL) return;
  join(left); /* It has ended, or is about to, and has waited for those before it. */
  pthread_mutex_lock(&pool->lock);
  left->next = pool->spare;
  pool->spare = left;
  pthread_mutex_unlock(&pool->lock);
}

static void free_workers(pp_worker **list) {
  while (*list != NULL) {
    pp_worker *worker = *list;
    *list = worker->next;
    pp_memory_free(worker);
  }
}

void pp_pool_forget_extras(ppar_pool *pool) {
  while (pool->left != NULL) {
    pp_worker *worker = pool->left;
    pool->left = worker->before;
    pp_memory_free(worker);
  }
  free_workers(&pool->extras);
  free_workers(&pool->spare);
  pp_store_relaxed(&pool->extra_count, 0);
}

void pp_pool_finish(ppar_pool *pool) {
  pp_store_relaxed(&pool->magic, 0);
  pp_pool_stop(pool);
  pp_pool_forget_extras(pool);
  pthread_mutex_lock(&pp_pools_lock);
  for (ppar_pool **link = &all_pools; *link != NULL; link = &(*link)->next) {
    if (*link == pool) {
      *link = pool->next;
      break;
    }
  }
  pp_owned_release(pool);
  pp_board_free(&pool->board);
  pthread_mutex_unlock(&pp_pools_lock);
  pp_memory_free(pool->workers);
  pp_places_free(pool->places);
  (void)pthread_mutex_destroy(&pool->lock);
}

/* The lock is held. thread: its number in the pool's teams, which says what its place is. */
static bool start_thread(ppar_pool *pool, pp_worker *worker, uint32_t number, uint32_t thread) {
  pp_thread_options options = {.stack_size = pool->stack_size};
  pp_cpuset *first;
  int status;
  if (pp_load_relaxed(&pool->stopping) != 0) return false;
  worker->pool = pool;
  worker->number = number;
  worker->home = -1;
  if (pool->places != NULL) {
    int threads = pp_pool_threads(pool), count = pp_places_count(pool->places);
    worker->home = pp_places_assign((int)pool->bind, count, threads, (int)thread % threads, 0);
    options.cpuset = pp_places_cpuset(pool->places, worker->home);
  }
  pp_store_relaxed(&worker->place, worker->home);
  pp_store_relaxed(&worker->system_number, 0); /* One that is used again has another thread's. */
  options.first = first = pp_worker_first_cpus(worker);
  status = pp_thread_start(&worker->thread, pp_worker_main, worker, &options);
  pp_cpuset_free(first);
  if (status != 0) pp_store_relaxed(&pool->refused, (uint32_t)status);
  if (status == 0) pp_ending_thread_started();
  return status == 0;
}

bool pp_pool_start_worker(ppar_pool *pool) {
  uint32_t number = pp_load_relaxed(&pool->worker_count);
  if (number >= pp_load_relaxed(&pool->worker_limit) || !start_thread(pool, &pool->workers[number], number, number + 1))
    return false;
  pp_store_release(&pool->worker_count, number + 1);
  return true;
}

/* A team may still look at one that has left its seat: what others read is written as they read it. */
static pp_worker *take_spare(ppar_pool *pool) {
  pp_worker *worker = pool->spare;
  if (worker == NULL) return pp_memory_zalloc(sizeof *worker);
  pool->spare = worker->next;
  pp_store_relaxed(&worker->sleeper.asleep, PP_AWAKE);
  pp_store_relaxed(&worker->asked, 0);
  worker->left = false;
  worker->known_seat = NULL;
  worker->cursor = NULL;
  return worker;
}

pp_worker *pp_pool_start_extra(ppar_pool *pool, struct ppar_team *seat, uint32_t thread, pp_worker *instead) {
  const uint32_t extras = pp_load_relaxed(&pool->extra_count);
  pp_worker *worker;
  if (pp_pool_is_full(pool)) return NULL;
  worker = take_spare(pool);
  if (worker == NULL) return NULL;
  worker->extra = true;
  worker->instead = instead;
  pp_store_relaxed(&worker->seat, seat);
  if (!start_thread(pool, worker, pool->worker_capacity + extras, thread)) {
    pp_store_relaxed(&worker->seat, NULL); /* The seat may still name this worker, which had it before and left it. */
    worker->next = pool->spare;
    pool->spare = worker;
    return NULL;
  }
  worker->next = pool->extras;
  pool->extras = worker;
  pp_store_relaxed(&pool->extra_count, extras + 1);
  return worker;
}

/* Not while the pool ends: whoever ends it has counted this worker. */
bool pp_pool_leave(pp_worker *worker) {
  ppar_pool *pool = worker->pool;
  bool leaves;
  pthread_mutex_lock(&pool->lock);
  leaves = !pool->closing && pp_load_relaxed(&pool->stopping) == PP_GOES_ON &&
           pool->sources[PP_WORK_REGIONS]->may_leave(worker);
  if (leaves) {
    pp_worker **link = &pool->extras;
    while (*link != worker) link = &(*link)->next;
    *link = worker->next;
    pp_store_relaxed(&pool->extra_count, pp_load_relaxed(&pool->extra_count) - 1);
    worker->before = pool->left;
    pool->left = worker;
  }
  pthread_mutex_unlock(&pool->lock);
  return leaves;
}

/* The other one is at its end, or waits for one that is. */
void pp_pool_bury(pp_worker *worker) {
  ppar_pool *pool = worker->pool;
  pp_worker *before = worker->before;
  if (before == NULL) return;
  join(before);
  pthread_mutex_lock(&pool->lock);
  worker->before = NULL;
  before->next = pool->spare;
  pool->spare = before;
  pthread_mutex_unlock(&pool->lock);
}

/* An extra worker that sees it has been asked after it has said that it sleeps does not sleep (has_ended of worker.c);
 * one that said so before is woken. */
void pp_pool_trim(ppar_pool *pool) {
  pthread_mutex_lock(&pool->lock);
  for (pp_worker *worker = pool->extras; worker != NULL; worker = worker->next) {
    pp_store_seq_cst(&worker->asked, 1);
    (void)pp_bell_wake(&worker->sleeper);
  }
  pp_owned_trim(pool);
  pthread_mutex_unlock(&pool->lock);
}

static bool start_workers(ppar_pool *pool, uint32_t most) {
  bool started = true;
  pthread_mutex_lock(&pool->lock);
  for (uint32_t k = 0; k < most && started; k++) {
    if (pp_load_relaxed(&pool->worker_count) >= pp_load_relaxed(&pool->worker_goal)) break;
    started = pp_pool_start_worker(pool);
  }
  if (!started) {
    pp_store_relaxed(&pool->retry_ticks, pp_clock_ticks() + pp_ticks_from_ns(PP_RETRY_NS));
    pp_store_relaxed(&pool->worker_goal, pp_load_relaxed(&pool->worker_count));
  }
  pthread_mutex_unlock(&pool->lock);
  return started;
}

static void raise_goal(ppar_pool *pool, uint32_t count) {
  uint32_t goal = pp_load_relaxed(&pool->worker_goal);
  while (goal < count && !pp_cas_relaxed(&pool->worker_goal, &goal, count)) continue;
}

int pp_pool_start_workers(ppar_pool *pool, uint32_t count) {
  raise_goal(pool, count);
  if (!start_workers(pool, count)) return PPAR_EAGAIN;
  return PPAR_OK;
}

void pp_pool_want_workers(ppar_pool *pool, uint32_t count) {
  if (pp_clock_ticks() < pp_load_relaxed(&pool->retry_ticks)) return;
  raise_goal(pool, count);
  (void)start_workers(pool, PP_START_AT_ONCE);
}

/* A worker aside looks at the limit after it has said that it sleeps: so either it sees the new one, or it is
 * found asleep here. One that is on the bell's stack stays there, and looks once in vain. */
void pp_pool_resize(ppar_pool *pool, uint32_t threads) {
  uint32_t before, count, limit = threads - 1;
  pthread_mutex_lock(&pool->lock);
  before = pp_load_relaxed(&pool->worker_limit);
  if (limit > pool->worker_capacity) limit = pool->worker_capacity;
  pp_store_seq_cst(&pool->worker_limit, limit);
  if (pp_load_relaxed(&pool->worker_goal) > limit) pp_store_relaxed(&pool->worker_goal, limit);
  count = pp_load_relaxed(&pool->worker_count);
  for (uint32_t w = before; w < limit && w < count; w++) wake_aside(&pool->workers[w]);
  pthread_mutex_unlock(&pool->lock);
}

static pp_sleeper *sleeper_of(void *pool, uint32_t number) { return &((ppar_pool *)pool)->workers[number].sleeper; }

static bool ring(ppar_pool *pool, uint32_t post) {
  for (;;) {
    int woken = pp_bell_ring(&pool->bell, post, sleeper_of, pool);
    if (woken < 0) return false;
    if (!pp_bell_wake(sleeper_of(pool, (uint32_t)woken))) continue;
    if (pp_trace_is_on()) pp_trace_tell(PP_EVENT_WAKE, (uint64_t)woken, 0);
    return true;
  }
}

void pp_pool_ring(ppar_pool *pool, uint32_t post) { (void)ring(pool, post); }

bool pp_pool_wake(ppar_pool *pool) { return ring(pool, pp_bell_post(pp_bell_look(&pool->bell))); }

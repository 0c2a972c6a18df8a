/* SPDX-License-Identifier: MIT */
/* cpus.c: comparing the main thread's affinity mask with what is known, and handing it on to workers.
 *
 * The system changes all threads' masks where a cpuset shrinks or grows, or where somebody says so (taskset -ap); by
 * the process's number (taskset -p, sched_setaffinity) it changes the main thread's alone. A thread of the library
 * whose mask is neither what was known nor the main thread's new one has been bound by the program. */
#include "pool/cpus.h"

#include "platform/clock.h"
#include "platform/cpuset.h"
#include "platform/load.h"
#include "platform/standing.h"
#include "pool/home.h"
#include "pool/pool.h"
#include "schedule/tuning.h"

typedef bool visit(const pp_worker *worker, const pp_cpuset *before, const pp_cpuset *now);

/* Calls the function for each worker that is not bound to a place, until it says false. pp_pools_lock is held. */
static bool visit_workers(visit *function, const pp_cpuset *before, const pp_cpuset *now) {
  bool go_on = true;
  for (ppar_pool *pool = pp_pools_first(); pool != NULL && go_on; pool = pool->next) {
    if (pool->places != NULL) continue;
    pthread_mutex_lock(&pool->lock);
    if (pp_load_relaxed(&pool->stopping) == 0) {
      uint32_t count = pp_load_relaxed(&pool->worker_count);
      for (uint32_t w = 0; w < count && go_on; w++) go_on = function(&pool->workers[w], before, now);
      for (pp_worker *worker = pool->extras; worker != NULL && go_on; worker = worker->next)
        go_on = function(worker, before, now);
    }
    pthread_mutex_unlock(&pool->lock);
  }
  return go_on;
}

/* A thread that has just started may still have its creator's. */
static bool is_as_known(const pp_worker *worker, const pp_cpuset *before, const pp_cpuset *now) {
  pp_cpuset *own = pp_cpuset_affinity_of_other(worker->thread);
  bool is_known = own == NULL || pp_cpuset_equal(own, before) || pp_cpuset_equal(own, now);
  pp_cpuset_free(own);
  return is_known;
}

static bool hand_on(const pp_worker *worker, const pp_cpuset *before, const pp_cpuset *now) {
  (void)before;
  (void)pp_cpuset_bind_other(worker->thread, now);
  return true;
}

static bool follow(pp_cpuset *now, const pp_cpuset *before) {
  uint32_t count = (uint32_t)pp_cpuset_count(now);
  if (!visit_workers(is_as_known, before, now)) {
    pp_cpuset_free(now);
    return false;
  }
  if (!pp_standing_set_cpus(now)) return false;
  (void)visit_workers(hand_on, before, now);
  for (ppar_pool *pool = pp_pools_first(); pool != NULL; pool = pool->next) pp_store_relaxed(&pool->cpus, count);
  return true;
}

/* NULL: the worker is not bound, or has not begun, so that nobody can have bound it, or there is no memory. */
static pp_cpuset *bound_cpus(const pp_worker *worker) {
  const pp_cpuset *known = pp_standing_cpus();
  const int number = (int)pp_load_relaxed(&worker->system_number);
  pp_cpuset *own = number != 0 ? pp_cpuset_affinity_of(number) : NULL;
  if (worker->pool->places != NULL || own == NULL || known == NULL || !pp_cpuset_equal(own, known)) return own;
  pp_cpuset_free(own);
  return NULL;
}

/* Under the lock nothing is being followed: a worker that still had the CPUs of before would seem to be bound. */
void pp_worker_take_after(pp_worker *worker) {
  const pp_worker *other = worker->instead;
  pp_cpuset *cpus;
  pthread_mutex_lock(&pp_pools_lock);
  cpus = bound_cpus(other);
  pthread_mutex_unlock(&pp_pools_lock);
  if (cpus != NULL) (void)pp_cpuset_bind_thread(cpus);
  if (cpus != NULL && worker->pool->places != NULL) pp_worker_take_place(worker, other, cpus);
  pp_cpuset_free(cpus);
  pp_standing_adopt(true, (int)pp_load_relaxed(&other->system_number));
  worker->instead = NULL;
}

/* The workers' CPUs may have changed since they said so, and their number may grow: what is found is a guess. */
static void remove_workers(pp_cpuset *set, const pp_worker *but) {
  const ppar_pool *pool = but->pool;
  const uint32_t count = pp_load_acquire(&pool->worker_count);
  for (uint32_t w = 0; w < count; w++) {
    const pp_worker *worker = &pool->workers[w];
    if (worker != but && pp_load_relaxed(&worker->sleeper.asleep) != PP_ASLEEP)
      pp_cpuset_remove(set, (int)pp_load_relaxed(&worker->cpu) - 1);
  }
}

/* Those of the set that are not this one, where none of the pool's other workers is, or, if there is no such CPU, one
 * may be. NULL: there is none, or no memory. The caller frees them. */
static pp_cpuset *others_of(const pp_cpuset *set, const pp_worker *worker, int cpu) {
  pp_cpuset *others = set != NULL && pp_cpuset_count(set) > 1 ? pp_cpuset_copy(set) : NULL;
  if (others == NULL) return NULL;
  pp_cpuset_remove(others, cpu);
  remove_workers(others, worker);
  if (pp_cpuset_count(others) == 0) {
    pp_cpuset_add_all(others, set);
    pp_cpuset_remove(others, cpu);
  }
  return others;
}

static void leave(const pp_worker *worker, int cpu) {
  pp_cpuset *own = pp_cpuset_affinity(), *others = others_of(own, worker, cpu);
  if (others != NULL && pp_cpuset_has(own, cpu)) pp_cpuset_move(own, others);
  pp_cpuset_free(others);
  pp_cpuset_free(own);
}

/* Whether it may run on these CPUs at present, and no others. */
static bool has_mask(const pp_worker *worker, const pp_cpuset *cpus) {
  pp_cpuset *present = pp_cpuset_affinity_of_other(worker->thread);
  const bool has = present != NULL && pp_cpuset_equal(present, cpus);
  pp_cpuset_free(present);
  return has;
}

/* Where the program binds the worker meanwhile, that stays. */
static void send_away(const pp_worker *worker, int cpu) {
  pp_cpuset *own = pp_cpuset_affinity_of_other(worker->thread), *others = others_of(own, worker, cpu);
  if (others != NULL && pp_cpuset_has(own, cpu) && pp_cpuset_bind_other(worker->thread, others) == 0 &&
      has_mask(worker, others))
    (void)pp_cpuset_bind_other(worker->thread, own);
  pp_cpuset_free(others);
  pp_cpuset_free(own);
}

/* Not while somebody looks at the workers' CPUs, as pp_pools_follow_cpus does: meanwhile these would not be what they
 * are. */
static void move(void (*how)(const pp_worker *worker, int cpu), const pp_worker *worker, int cpu) {
  if (pthread_mutex_trylock(&pp_pools_lock) != 0) return;
  how(worker, cpu);
  pthread_mutex_unlock(&pp_pools_lock);
}

void pp_worker_leave_cpu(const pp_worker *worker, int cpu) { move(leave, worker, cpu); }

/* Where the system may choose its CPU, and there are enough for all. */
static bool is_free(const pp_worker *worker) {
  const ppar_pool *pool = worker->pool;
  const uint32_t threads = (uint32_t)pp_pool_threads(pool) + pp_load_relaxed(&pool->extra_count);
  return pool->places == NULL && threads <= pp_load_relaxed(&pool->cpus);
}

void pp_worker_leave_waker(pp_worker *worker) {
  const uint32_t cpu = pp_cpuset_mark();
  if (cpu == 0) return;
  if (cpu == pp_load_relaxed(&worker->sleeper.waker_cpu) && is_free(worker) &&
      pp_moves_may(&worker->moves, pp_clock_ticks()) && pp_load_leaves_cpus())
    pp_worker_leave_cpu(worker, (int)cpu - 1);
  pp_store_relaxed(&worker->cpu, pp_cpuset_mark());
}

void pp_worker_send_away(const pp_worker *worker, int cpu) {
  if (!worker->extra && is_free(worker) && pp_load_leaves_cpus()) move(send_away, worker, cpu);
}

pp_cpuset *pp_worker_first_cpus(const pp_worker *worker) {
  const uint32_t cpu = pp_cpuset_mark();
  return cpu != 0 && is_free(worker) ? others_of(pp_standing_cpus(), worker, (int)cpu - 1) : NULL;
}

bool pp_worker_is_bound_alone(const pp_worker *worker, const pp_worker *other) {
  pp_cpuset *own = worker->pool->places == NULL ? bound_cpus(worker) : NULL;
  pp_cpuset *others = own != NULL && other != NULL ? bound_cpus(other) : NULL;
  bool is_alone = own != NULL && (others == NULL || !pp_cpuset_equal(own, others));
  pp_cpuset_free(others);
  pp_cpuset_free(own);
  return is_alone;
}

bool pp_pools_follow_cpus(void) {
  const pp_cpuset *before = pp_standing_cpus();
  pp_cpuset *now = pp_standing_read_cpus();
  bool followed;
  if (before == NULL || now == NULL || pp_cpuset_equal(before, now)) {
    pp_cpuset_free(now);
    return false;
  }
  pthread_mutex_lock(&pp_pools_lock);
  followed = follow(now, before);
  pthread_mutex_unlock(&pp_pools_lock);
  return followed;
}

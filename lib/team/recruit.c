/* SPDX-License-Identifier: MIT */
/* recruit.c: finding threads. None of this runs when a region is like the one before. */
#include "team/recruit.h"

#include "platform/memory.h"
#include "pool/pool.h"
#include "schedule/tuning.h"

/* The worker takes the seat: from here on it looks for regions there. */
static void sit_down(pp_seat *seat, pp_worker *worker) {
  pp_store_relaxed(&seat->joined_at, pp_fork_epoch(pp_load_relaxed(&seat->home->fork)));
  pp_store_release(&seat->worker, worker);
  pp_store_seq_cst(&worker->seat, seat); /* a worker that falls asleep looks at it once more after it said so */
}

/* A smaller team's threads move to a larger one; the old one's seats stay where they are, since threads may still look
 * at them, and nothing begins there any more. */
static void move_threads(pp_team *from, pp_team *to) {
  for (uint32_t t = 1; t < from->manned; t++) {
    pp_worker *worker = pp_load_relaxed(&from->seats[t].worker);
    sit_down(&to->seats[t], worker);
  }
  to->manned = from->manned;
}

/* Whether others may wait for what the calling thread is inside of: see man_seats. */
static bool is_inside_something(void) { return pp_self_is_inside_something(pp_self_get()); }

static bool may_sit_down(pp_worker *worker) {
  if (pp_load_relaxed(&worker->seat) != NULL) return false;
  return !is_inside_something() || pp_load_seq_cst(&worker->occupied) == 0;
}

/* The regular worker of the thread's number, else any that serves no team; starts it if need be. */
static pp_worker *find_regular(ppar_pool *pool, uint32_t thread) {
  uint32_t count = pp_load_relaxed(&pool->worker_count);
  if (thread - 1 < count && may_sit_down(&pool->workers[thread - 1])) return &pool->workers[thread - 1];
  if (pp_pool_start_worker(pool)) return &pool->workers[count];
  for (uint32_t w = 0; w < count; w++) {
    if (may_sit_down(&pool->workers[w])) return &pool->workers[w];
  }
  return NULL;
}

/* Finds threads for the seats from `manned` to threads - 1, as many as it can. */
static void recruit(pp_team *team, uint32_t threads) {
  ppar_pool *pool = team->pool;
  pthread_mutex_lock(&pool->lock);
  while (team->manned < threads && !pool->closing) {
    pp_seat *seat = &team->seats[team->manned];
    pp_worker *worker = find_regular(pool, team->manned);
    if (worker != NULL) {
      sit_down(seat, worker);
    } else {
      pp_store_relaxed(&seat->joined_at, pp_fork_epoch(pp_load_relaxed(&seat->home->fork)));
      worker = pp_pool_start_extra(pool, seat);
      if (worker == NULL) break;
      pp_store_release(&seat->worker, worker);
    }
    team->manned++;
  }
  pthread_mutex_unlock(&pool->lock);
}

/* A team of more seats for the lead, if there is memory for one. */
static void grow(pp_lead *lead, uint32_t threads) {
  ppar_pool *pool = pp_load_relaxed(&lead->owned.pool);
  pp_team *team = lead->team, *larger;
  uint32_t least = (uint32_t)pp_pool_threads(pool);
  if (least < PP_TEAM_LEAST) least = PP_TEAM_LEAST;
  if (team != NULL && least < 2 * team->capacity) least = 2 * team->capacity;
  larger = pp_team_make(pool, least > threads ? least : threads);
  if (larger == NULL) return;
  pthread_mutex_lock(&pool->lock); /* a process that forks, or ends, finds each thread in one team */
  if (!pool->closing) {
    if (team != NULL) move_threads(team, larger);
    larger->older = team;
    lead->team = larger;
    larger = NULL;
  }
  pthread_mutex_unlock(&pool->lock);
  pp_memory_free(larger);
}

/* Gives the seat of a worker to a new thread, which serves regions after `epoch`. False: there is none. */
static bool give_seat(pp_seat *seat, const pp_worker *worker, uint32_t epoch) {
  ppar_pool *pool = seat->team->pool;
  bool given = true;
  pthread_mutex_lock(&pool->lock);
  if (pp_load_acquire(&seat->worker) == worker) { /* nobody else has done so meanwhile */
    pp_worker *extra;
    pp_store_relaxed(&seat->joined_at, epoch);
    extra = pp_pool_start_extra(pool, seat);
    given = extra != NULL;
    if (given) pp_store_seq_cst(&seat->worker, extra); /* pairs with the start's and the extra's looks (F1) */
  }
  pthread_mutex_unlock(&pool->lock);
  return given;
}

/* Of a region that is begun inside something (region.c says why): the seats of threads that are occupied are given
 * to new threads, or the team ends before the first of them for which there is none. Such a thread may be the
 * calling one itself. One load a seat. */
static uint32_t man_seats(pp_team *team, uint32_t threads) {
  for (uint32_t t = 1; t < threads; t++) {
    pp_seat *seat = &team->seats[t];
    pp_worker *worker = pp_load_relaxed(&seat->worker);
    if (pp_load_seq_cst(&worker->occupied) == 0) continue;
    if (!give_seat(seat, worker, pp_fork_epoch(pp_load_relaxed(&seat->home->fork)))) return t;
  }
  return threads;
}

uint32_t pp_team_fit(pp_lead *lead, uint32_t threads) {
  pp_team *team = lead->team;
  if (team == NULL || team->capacity < threads) {
    grow(lead, threads);
    team = lead->team;
    if (team == NULL) return 1;
    if (team->capacity < threads) threads = team->capacity;
  }
  if (team->manned < threads) recruit(team, threads);
  if (team->manned < threads) threads = team->manned;
  if (is_inside_something()) threads = man_seats(team, threads);
  pp_team_catch_up(team, threads);
  team->threads = threads;
  if (pp_load_relaxed(&team->crowded) != (threads > team->cpus)) pp_store_relaxed(&team->crowded, threads > team->cpus);
  return threads;
}

void pp_seat_substitute(pp_seat *seat, uint32_t epoch) {
  pp_worker *worker = pp_load_acquire(&seat->worker);
  if (worker == NULL || pp_load_acquire(&seat->claimed) == epoch || pp_load_seq_cst(&worker->occupied) == 0)
    return; /* it is here, or on its way */
  /* The new thread finds the region not yet claimed, and the old one that it has lost the seat, when it comes
   * back. */
  (void)give_seat(seat, worker, epoch - 1);
}

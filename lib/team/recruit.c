/* SPDX-License-Identifier: MIT */
/* recruit.c: finding threads. None of this runs when a region is like the one before. */
#include "team/recruit.h"

#include <errno.h>

#include "platform/memory.h"
#include "pool/cpus.h"
#include "pool/pool.h"
#include "schedule/tuning.h"

/* The worker takes the seat: from here on it looks for regions there. */
static void sit_down(pp_seat *seat, pp_worker *worker) {
  pp_store_relaxed(&seat->joined_at, pp_fork_epoch(pp_load_relaxed(&seat->home->fork)));
  pp_store_release(&seat->worker, worker);
  pp_store_seq_cst(&worker->seat, seat); /* a worker that falls asleep looks at it once more after it said so */
}

/* Its thread has left, and may have another seat by now. */
static bool is_vacant(pp_seat *seat) { return pp_load_relaxed(&pp_load_relaxed(&seat->worker)->seat) != seat; }

/* A smaller team's threads move to a larger one; the old one's seats stay where they are, since threads may still look
 * at them, and nothing begins there any more. */
static void move_threads(pp_team *from, pp_team *to) {
  for (uint32_t t = 1; t < from->manned; t++) {
    pp_worker *worker = pp_load_relaxed(&from->seats[t].worker);
    if (!is_vacant(&from->seats[t])) {
      sit_down(&to->seats[t], worker);
    } else {
      pp_store_relaxed(&to->seats[t].worker, worker);
      pp_store_relaxed(&to->vacant, PP_SEATS_LEFT);
    }
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

/* The program has bound this thread of its regions, and none of them would be if the worker left its seat to the next
 * one. One that is to take after another worker counts as that one. No region of its team is running. */
static bool is_needed(const pp_worker *worker, uint32_t thread) {
  ppar_pool *pool = worker->pool;
  bool is_started = thread - 1 < pp_load_relaxed(&pool->worker_count);
  pp_worker *next = is_started && may_sit_down(&pool->workers[thread - 1]) ? &pool->workers[thread - 1] : NULL;
  return pp_worker_is_bound_alone(worker->instead != NULL ? worker->instead : worker, next);
}

/* Whether its threads stay as long as its owner does: an outermost team of an OpenMP program, whose threads have what
 * the program has made threadprivate. The lock is held. */
static bool is_kept(const pp_team *team) {
  const pp_owned *owned = PP_OWNER_OF(const pp_owned, busy, team->busy);
  return pp_load_relaxed(&team->work) != NULL && pp_load_relaxed(&team->depth) <= 1 && owned->owner != NULL;
}

static bool is_busy(const pp_team *team) { return pp_load_acquire(team->busy) != 0; }

/* Whoever takes a worker out of its seat has closed the words that a region of its team starts with. If the lead was
 * idle by then, no region starts before the seat is filled or known to be vacant (F5). The first look is for those who
 * look through all workers: most are in regions, and the system need not be asked about them. */
bool pp_team_leave(pp_worker *worker) {
  pp_seat *seat = pp_load_relaxed(&worker->seat);
  pp_team *team;
  if (seat == NULL) return true; /* Its team has no use for it (release_rest). */
  team = seat->team;
  if (team->busy == NULL || pp_load_relaxed(&seat->worker) != worker) return false;
  if (is_busy(team) || is_kept(team)) return false;
  pp_team_close(team);
  if (is_busy(team) || is_needed(worker, seat->head.thread)) {
    pp_team_reopen(team);
    return false;
  }
  pp_store_release(&team->vacant, PP_SEATS_LEFT);
  pp_store_seq_cst(&worker->seat, NULL);
  return true;
}

/* No thread more may be started, or only where none idles. Those of teams that are idle, and those that serve none, may
 * have the seat as well. What one has not yet taken over from another thread of its former team is none of the new
 * one's. */
static pp_worker *find_idle(const pp_team *team, pp_worker *worker) {
  const pp_seat *seat = pp_load_relaxed(&worker->seat);
  if (seat != NULL && seat->team == team) return NULL;
  if (is_inside_something() && pp_load_seq_cst(&worker->occupied) != 0) return NULL;
  if (!pp_team_leave(worker)) return NULL;
  worker->instead = NULL;
  return worker;
}

static pp_worker *find_idle_one(const pp_team *team) {
  ppar_pool *pool = team->pool;
  pp_worker *found = NULL;
  uint32_t count = pp_load_relaxed(&pool->worker_count);
  for (uint32_t w = 0; w < count && found == NULL; w++) found = find_idle(team, &pool->workers[w]);
  for (pp_worker *worker = pool->extras; worker != NULL && found == NULL; worker = worker->next)
    found = find_idle(team, worker);
  return found;
}

/* Finds a thread for a seat that has none. The lock is held. The one that is found may be asleep. It has not announced
 * that where its seat is started, and the thread that had the seat before may have left without sleeping there. */
static bool man(pp_seat *seat) {
  ppar_pool *pool = seat->team->pool;
  pp_worker *worker = find_regular(pool, seat->head.thread);
  if (worker == NULL && pp_pool_reuses(pool)) worker = find_idle_one(seat->team);
  pp_fork_expect_sleeper(&seat->home->fork);
  if (worker != NULL) {
    sit_down(seat, worker);
    return true;
  }
  pp_store_relaxed(&seat->joined_at, pp_fork_epoch(pp_load_relaxed(&seat->home->fork)));
  worker = pp_pool_start_extra(pool, seat, seat->head.thread, NULL);
  if (worker == NULL) return false;
  pp_store_release(&seat->worker, worker);
  return true;
}

/* Finds threads for the seats from `manned` to threads - 1, as many as it can. */
static void recruit(pp_team *team, uint32_t threads) {
  ppar_pool *pool = team->pool;
  pthread_mutex_lock(&pool->lock);
  while (team->manned < threads && !pool->closing && man(&team->seats[team->manned])) team->manned++;
  pthread_mutex_unlock(&pool->lock);
}

/* Fills vacant seats for a region of so many threads, as far as there are any, and opens the team again. Returns how
 * many there are, up to the first seat that stays vacant; 1, and the team stays closed: the pool ends. Seats that the
 * region does not need may stay vacant: regions that need no more of them do not come here again. */
static uint32_t fill(pp_team *team, uint32_t threads) {
  ppar_pool *pool = team->pool;
  uint32_t past = team->manned;
  pthread_mutex_lock(&pool->lock);
  if (pool->closing) threads = 1;
  for (uint32_t t = 1; t < past && t < threads; t++) {
    if (!is_vacant(&team->seats[t])) continue;
    if (!man(&team->seats[t])) threads = t;
  }
  if (!pool->closing) {
    uint32_t vacant = 1;
    while (team->manned > 1 && is_vacant(&team->seats[team->manned - 1])) team->manned--;
    while (vacant < team->manned && !is_vacant(&team->seats[vacant])) vacant++;
    pp_store_relaxed(&team->vacant, 0);
    pp_team_reopen(team);
    pp_store_relaxed(&team->vacant, vacant < team->manned ? vacant : 0);
  }
  pthread_mutex_unlock(&pool->lock);
  return threads;
}

/* A team of more seats for the lead, if there is memory for one. */
static void grow(pp_lead *lead, uint32_t threads) {
  ppar_pool *pool = pp_load_relaxed(&lead->owned.pool);
  pp_team *team = lead->team, *larger;
  uint32_t least = (uint32_t)pp_pool_threads(pool);
  if (least < PP_TEAM_LEAST) least = PP_TEAM_LEAST;
  if (team != NULL && least < 2 * team->capacity) least = 2 * team->capacity;
  if (least > PPAR_MAX_THREADS) least = PPAR_MAX_THREADS; /* The tree has room for no more. */
  larger = pp_team_make(pool, least > threads ? least : threads);
  if (larger == NULL) {
    pp_store_relaxed(&pool->refused, ENOMEM);
    return;
  }
  pthread_mutex_lock(&pool->lock); /* a process that forks, or ends, finds each thread in one team */
  if (!pool->closing) {
    if (team != NULL) move_threads(team, larger);
    larger->busy = &lead->owned.busy;
    larger->older = team;
    lead->team = larger;
    larger = NULL;
  }
  pthread_mutex_unlock(&pool->lock);
  pp_memory_free(larger);
}

/* Gives the seat of a worker to a new thread, which serves regions after `epoch`. False: there is none. */
static bool give_seat(pp_seat *seat, pp_worker *worker, uint32_t epoch) {
  ppar_pool *pool = seat->team->pool;
  bool given = true;
  pthread_mutex_lock(&pool->lock);
  if (pp_load_acquire(&seat->worker) == worker) { /* nobody else has done so meanwhile */
    pp_worker *extra;
    pp_store_relaxed(&seat->joined_at, epoch);
    extra = pp_pool_start_extra(pool, seat, seat->head.thread, worker);
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

/* The team has more threads than the region needs, and there are enough of them: regions inside of this one may have
 * the others. */
static void release_rest(pp_team *team, uint32_t threads) {
  ppar_pool *pool = team->pool;
  pthread_mutex_lock(&pool->lock);
  while (!pool->closing && !is_kept(team) && team->manned > threads) {
    pp_seat *seat = &team->seats[team->manned - 1];
    pp_worker *worker = pp_load_relaxed(&seat->worker);
    if (!is_vacant(seat) && is_needed(worker, seat->head.thread)) break;
    if (!is_vacant(seat)) pp_store_seq_cst(&worker->seat, NULL);
    team->manned--;
  }
  pthread_mutex_unlock(&pool->lock);
}

uint32_t pp_team_fit(pp_lead *lead, uint32_t threads) {
  pp_team *team = lead->team;
  uint32_t vacant;
  bool crowded;
  if (team == NULL || team->capacity < threads) {
    grow(lead, threads);
    team = lead->team;
    if (team == NULL) return 1;
    if (team->capacity < threads) threads = team->capacity;
  }
  vacant = pp_load_acquire(&team->vacant);
  if (vacant != 0 && vacant < threads) threads = fill(team, threads);
  if (team->manned < threads) recruit(team, threads);
  if (team->manned < threads) threads = team->manned;
  if (team->manned > threads && pp_pool_reuses(team->pool)) release_rest(team, threads);
  if (is_inside_something()) threads = man_seats(team, threads);
  pp_team_catch_up(team, threads);
  team->threads = threads;
  crowded = threads > pp_load_relaxed(&team->pool->cpus); /* whose number may have changed since the region before */
  if (pp_load_relaxed(&team->crowded) != crowded) pp_store_relaxed(&team->crowded, crowded);
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

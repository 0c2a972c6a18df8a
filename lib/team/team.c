/* SPDX-License-Identifier: MIT */
/* team.c: making teams, and finding threads for their seats. None of this runs when a region is like the one before.
 *
 * Why epochs stay comparable (claim/signal.h): all threads of a region pass the same number of barriers, unless it is
 * cancelled. Seats that were not in the latest region have fallen behind; their signals are set to its epoch when they
 * come back (catch_up), and all are after a cancellation. */
#include <string.h>

#include "platform/memory.h"
#include "pool/pool.h"
#include "team/team.h"

enum { PP_TEAM_LEAST = 8 }; /* seats: growing costs a new team */

static uint32_t levels_of(uint32_t thread, uint32_t capacity) {
  uint32_t levels = 0;
  while (levels < PP_TREE_LEVELS && pp_tree_distance(levels) < capacity && thread % pp_tree_distance(levels + 1) == 0)
    levels++;
  return levels;
}

/* Nodes (level, 0 ...) of a team. */
static uint32_t node_count(uint32_t level, uint32_t capacity) {
  return pp_tree_distance(level) < capacity ? (capacity - 1) / pp_tree_distance(level + 1) + 1 : 0;
}

/* Whoever is recruited may be asleep, without having announced it here. */
static void open_nodes(pp_team *team) {
  uint64_t word = (uint64_t)team->epoch << 32 | PP_FORK_SLEEPERS;
  for (uint32_t level = 0; level < PP_TREE_LEVELS; level++) {
    for (uint32_t n = 0; n < node_count(level, team->capacity); n++)
      pp_store_relaxed(&team->nodes[level][n].fork, word);
  }
}

static void furnish(pp_team *team) {
  for (uint32_t t = 0; t < team->capacity; t++) {
    pp_seat *seat = &team->seats[t];
    seat->team = team;
    seat->head.thread = t;
    seat->levels = levels_of(t, team->capacity);
    if (t != 0) seat->home = pp_team_node(team, seat->levels, t);
  }
}

static pp_team *team_make(ppar_pool *pool, uint32_t capacity) {
  size_t offsets[PP_TREE_LEVELS], seats_at, size = sizeof(pp_team);
  unsigned char *block;
  pp_team *team;
  for (uint32_t level = 0; level < PP_TREE_LEVELS; level++) {
    offsets[level] = size;
    size += node_count(level, capacity) * sizeof(pp_node);
  }
  seats_at = size;
  block = pp_memory_zalloc(size + capacity * sizeof(pp_seat));
  if (block == NULL) return NULL;
  team = (pp_team *)block;
  team->pool = pool;
  team->capacity = capacity;
  team->manned = 1;
  team->cpus = pool->cpus;
  team->spin_ticks = pool->spin_ticks;
  team->seats = (pp_seat *)(block + seats_at);
  for (uint32_t level = 0; level < PP_TREE_LEVELS; level++) team->nodes[level] = (pp_node *)(block + offsets[level]);
  pp_cancel_reset(&team->cancel);
  furnish(team);
  open_nodes(team);
  return team;
}

static void free_turns(pp_turns *turns) {
  while (turns != NULL) {
    pp_turns *follow = pp_load_relaxed(&turns->follow);
    pp_memory_free(turns);
    turns = follow;
  }
}

void pp_team_free(pp_team *team) {
  while (team != NULL) {
    pp_team *older = team->older;
    for (uint32_t t = 0; t < team->capacity; t++) {
      pp_stages_free(team->seats[t].puller.oldest);
      pp_memory_free(team->seats[t].scratch);
    }
    free_turns(pp_load_relaxed(&team->turns.follow));
    pp_memory_free(team);
    team = older;
  }
}

/* In a region the other threads may have been in the middle of anything: what they alone held is left to the process's
 * end. */
void pp_team_forget_members(pp_team *team, bool in_region) {
  static const pp_pulse quiet;
  for (uint32_t t = 0; t < team->capacity; t++) {
    pp_seat *seat = &team->seats[t];
    pp_store_relaxed(&seat->worker, NULL);
    if (!in_region) continue;
    seat->puller.oldest = seat->puller.youngest = NULL;
    seat->scratch = NULL;
    seat->scratch_size = 0;
  }
  open_nodes(team);
  for (pp_turns *turns = &team->turns; turns != NULL; turns = pp_load_relaxed(&turns->follow)) {
    pp_store_relaxed(&turns->tag, 0);
    turns->pulse = quiet;
  }
  pp_store_relaxed(&team->turns_lock, 0);
  team->hungry = quiet;
  pp_store_relaxed(&team->cancel.lock, 0);
  team->torn = true;
  team->manned = 1;
}

/* The worker takes the seat: from here on it looks for regions there. */
static void sit_down(pp_seat *seat, pp_worker *worker) {
  pp_store_relaxed(&seat->joined_at, pp_fork_epoch(pp_load_relaxed(&seat->home->fork)));
  pp_store_release(&seat->worker, worker);
  pp_store_seq_cst(&worker->seat, seat); /* a worker that falls asleep looks at it once more after it said so */
}

/* A smaller team's members move to a larger one; the old one's seats stay where they are, since members may still look
 * at them, and nothing begins there any more. */
static void move_members(pp_team *from, pp_team *to) {
  for (uint32_t t = 1; t < from->manned; t++) {
    pp_worker *worker = pp_load_relaxed(&from->seats[t].worker);
    sit_down(&to->seats[t], worker);
  }
  to->manned = from->manned;
}

/* Whether others may wait for what the thread is inside of: see man_seats. */
static bool is_inside_something(void) { return pp_self_get()->place.scope != NULL; }

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

/* Finds threads for seats members ... threads - 1, as many as it can. */
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

static void set_epochs(pp_team *team, uint32_t from, uint32_t past, uint32_t epoch) {
  for (uint32_t t = from; t < past; t++) {
    pp_signal_reset(&team->seats[t].arrival, epoch);
    pp_signal_reset(&team->seats[t].partner, epoch);
    pp_signal_reset(&team->seats[t].end, team->epoch * PP_SIGNAL_STEP);
    for (uint32_t level = 0; level < team->seats[t].levels; level++)
      pp_signal_reset(&pp_team_node(team, level, t)->release, epoch);
  }
}

/* Seats that come back, or all of them, have the epoch of thread 0. */
static void catch_up(pp_team *team, uint32_t threads) {
  if (threads != team->threads) { /* two threads meet and end at words of their own */
    pp_signal_reset(&team->nodes[0][0].end, team->epoch * PP_SIGNAL_STEP);
    pp_signal_reset(&team->seats[1].end, team->epoch * PP_SIGNAL_STEP);
    pp_signal_reset(&team->seats[0].arrival, team->seats[0].epoch);
    pp_signal_reset(&team->seats[1].partner, team->seats[0].epoch);
  }
  if (team->torn) {
    set_epochs(team, 0, team->capacity, team->seats[0].epoch);
    team->torn = false;
  } else if (threads > team->threads) {
    /* thread 0's nodes too: a small team's barriers leave their releases alone */
    set_epochs(team, team->threads, threads, team->seats[0].epoch);
    for (uint32_t t = 0; t < team->threads; t += PP_FORK_CHILDREN) {
      for (uint32_t level = 0; level < team->seats[t].levels; level++)
        pp_signal_reset(&pp_team_node(team, level, t)->release, team->seats[0].epoch);
    }
  }
}

/* A team of more seats for the record, if there is memory for one. */
static void grow(pp_record *record, uint32_t threads) {
  ppar_pool *pool = pp_load_relaxed(&record->pool);
  pp_team *team = record->team, *larger;
  uint32_t least = (uint32_t)pp_pool_threads(pool);
  if (least < PP_TEAM_LEAST) least = PP_TEAM_LEAST;
  if (team != NULL && least < 2 * team->capacity) least = 2 * team->capacity;
  larger = team_make(pool, least > threads ? least : threads);
  if (larger == NULL) return;
  pthread_mutex_lock(&pool->lock); /* a fork, and who closes the pool, must find the members where they are */
  if (!pool->closing) {
    if (team != NULL) move_members(team, larger);
    larger->older = team;
    record->team = larger;
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

/* Of a region that is begun inside something, on a worker or on a thread that helps: the seats of threads that are occupied,
 * one's own perhaps, are given to others, or the team ends before them. One load a seat. */
static uint32_t man_seats(pp_team *team, uint32_t threads) {
  for (uint32_t t = 1; t < threads; t++) {
    pp_seat *seat = &team->seats[t];
    pp_worker *worker = pp_load_relaxed(&seat->worker);
    if (pp_load_seq_cst(&worker->occupied) == 0) continue;
    if (!give_seat(seat, worker, pp_fork_epoch(pp_load_relaxed(&seat->home->fork)))) return t;
  }
  return threads;
}

uint32_t pp_team_fit(pp_record *record, uint32_t threads) {
  pp_team *team = record->team;
  if (team == NULL || team->capacity < threads) {
    grow(record, threads);
    team = record->team;
    if (team == NULL) return 1;
    if (team->capacity < threads) threads = team->capacity;
  }
  if (team->manned < threads) recruit(team, threads);
  if (team->manned < threads) threads = team->manned;
  if (is_inside_something()) threads = man_seats(team, threads);
  catch_up(team, threads);
  team->threads = threads;
  if (pp_load_relaxed(&team->crowded) != (threads > team->cpus)) pp_store_relaxed(&team->crowded, threads > team->cpus);
  return threads;
}

void pp_team_substitute(pp_seat *seat, uint32_t epoch) {
  pp_worker *worker = pp_load_acquire(&seat->worker);
  if (worker == NULL || pp_load_acquire(&seat->claimed) == epoch || pp_load_seq_cst(&worker->occupied) == 0)
    return; /* it is here, or on its way */
  /* The new thread finds the region not yet claimed, and the old one that it has lost the seat, when it comes back. */
  (void)give_seat(seat, worker, epoch - 1);
}

/* Every word that a caller may start first. */
void pp_team_close(pp_team *team) {
  for (uint32_t level = 0; level < team->seats[0].levels; level++) pp_fork_close(&pp_team_node(team, level, 0)->fork);
}

void pp_team_reopen(pp_team *team) {
  for (uint32_t level = 0; level < team->seats[0].levels; level++) pp_fork_reopen(&pp_team_node(team, level, 0)->fork);
}

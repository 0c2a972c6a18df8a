/* SPDX-License-Identifier: MIT */
/* crew.c: making crews, and finding threads for their seats. None of this runs when a region is like the one before.
 *
 * Why epochs stay comparable (claim/signal.h): all threads of a region pass the same number of barriers, unless it is
 * cancelled. Seats that were not in the latest region have fallen behind; their signals are set to its epoch when they
 * come back (catch_up), and all are after a cancellation. */
#include <string.h>

#include "platform/memory.h"
#include "pool/pool.h"
#include "pool/team.h"

enum { PP_CREW_LEAST = 8 }; /* seats: growing costs a new crew */

static uint32_t levels_of(uint32_t thread, uint32_t capacity) {
  uint32_t levels = 0;
  while (levels < PP_TREE_LEVELS && pp_tree_distance(levels) < capacity && thread % pp_tree_distance(levels + 1) == 0)
    levels++;
  return levels;
}

/* Nodes (level, 0 ...) of a crew. */
static uint32_t node_count(uint32_t level, uint32_t capacity) {
  return pp_tree_distance(level) < capacity ? (capacity - 1) / pp_tree_distance(level + 1) + 1 : 0;
}

/* Whoever is recruited may be asleep, without having announced it here. */
static void open_nodes(pp_crew *crew) {
  uint64_t word = (uint64_t)crew->epoch << 32 | PP_FORK_SLEEPERS;
  for (uint32_t level = 0; level < PP_TREE_LEVELS; level++) {
    for (uint32_t n = 0; n < node_count(level, crew->capacity); n++)
      pp_store_relaxed(&crew->nodes[level][n].fork, word);
  }
}

static void furnish(pp_crew *crew) {
  for (uint32_t t = 0; t < crew->capacity; t++) {
    ppar_team *seat = &crew->seats[t];
    seat->crew = crew;
    seat->head.thread = t;
    seat->levels = levels_of(t, crew->capacity);
    if (t != 0) seat->home = pp_crew_node(crew, seat->levels, t);
  }
}

static pp_crew *crew_make(ppar_pool *pool, uint32_t capacity) {
  size_t offsets[PP_TREE_LEVELS], seats_at, size = sizeof(pp_crew);
  unsigned char *block;
  pp_crew *crew;
  for (uint32_t level = 0; level < PP_TREE_LEVELS; level++) {
    offsets[level] = size;
    size += node_count(level, capacity) * sizeof(pp_node);
  }
  seats_at = size;
  block = pp_memory_zalloc(size + capacity * sizeof(ppar_team));
  if (block == NULL) return NULL;
  crew = (pp_crew *)block;
  crew->pool = pool;
  crew->capacity = capacity;
  crew->members = 1;
  crew->cpus = pool->cpus;
  crew->spin_ticks = pool->spin_ticks;
  crew->seats = (ppar_team *)(block + seats_at);
  for (uint32_t level = 0; level < PP_TREE_LEVELS; level++) crew->nodes[level] = (pp_node *)(block + offsets[level]);
  pp_cancel_reset(&crew->cancel);
  furnish(crew);
  open_nodes(crew);
  return crew;
}

static void free_orders(pp_order *order) {
  while (order != NULL) {
    pp_order *follow = pp_load_relaxed(&order->follow);
    pp_memory_free(order);
    order = follow;
  }
}

void pp_crew_free(pp_crew *crew) {
  while (crew != NULL) {
    pp_crew *older = crew->older;
    for (uint32_t t = 0; t < crew->capacity; t++) {
      pp_stages_free(crew->seats[t].puller.oldest);
      pp_memory_free(crew->seats[t].scratch);
    }
    free_orders(pp_load_relaxed(&crew->orders.follow));
    pp_memory_free(crew);
    crew = older;
  }
}

/* In a region the other threads may have been in the middle of anything: what they alone held is left to the process's
 * end. */
void pp_crew_forget_members(pp_crew *crew, bool in_region) {
  static const pp_pulse quiet;
  for (uint32_t t = 0; t < crew->capacity; t++) {
    ppar_team *seat = &crew->seats[t];
    pp_store_relaxed(&seat->worker, NULL);
    if (!in_region) continue;
    seat->puller.oldest = seat->puller.youngest = NULL;
    seat->scratch = NULL;
    seat->scratch_size = 0;
  }
  open_nodes(crew);
  for (pp_order *order = &crew->orders; order != NULL; order = pp_load_relaxed(&order->follow)) {
    pp_store_relaxed(&order->tag, 0);
    order->pulse = quiet;
  }
  pp_store_relaxed(&crew->orders_lock, 0);
  crew->hungry = quiet;
  pp_store_relaxed(&crew->cancel.lock, 0);
  crew->torn = true;
  crew->members = 1;
}

/* The worker takes the seat: from here on it looks for regions there. */
static void sit_down(ppar_team *seat, pp_worker *worker) {
  pp_store_relaxed(&seat->joined_at, pp_fork_epoch(pp_load_relaxed(&seat->home->fork)));
  pp_store_release(&seat->worker, worker);
  pp_store_seq_cst(&worker->seat, seat); /* a worker that falls asleep looks at it once more after it said so */
}

/* A smaller crew's members move to a larger one; the old one's seats stay where they are, since members may still look
 * at them, and nothing begins there any more. */
static void move_members(pp_crew *from, pp_crew *to) {
  for (uint32_t t = 1; t < from->members; t++) {
    pp_worker *worker = pp_load_relaxed(&from->seats[t].worker);
    sit_down(&to->seats[t], worker);
  }
  to->members = from->members;
}

/* Whether others may wait for what the thread is inside of: see man_seats. */
static bool is_inside_something(void) { return pp_self_get()->place.scope != NULL; }

static bool may_sit_down(pp_worker *worker) {
  if (pp_load_relaxed(&worker->seat) != NULL) return false;
  return !is_inside_something() || pp_load_seq_cst(&worker->occupied) == 0;
}

/* The regular worker of the thread's number, else any that serves no crew; starts it if need be. */
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
static void recruit(pp_crew *crew, uint32_t threads) {
  ppar_pool *pool = crew->pool;
  pthread_mutex_lock(&pool->lock);
  while (crew->members < threads && !pool->closing) {
    ppar_team *seat = &crew->seats[crew->members];
    pp_worker *worker = find_regular(pool, crew->members);
    if (worker != NULL) {
      sit_down(seat, worker);
    } else {
      pp_store_relaxed(&seat->joined_at, pp_fork_epoch(pp_load_relaxed(&seat->home->fork)));
      worker = pp_pool_start_extra(pool, seat);
      if (worker == NULL) break;
      pp_store_release(&seat->worker, worker);
    }
    crew->members++;
  }
  pthread_mutex_unlock(&pool->lock);
}

static void set_epochs(pp_crew *crew, uint32_t from, uint32_t past, uint32_t epoch) {
  for (uint32_t t = from; t < past; t++) {
    pp_signal_reset(&crew->seats[t].arrival, epoch);
    pp_signal_reset(&crew->seats[t].partner, epoch);
    pp_signal_reset(&crew->seats[t].end, crew->epoch * PP_SIGNAL_STEP);
    for (uint32_t level = 0; level < crew->seats[t].levels; level++)
      pp_signal_reset(&pp_crew_node(crew, level, t)->release, epoch);
  }
}

/* Seats that come back, or all of them, have the epoch of thread 0. */
static void catch_up(pp_crew *crew, uint32_t threads) {
  if (threads != crew->threads) { /* two threads meet and end at words of their own */
    pp_signal_reset(&crew->nodes[0][0].end, crew->epoch * PP_SIGNAL_STEP);
    pp_signal_reset(&crew->seats[1].end, crew->epoch * PP_SIGNAL_STEP);
    pp_signal_reset(&crew->seats[0].arrival, crew->seats[0].epoch);
    pp_signal_reset(&crew->seats[1].partner, crew->seats[0].epoch);
  }
  if (crew->torn) {
    set_epochs(crew, 0, crew->capacity, crew->seats[0].epoch);
    crew->torn = false;
  } else if (threads > crew->threads) {
    /* thread 0's nodes too: a small team's barriers leave their releases alone */
    set_epochs(crew, crew->threads, threads, crew->seats[0].epoch);
    for (uint32_t t = 0; t < crew->threads; t += PP_FORK_CHILDREN) {
      for (uint32_t level = 0; level < crew->seats[t].levels; level++)
        pp_signal_reset(&pp_crew_node(crew, level, t)->release, crew->seats[0].epoch);
    }
  }
}

/* A crew of more seats for the record, if there is memory for one. */
static void grow(pp_record *record, uint32_t threads) {
  ppar_pool *pool = pp_load_relaxed(&record->pool);
  pp_crew *crew = record->crew, *larger;
  uint32_t least = (uint32_t)pp_pool_threads(pool);
  if (least < PP_CREW_LEAST) least = PP_CREW_LEAST;
  if (crew != NULL && least < 2 * crew->capacity) least = 2 * crew->capacity;
  larger = crew_make(pool, least > threads ? least : threads);
  if (larger == NULL) return;
  pthread_mutex_lock(&pool->lock); /* a fork, and who closes the pool, must find the members where they are */
  if (!pool->closing) {
    if (crew != NULL) move_members(crew, larger);
    larger->older = crew;
    record->crew = larger;
    larger = NULL;
  }
  pthread_mutex_unlock(&pool->lock);
  pp_memory_free(larger);
}

/* Gives the seat of a worker to a new thread, which serves regions after `epoch`. False: there is none. */
static bool give_seat(ppar_team *seat, const pp_worker *worker, uint32_t epoch) {
  ppar_pool *pool = seat->crew->pool;
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
static uint32_t man_seats(pp_crew *crew, uint32_t threads) {
  for (uint32_t t = 1; t < threads; t++) {
    ppar_team *seat = &crew->seats[t];
    pp_worker *worker = pp_load_relaxed(&seat->worker);
    if (pp_load_seq_cst(&worker->occupied) == 0) continue;
    if (!give_seat(seat, worker, pp_fork_epoch(pp_load_relaxed(&seat->home->fork)))) return t;
  }
  return threads;
}

uint32_t pp_crew_fit(pp_record *record, uint32_t threads) {
  pp_crew *crew = record->crew;
  if (crew == NULL || crew->capacity < threads) {
    grow(record, threads);
    crew = record->crew;
    if (crew == NULL) return 1;
    if (crew->capacity < threads) threads = crew->capacity;
  }
  if (crew->members < threads) recruit(crew, threads);
  if (crew->members < threads) threads = crew->members;
  if (is_inside_something()) threads = man_seats(crew, threads);
  catch_up(crew, threads);
  crew->threads = threads;
  if (pp_load_relaxed(&crew->crowded) != (threads > crew->cpus)) pp_store_relaxed(&crew->crowded, threads > crew->cpus);
  return threads;
}

void pp_crew_substitute(ppar_team *seat, uint32_t epoch) {
  pp_worker *worker = pp_load_acquire(&seat->worker);
  if (worker == NULL || pp_load_acquire(&seat->claimed) == epoch || pp_load_seq_cst(&worker->occupied) == 0)
    return; /* it is here, or on its way */
  /* The new thread finds the region not yet claimed, and the old one that it has lost the seat, when it comes back. */
  (void)give_seat(seat, worker, epoch - 1);
}

/* Every word that a caller may start first. */
void pp_crew_close(pp_crew *crew) {
  for (uint32_t level = 0; level < crew->seats[0].levels; level++) pp_fork_close(&pp_crew_node(crew, level, 0)->fork);
}

void pp_crew_reopen(pp_crew *crew) {
  for (uint32_t level = 0; level < crew->seats[0].levels; level++) pp_fork_reopen(&pp_crew_node(crew, level, 0)->fork);
}

/* SPDX-License-Identifier: MIT */
/* team.c: making teams, and what keeps their words in order. None of this runs when a region is like the one before.
 *
 * Why epochs stay comparable (claim/signal.h): all threads of a region pass the same number of barriers, unless it is
 * cancelled. Seats that were not in the latest region have fallen behind; their signals are set to its epoch when they
 * come back (pp_team_catch_up), and all are after a cancellation. */
#include "team/team.h"

#include "platform/memory.h"
#include "pool/pool.h"
#include "schedule/tuning.h"
#include "team/pair.h"

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

/* meetings: one a seat, NULL where threads are not checked. */
static void furnish(pp_team *team, pp_meeting *meetings) {
  for (uint32_t t = 0; t < team->capacity; t++) {
    pp_seat *seat = &team->seats[t];
    seat->team = team;
    seat->head.thread = t;
    seat->levels = levels_of(t, team->capacity);
    if (t != 0) seat->home = pp_team_node(team, seat->levels, t);
    seat->meeting = meetings != NULL ? &meetings[t] : NULL;
  }
}

pp_team *pp_team_make(ppar_pool *pool, uint32_t capacity) {
  size_t offsets[PP_TREE_LEVELS], seats_at, meetings_at, size = sizeof(pp_team);
  unsigned char *block;
  pp_team *team;
  for (uint32_t level = 0; level < PP_TREE_LEVELS; level++) {
    offsets[level] = size;
    size += node_count(level, capacity) * sizeof(pp_node);
  }
  seats_at = size;
  meetings_at = size + capacity * sizeof(pp_seat);
  size = meetings_at + (pool->checks ? capacity * sizeof(pp_meeting) : 0);
  block = pp_memory_zalloc(size);
  if (block == NULL) return NULL;
  team = (pp_team *)block;
  team->pool = pool;
  team->capacity = capacity;
  team->manned = 1;
  team->seats = (pp_seat *)(block + seats_at);
  for (uint32_t level = 0; level < PP_TREE_LEVELS; level++) team->nodes[level] = (pp_node *)(block + offsets[level]);
  pp_cancel_reset(&team->cancel);
  furnish(team, pool->checks ? (pp_meeting *)(block + meetings_at) : NULL);
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

static void trim_turns(pp_team *team) {
  pp_turns *last = &team->turns;
  if (team->turns_made <= PP_KEPT_TURNS) return;
  for (uint32_t kept = 0; kept < PP_KEPT_TURNS; kept++) last = pp_load_relaxed(&last->follow);
  free_turns(pp_load_relaxed(&last->follow));
  pp_store_relaxed(&last->follow, NULL);
  team->turns_made = PP_KEPT_TURNS;
  team->turns_newest = 0; /* no region's */
  team->turns_taken = NULL;
}

/* All threads have ended their parts, so nobody looks at any of this any more (T3). */
void pp_team_trim(pp_team *team) {
  pp_store_relaxed(&team->swollen, 0);
  for (uint32_t t = 0; t < team->capacity; t++) {
    pp_seat *seat = &team->seats[t];
    pp_stages_trim(&seat->puller);
    if (seat->scratch_size <= PP_KEPT_PARTIALS) continue;
    pp_memory_free(seat->scratch);
    seat->scratch = NULL;
    seat->scratch_size = 0;
  }
  trim_turns(team);
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

void pp_team_forget_threads(pp_team *team, bool torn) {
  static const pp_pulse quiet;
  for (uint32_t t = 0; t < team->capacity; t++) {
    pp_seat *seat = &team->seats[t];
    pp_store_relaxed(&seat->worker, NULL);
    if (!torn) continue;
    seat->puller.oldest = seat->puller.youngest = NULL;
    seat->puller.made = 0;
    seat->scratch = NULL;
    seat->scratch_size = 0;
    /* It may be a later region's, which has not begun in this process. */
    pp_store_relaxed(&seat->claimed, team->epoch);
  }
  if (torn) {
    pp_store_relaxed(&team->turns.follow, NULL);
    team->turns_made = 0;
    team->turns_newest = 0;
    team->turns_taken = NULL;
  }
  open_nodes(team);
  for (pp_turns *turns = &team->turns; turns != NULL; turns = pp_load_relaxed(&turns->follow)) {
    pp_store_relaxed(&turns->tag, 0);
    turns->pulse = quiet;
  }
  pp_store_relaxed(&team->turns_lock, 0);
  team->hungry = quiet;
  for (int p = 0; p < PP_POST_PULSES; p++) team->posts[p] = quiet;
  pp_store_relaxed(&team->cancel.lock, 0);
  team->torn = true;
  team->manned = 1;
  pp_store_relaxed(&team->vacant, 0);
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
void pp_team_catch_up(pp_team *team, uint32_t threads) {
  if (threads != team->threads || team->torn) pp_pair_reset(team);
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

/* Every word that a caller may start first. */
void pp_team_close(pp_team *team) {
  for (uint32_t level = 0; level < team->seats[0].levels; level++) pp_fork_close(&pp_team_node(team, level, 0)->fork);
}

void pp_team_reopen(pp_team *team) {
  if (pp_load_relaxed(&team->vacant) == PP_SEATS_LEFT) return;
  for (uint32_t level = 0; level < team->seats[0].levels; level++) pp_fork_reopen(&pp_team_node(team, level, 0)->fork);
}

/* Release: pairs with pp_team_fit's look, as where one thread leaves. */
void pp_team_vacate(pp_team *team) {
  if (team->manned > 1) pp_store_release(&team->vacant, PP_SEATS_LEFT);
}

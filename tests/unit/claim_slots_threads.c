/* SPDX-License-Identifier: MIT */
/* claim_slots_threads.c: threads that join, adopt and leave a group's slots, loop after loop: each part has one taker,
 * each slot one user, no unit of work is lost, and a caller that sleeps is woken. */
#include <pthread.h>
#include <sched.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"
#include "claim/slots.h"
#include "platform/park.h"

TestSuite(claim_slots_threads, .timeout = SCALE_TIMEOUT);

enum { SLOTS = PP_GROUP_SLOTS };

/* A loop after a loop on one group. All that is not atomic is ordered by the group's word alone. */
typedef struct game {
  pp_group group;
  pp_atomic_u32 stop, parked;
  pp_atomic_u32 parts_joined, thefts; /* that it came to what is tested */
  pp_atomic_u32 in_use[SLOTS];
  struct findings found;

  uint32_t slots;
  uint64_t weight;          /* of slot s's part: weight + s units */
  uint32_t takers[SLOTS];   /* of each part */
  uint64_t partials[SLOTS]; /* of each slot */
} game;

typedef struct player {
  game *g;
  uint32_t number;
} player;

static uint64_t part_units(game *g, uint32_t slot) {
  g->takers[slot]++;
  return g->weight + slot;
}

static uint64_t adopt_units(game *g, uint32_t most) {
  uint32_t first = 0, count = pp_group_adopt(&g->group, most, &first);
  uint64_t units = 0;
  for (uint32_t k = 0; k < count; k++) units += part_units(g, first + k);
  return units;
}

static void *play(void *arg) {
  const player *self = arg;
  game *g = self->g;
  uint64_t random = self->number;
  while (pp_load_relaxed(&g->stop) == 0) {
    uint64_t r = work_random(&random), units = 0;
    pp_join join = pp_group_join(&g->group, self->number, (r & 1) != 0);
    if (join.slot < 0) {
      sched_yield();
      continue;
    }
    uint32_t slot = (uint32_t)join.slot;
    EXPECT(&g->found, pp_exchange_acquire(&g->in_use[slot], 1) == 0);
    EXPECT(&g->found, slot < g->slots);
    if (join.part) units += part_units(g, slot);
    pp_add_relaxed(join.part ? &g->parts_joined : &g->thefts, 1);
    if ((r & 2) != 0) units += adopt_units(g, 1 + (uint32_t)(r >> 2) % SLOTS);
    if ((r & 0x300) == 0) sched_yield();
    if (units != 0) g->partials[slot] = (join.anew ? 0 : g->partials[slot]) + units;
    EXPECT(&g->found, pp_exchange_acquire(&g->in_use[slot], 0) == 1);
    if (pp_group_leave(&g->group, slot, units, units != 0 && join.anew) && pp_exchange_acq_rel(&g->parked, 0) != 0) {
      pp_unpark_one(&g->parked);
    }
  }
  return NULL;
}

static bool is_complete(game *g, uint64_t own, uint64_t total) {
  return own + (pp_load_acquire(&g->group.word) & PP_DONE_MASK) == total;
}

static void await_others(game *g, uint64_t own, uint64_t total, bool parks) {
  while (!is_complete(g, own, total)) {
    if (!parks) {
      sched_yield();
      continue;
    }
    (void)pp_exchange_acq_rel(&g->parked, 1);
    (void)pp_group_announce(&g->group);
    if (!is_complete(g, own, total)) pp_park(&g->parked, 1);
  }
}

static void play_round(game *g, uint64_t r, bool sharing) {
  bool first = (r & 1) != 0;
  uint64_t own = 0, total = 0, partials = 0;
  while (!pp_group_seize(&g->group)) sched_yield(); /* late thieves */
  g->slots = 1 + (uint32_t)(r >> 8) % SLOTS;
  g->weight = 1 + (r >> 16) % ((uint64_t)1 << 28);
  for (uint32_t s = 0; s < SLOTS; s++) {
    g->takers[s] = 0;
    g->partials[s] = UINT64_MAX;
  }
  for (uint32_t s = 0; s < g->slots; s++) total += g->weight + s;
  pp_group_open(&g->group, g->slots, first, sharing, false);
  if (first) own += part_units(g, 0);
  if ((r & 2) != 0) sched_yield();
  for (uint64_t units; (units = adopt_units(g, 1 + (uint32_t)(r >> 4) % SLOTS)) != 0;) own += units;
  await_others(g, own, total, (r & 4) != 0);

  uint64_t word = pp_load_relaxed(&g->group.word);
  for (uint32_t s = 0; s < SLOTS; s++) EXPECT(&g->found, g->takers[s] == (s < g->slots ? 1 : 0));
  for (uint32_t s = first ? 1 : 0; s < g->slots; s++) {
    if ((pp_group_field(word, PP_WORKED_SHIFT) >> s & 1u) != 0) partials += g->partials[s];
  }
  EXPECT(&g->found, own + partials == total);
  EXPECT(&g->found, sharing || pp_group_is_quiet(&g->group, word));
}

/* On a busy machine the caller alone may run loop after loop. */
static bool has_seen_all(game *g, bool sharing) {
  return pp_load_relaxed(&g->parts_joined) != 0 && (!sharing || pp_load_relaxed(&g->thefts) != 0);
}

static void play_rounds(uint32_t players, bool sharing) {
  pthread_t threads[6];
  player team[6];
  uint64_t random = players;
  static game g;
  pp_store_relaxed(&g.group.word, PP_CLOSED);
  for (uint32_t p = 0; p < players; p++) {
    team[p] = (player){&g, p + 1};
    cr_assert_eq(pthread_create(&threads[p], NULL, play, &team[p]), 0);
  }
  for (uint64_t round = scaled(30000);
       (round != 0 || !has_seen_all(&g, sharing)) && atomic_load(&g.found.count) == 0;) {
    play_round(&g, work_random(&random), sharing);
    if (round != 0) round--;
  }
  pp_store_relaxed(&g.stop, 1);
  for (uint32_t p = 0; p < players; p++) pthread_join(threads[p], NULL);
  ASSERT_CLEAN(&g.found, sharing ? "sharing" : "not sharing");
  cr_expect(sharing || pp_load_relaxed(&g.thefts) == 0);
}

Test(claim_slots_threads, one_worker_and_the_caller_run_each_part_once) { play_rounds(1, false); }
Test(claim_slots_threads, workers_and_the_caller_run_each_part_once) { play_rounds(5, false); }
Test(claim_slots_threads, one_thief_and_the_caller_run_each_part_once) { play_rounds(1, true); }
Test(claim_slots_threads, thieves_and_the_caller_run_each_part_once) { play_rounds(5, true); }

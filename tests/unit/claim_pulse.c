/* SPDX-License-Identifier: MIT */
/* claim_pulse.c: a pulse: whom it wakes, and threads that sleep until something changes: no wake is lost. A lost one
 * shows as a test that does not end. */
#include "claim/pulse.h"

#include <pthread.h>

#include "../support/findings.h"
#include "../support/scale.h"

TestSuite(claim_pulse, .timeout = SCALE_TIMEOUT);

Test(claim_pulse, a_wake_for_nobody_changes_nothing) {
  pp_pulse pulse = {0, 0};
  cr_expect_not(pp_pulse_has_sleepers(&pulse));
  pp_pulse_wake(&pulse);
  cr_expect_eq(pp_load_relaxed(&pulse.beat), 0);
}

Test(claim_pulse, sleepers_are_counted_until_they_are_done) {
  pp_pulse pulse = {0, 0};
  (void)pp_pulse_prepare(&pulse);
  (void)pp_pulse_prepare(&pulse);
  cr_expect(pp_pulse_has_sleepers(&pulse));
  pp_pulse_done(&pulse);
  cr_expect(pp_pulse_has_sleepers(&pulse));
  pp_pulse_done(&pulse);
  cr_expect_not(pp_pulse_has_sleepers(&pulse));
}

Test(claim_pulse, nobody_sleeps_through_a_wake_that_came_since_it_prepared) {
  pp_pulse pulse = {0, UINT32_MAX};
  uint32_t beat = pp_pulse_prepare(&pulse);
  cr_expect_eq(beat, UINT32_MAX);
  pp_pulse_wake(&pulse);
  cr_expect_eq(pp_load_relaxed(&pulse.beat), 0);
  pp_pulse_park(&pulse, beat); /* returns */
  pp_pulse_done(&pulse);
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { PLAYERS = 3 };

typedef struct game {
  pp_pulse pulse;
  pp_atomic_u32 turn;
  uint32_t rounds, payload; /* turn alone orders the accesses to it */
  bool looks_first;
  struct findings found;
} game;

typedef struct player {
  game *g;
  uint32_t number;
  pthread_t thread;
} player;

static bool is_turn(player *self) { return pp_load_seq_cst(&self->g->turn) % PLAYERS == self->number; }

static void *take_turns(void *arg) {
  player *self = arg;
  game *g = self->g;
  for (uint32_t round = 0; round < g->rounds; round++) {
    while (!is_turn(self)) {
      uint32_t beat = pp_pulse_prepare(&g->pulse);
      if (!is_turn(self)) pp_pulse_park(&g->pulse, beat);
      pp_pulse_done(&g->pulse);
    }
    EXPECT(&g->found, g->payload == round * PLAYERS + self->number);
    g->payload++;
    pp_store_seq_cst(&g->turn, pp_load_relaxed(&g->turn) + 1);
    if (!g->looks_first || pp_pulse_has_sleepers(&g->pulse)) pp_pulse_wake(&g->pulse);
  }
  return NULL;
}

static void play(bool looks_first) {
  static game g;
  player players[PLAYERS];
  g.rounds = (uint32_t)scaled(5000);
  g.looks_first = looks_first;
  for (uint32_t p = 0; p < PLAYERS; p++) {
    players[p] = (player){.g = &g, .number = p};
    cr_assert_eq(pthread_create(&players[p].thread, NULL, take_turns, &players[p]), 0);
  }
  for (uint32_t p = 0; p < PLAYERS; p++) pthread_join(players[p].thread, NULL);
  cr_expect_eq(g.payload, g.rounds * PLAYERS);
  cr_expect_not(pp_pulse_has_sleepers(&g.pulse));
  ASSERT_CLEAN(&g.found, "threads that take turns");
}

Test(claim_pulse, every_turn_wakes_who_has_the_next) { play(false); }
Test(claim_pulse, a_cheap_look_first_loses_no_wake) { play(true); }

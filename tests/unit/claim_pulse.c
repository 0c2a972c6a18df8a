/* SPDX-License-Identifier: MIT */
/* claim_pulse.c: a pulse: whom it wakes, and threads that sleep until something changes: no wake is lost. A lost one
 * shows as a test that does not end. */
#include "claim/pulse.h"

#include <pthread.h>
#include <sched.h>

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

Test(claim_pulse, waking_one_does_as_waking_all_where_nobody_or_one_prepared) {
  pp_pulse pulse = {0, UINT32_MAX};
  uint32_t beat;
  pp_pulse_wake_one(&pulse);
  cr_expect_eq(pp_load_relaxed(&pulse.beat), UINT32_MAX, "nobody sleeps");
  beat = pp_pulse_prepare(&pulse);
  pp_pulse_wake_one(&pulse);
  cr_expect_eq(pp_load_relaxed(&pulse.beat), 0);
  pp_pulse_park(&pulse, beat); /* returns */
  pp_pulse_done(&pulse);
}

/* The beat is for all: whoever prepared before it does not sleep, so that a thread that was woken for nothing looks
 * again. */
Test(claim_pulse, nobody_that_prepared_sleeps_through_a_wake_for_one) {
  pp_pulse pulse = {0, 7};
  uint32_t first = pp_pulse_prepare(&pulse), second = pp_pulse_prepare(&pulse);
  pp_pulse_wake_one(&pulse);
  pp_pulse_park(&pulse, first);  /* returns */
  pp_pulse_park(&pulse, second); /* returns */
  pp_pulse_done(&pulse);
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

/* --- Waking one --------------------------------------------------------------------------------------------- */

/* Something that one thread at a time has. Whoever gives it up wakes one, and that one takes it, or somebody else has
 * it and will wake another. */
typedef struct lock_game {
  pp_pulse pulse;
  pp_atomic_u32 taken;
  uint32_t rounds, payload; /* of whoever has it */
  pp_atomic_u32 sleeps;
} lock_game;

static bool try_lock(lock_game *g) { return pp_exchange_seq_cst(&g->taken, 1) == 0; }

static void *take_and_give(void *arg) {
  lock_game *g = arg;
  for (uint32_t round = 0; round < g->rounds; round++) {
    while (!try_lock(g)) {
      uint32_t beat = pp_pulse_prepare(&g->pulse);
      bool got = try_lock(g);
      if (!got) {
        pp_add_relaxed(&g->sleeps, 1);
        pp_pulse_park(&g->pulse, beat);
      }
      pp_pulse_done(&g->pulse);
      if (got) break;
    }
    g->payload++;
    if (round % 8 == 0) (void)sched_yield(); /* so that others come, and sleep */
    pp_store_seq_cst(&g->taken, 0);
    pp_pulse_wake_one(&g->pulse);
  }
  return NULL;
}

Test(claim_pulse, what_one_can_use_is_passed_on_and_nobody_is_left_asleep) {
  static lock_game g;
  pthread_t threads[PLAYERS + 1];
  g.rounds = (uint32_t)scaled(4000);
  for (int p = 0; p <= PLAYERS; p++) cr_assert_eq(pthread_create(&threads[p], NULL, take_and_give, &g), 0);
  for (int p = 0; p <= PLAYERS; p++) pthread_join(threads[p], NULL);
  cr_expect_eq(g.payload, g.rounds * (PLAYERS + 1));
  cr_expect_not(pp_pulse_has_sleepers(&g.pulse));
}

/* SPDX-License-Identifier: MIT */
/* claim_signal.c: a signal's word: epochs that only grow, and threads that wait for them: no wake is lost, and no
 * cancellation. A lost one shows as a test that does not end. */
#include "claim/signal.h"

#include <pthread.h>
#include <string.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"
#include "platform/cache_line.h"

TestSuite(claim_signal, .timeout = SCALE_TIMEOUT);

static uint32_t word_of(pp_signal *signal) { return pp_load_relaxed(&signal->word); }

Test(claim_signal, a_target_is_there_once_the_owner_has_come_to_it_or_past_it) {
  pp_signal signal = {0};
  for (uint32_t epoch = 0; epoch < 40; epoch += PP_SIGNAL_STEP) {
    pp_signal_advance(&signal, epoch);
    for (uint32_t target = 0; target < 40; target += PP_SIGNAL_STEP)
      cr_assert_eq(pp_signal_has(&signal, target), target <= epoch);
  }
}

Test(claim_signal, epochs_compare_across_the_end_of_their_range) {
  for (uint32_t back = 1; back < 5; back++) {
    uint32_t before = 0u - back * PP_SIGNAL_STEP, after = (5 - back) * PP_SIGNAL_STEP;
    cr_expect(pp_signal_is_past(after, before));
    cr_expect(pp_signal_is_past(after | PP_SIGNAL_SLEEPERS | PP_SIGNAL_CANCELED, before));
    cr_expect_not(pp_signal_is_past(before, after));
    cr_expect_not(pp_signal_is_past(before | PP_SIGNAL_SLEEPERS | PP_SIGNAL_CANCELED, after));
  }
}

Test(claim_signal, whoever_sleeps_leaves_a_mark_and_the_owner_takes_it_away) {
  pp_signal signal = {0};
  uint32_t parked = 99, other = 99;
  cr_assert(pp_signal_sleep(&signal, PP_SIGNAL_STEP, &parked));
  cr_expect_eq(parked, PP_SIGNAL_SLEEPERS);
  cr_expect_eq(word_of(&signal), parked);
  cr_assert(pp_signal_sleep(&signal, 2 * PP_SIGNAL_STEP, &other));
  cr_expect_eq(other, parked);
  pp_signal_advance(&signal, PP_SIGNAL_STEP);
  cr_expect_eq(word_of(&signal), PP_SIGNAL_STEP);
  pp_signal_park(&signal, parked); /* returns: the word is another */
}

Test(claim_signal, nobody_sleeps_for_what_is_there) {
  pp_signal signal = {0};
  uint32_t parked = 99;
  pp_signal_advance(&signal, 3 * PP_SIGNAL_STEP);
  cr_expect_not(pp_signal_sleep(&signal, 3 * PP_SIGNAL_STEP, &parked));
  cr_expect_not(pp_signal_sleep(&signal, PP_SIGNAL_STEP, &parked));
  cr_expect_eq(word_of(&signal), 3 * PP_SIGNAL_STEP);
}

Test(claim_signal, a_cancellation_changes_no_epoch_and_is_gone_with_the_next) {
  pp_signal signal = {0};
  uint32_t parked = 0;
  pp_signal_advance(&signal, PP_SIGNAL_STEP);
  pp_signal_cancel(&signal);
  cr_expect(pp_signal_has(&signal, PP_SIGNAL_STEP));
  cr_expect_not(pp_signal_has(&signal, 2 * PP_SIGNAL_STEP));
  cr_assert(pp_signal_sleep(&signal, 2 * PP_SIGNAL_STEP, &parked));
  cr_expect_eq(parked, PP_SIGNAL_STEP | PP_SIGNAL_CANCELED | PP_SIGNAL_SLEEPERS);
  pp_signal_advance(&signal, 2 * PP_SIGNAL_STEP);
  cr_expect_eq(word_of(&signal), 2 * PP_SIGNAL_STEP);
  pp_signal_cancel(&signal);
  pp_signal_reset(&signal, 7 * PP_SIGNAL_STEP);
  cr_expect_eq(word_of(&signal), 7 * PP_SIGNAL_STEP);
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { PLAYERS = 3 };

typedef struct game {
  struct {
    PP_LINE_ALIGNED pp_signal signal;
    uint32_t payload[2]; /* the signal alone orders the accesses to it */
  } players[PLAYERS];
  pp_atomic_u32 canceled;
  uint32_t rounds;
  struct findings found;
} game;

typedef struct player {
  game *g;
  uint32_t number;
  pthread_t thread;
} player;

/* False: cancelled. */
static bool await(game *g, pp_signal *signal, uint32_t target) {
  for (int looks = 0; looks < 100; looks++) {
    if (pp_signal_has(signal, target)) return true;
  }
  for (;;) {
    uint32_t parked;
    if (!pp_signal_sleep(signal, target, &parked)) return true;
    if (pp_load_acquire(&g->canceled) != 0) return false;
    pp_signal_park(signal, parked);
    if (pp_signal_has(signal, target)) return true;
    if (pp_load_acquire(&g->canceled) != 0) return false;
  }
}

static void *meet(void *arg) {
  player *self = arg;
  game *g = self->g;
  for (uint32_t round = 1; round <= g->rounds; round++) {
    g->players[self->number].payload[round % 2] = round; /* nobody is more than one round ahead */
    pp_signal_advance(&g->players[self->number].signal, round * PP_SIGNAL_STEP);
    for (uint32_t p = 0; p < PLAYERS; p++) {
      if (!await(g, &g->players[p].signal, round * PP_SIGNAL_STEP)) return NULL;
      EXPECT(&g->found, g->players[p].payload[round % 2] == round);
    }
  }
  return NULL;
}

static void start(game *g, player *players, uint32_t count) {
  for (uint32_t p = 0; p < count; p++) {
    players[p] = (player){.g = g, .number = p};
    cr_assert_eq(pthread_create(&players[p].thread, NULL, meet, &players[p]), 0);
  }
}

Test(claim_signal, all_that_meet_see_what_the_others_wrote_before) {
  static game g;
  player players[PLAYERS];
  g.rounds = (uint32_t)scaled(20000) & ~1u;
  start(&g, players, PLAYERS);
  for (uint32_t p = 0; p < PLAYERS; p++) pthread_join(players[p].thread, NULL);
  ASSERT_CLEAN(&g.found, "threads that wait for each other's signals");
}

Test(claim_signal, a_cancellation_ends_every_wait) {
  static game g;
  for (uint64_t round = scaled(600); round != 0; round--) {
    player players[PLAYERS];
    memset(&g, 0, sizeof g);
    g.rounds = 50;
    start(&g, players, PLAYERS - 1); /* one never comes */
    work_spin(round % 100 * 100);
    pp_store_release(&g.canceled, 1);
    for (uint32_t p = 0; p < PLAYERS; p++) pp_signal_cancel(&g.players[p].signal);
    for (uint32_t p = 0; p < PLAYERS - 1; p++) pthread_join(players[p].thread, NULL);
  }
}

/* SPDX-License-Identifier: MIT */
/* claim_turns.c: a chain of orders: whose each is, when it may be another prange's, and threads that pass turns along,
 * in several pranges at once. A turn that is lost shows as a test that does not end. */
#include "claim/turns.h"

#include <pthread.h>

#include "../support/findings.h"
#include "../support/scale.h"

TestSuite(claim_turns, .timeout = SCALE_TIMEOUT);

static uint64_t tag(uint32_t epoch, uint32_t number) { return pp_turns_tag(epoch, number); }

/* --- States ----------------------------------------------------------------------------------------------- */

Test(claim_turns, tags_of_different_pranges_differ) {
  cr_expect_neq(tag(1, 1), 0);
  cr_expect_neq(tag(1, 2), tag(2, 1));
  cr_expect_neq(tag(1, 1), tag(1, 2));
  cr_expect_neq(tag(1, UINT32_MAX), tag(2, 0));
}

Test(claim_turns, a_prange_without_an_order_finds_none) {
  pp_turns turns[2] = {0};
  cr_expect_null(pp_turns_find(&turns[0], tag(1, 1)), "alone in the chain, and nobody's");
  pp_store_release(&turns[0].follow, &turns[1]);
  pp_turns_open(&turns[0], tag(1, 2));
  cr_expect_null(pp_turns_find(&turns[0], tag(1, 1)));
  cr_expect_null(pp_turns_find(&turns[0], tag(2, 2)), "the same number in another region");
}

Test(claim_turns, each_prange_finds_its_own_wherever_it_is_in_the_chain) {
  enum { LENGTH = 5 };
  pp_turns turns[LENGTH] = {0};
  for (uint32_t k = 0; k < LENGTH; k++) {
    if (k != 0) pp_store_release(&turns[k - 1].follow, &turns[k]);
    pp_turns_open(&turns[k], tag(3, LENGTH - k));
  }
  for (uint32_t k = 0; k < LENGTH; k++) cr_expect_eq(pp_turns_find(&turns[0], tag(3, LENGTH - k)), &turns[k]);
}

Test(claim_turns, who_finds_an_order_changes_nothing_in_it) {
  pp_turns turns = {0};
  pp_turns_open(&turns, tag(1, 2));
  cr_expect(pp_turns_are_at(&turns, 0));
  pp_turns_pass(&turns, 4);
  cr_assert_eq(pp_turns_find(&turns, tag(1, 2)), &turns);
  cr_expect(pp_turns_are_at(&turns, 4));
  cr_expect_not(pp_turns_are_at(&turns, 3));
  cr_expect_not(pp_turns_are_at(&turns, 5));
}

Test(claim_turns, one_that_is_nobodys_is_free) {
  pp_turns turns = {0};
  cr_expect(pp_turns_is_free(&turns, 1, 0));
  cr_expect(pp_turns_is_free(&turns, UINT32_MAX, 7));
}

Test(claim_turns, one_of_this_region_is_free_when_its_prange_is_settled) {
  pp_turns turns = {0};
  pp_turns_open(&turns, tag(4, 3));
  pp_turns_pass(&turns, 100);
  cr_expect_not(pp_turns_is_free(&turns, 4, 0), "that it has had turns means nothing");
  cr_expect_not(pp_turns_is_free(&turns, 4, 2));
  cr_expect(pp_turns_is_free(&turns, 4, 3));
  cr_expect(pp_turns_is_free(&turns, 4, 9));
}

Test(claim_turns, one_of_another_region_is_free_whatever_was_left_in_it) {
  pp_turns turns = {0};
  pp_turns_open(&turns, tag(4, 3));
  pp_turns_pass(&turns, 2);
  cr_expect(pp_turns_is_free(&turns, 5, 0));
  cr_expect(pp_turns_is_free(&turns, 3, 0), "epochs may come round");
}

Test(claim_turns, another_prange_begins_at_its_first_iteration) {
  pp_turns turns = {0};
  pp_turns_open(&turns, tag(4, 3));
  pp_turns_pass(&turns, 20);
  pp_turns_open(&turns, tag(4, 7));
  cr_expect_null(pp_turns_find(&turns, tag(4, 3)));
  cr_assert_eq(pp_turns_find(&turns, tag(4, 7)), &turns);
  cr_expect(pp_turns_are_at(&turns, 0));
}

Test(claim_turns, passing_changes_the_pulse_only_for_sleepers) {
  pp_turns turns = {0};
  uint32_t beat;
  pp_turns_open(&turns, tag(1, 1));
  pp_turns_pass(&turns, 1);
  cr_expect_eq(pp_load_relaxed(&turns.pulse.beat), 0);
  beat = pp_pulse_prepare(&turns.pulse);
  pp_turns_pass(&turns, 2);
  cr_expect_neq(pp_load_relaxed(&turns.pulse.beat), beat);
  pp_pulse_park(&turns.pulse, beat); /* comes back: the beat is another one */
  pp_pulse_done(&turns.pulse);
  beat = pp_load_relaxed(&turns.pulse.beat);
  pp_turns_pass(&turns, 3);
  cr_expect_eq(pp_load_relaxed(&turns.pulse.beat), beat);
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { PLAYERS = 3, TURNS = 5, PRANGES = 4 };

/* Rounds of pranges, a barrier after each round: then all orders are another round's. */
typedef struct game {
  pp_turns turns[PRANGES];
  uint32_t rounds;
  uint64_t had[PRANGES]; /* the turns alone order the accesses to it */
  pthread_barrier_t round_ends;
  struct findings found;
} game;

typedef struct player {
  game *g;
  uint32_t number;
  pthread_t thread;
} player;

static void await_turn(pp_turns *turns, uint64_t turn) {
  while (!pp_turns_are_at(turns, turn)) {
    uint32_t beat = pp_pulse_prepare(&turns->pulse);
    if (!pp_turns_are_at(turns, turn)) pp_pulse_park(&turns->pulse, beat);
    pp_pulse_done(&turns->pulse);
  }
}

/* In many pranges a thread has no turn, and runs ahead. */
static void *take_turns(void *arg) {
  player *self = arg;
  game *g = self->g;
  for (uint32_t round = 0; round < g->rounds; round++) {
    for (uint32_t p = 0; p < PRANGES; p++) {
      uint32_t number = 1 + round * PRANGES + p;
      for (uint64_t turn = 0; turn < TURNS; turn++) {
        uint32_t owner = number % 3 == 0 ? (uint32_t)(turn % PLAYERS) : number / 7 % PLAYERS;
        pp_turns *turns;
        if (owner != self->number) continue;
        turns = pp_turns_find(&g->turns[0], tag(1, number));
        if (turns == NULL) {
          EXPECT(&g->found, turns != NULL);
          continue;
        }
        await_turn(turns, turn);
        EXPECT(&g->found, g->had[p] == (uint64_t)round * TURNS + turn);
        ++g->had[p];
        pp_turns_pass(turns, turn + 1);
      }
    }
    if (pthread_barrier_wait(&g->round_ends) == PTHREAD_BARRIER_SERIAL_THREAD) {
      for (uint32_t p = 0; p < PRANGES; p++) {
        EXPECT(&g->found, pp_turns_is_free(&g->turns[p], 1, (round + 1) * PRANGES));
        pp_turns_open(&g->turns[p], tag(1, 1 + (round + 1) * PRANGES + p));
      }
    }
    pthread_barrier_wait(&g->round_ends);
  }
  return NULL;
}

Test(claim_turns, turns_come_in_order_in_each_of_several_pranges) {
  static game g;
  player players[PLAYERS];
  g.rounds = (uint32_t)scaled(2000);
  cr_assert_eq(pthread_barrier_init(&g.round_ends, NULL, PLAYERS), 0);
  for (uint32_t p = 0; p < PRANGES; p++) {
    if (p != 0) pp_store_release(&g.turns[p - 1].follow, &g.turns[p]);
    pp_turns_open(&g.turns[p], tag(1, 1 + p));
  }
  for (uint32_t p = 0; p < PLAYERS; p++) {
    players[p] = (player){.g = &g, .number = p};
    cr_assert_eq(pthread_create(&players[p].thread, NULL, take_turns, &players[p]), 0);
  }
  for (uint32_t p = 0; p < PLAYERS; p++) pthread_join(players[p].thread, NULL);
  pthread_barrier_destroy(&g.round_ends);
  for (uint32_t p = 0; p < PRANGES; p++) EXPECT(&g.found, g.had[p] == (uint64_t)g.rounds * TURNS);
  ASSERT_CLEAN(&g.found, "turns in many pranges");
}

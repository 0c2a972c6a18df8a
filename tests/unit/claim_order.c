/* SPDX-License-Identifier: MIT */
/* claim_order.c: a chain of orders: whose each is, when it may be another prange's, and threads that pass turns along,
 * in several pranges at once. A turn that is lost shows as a test that does not end. */
#include "claim/order.h"

#include <pthread.h>

#include "../support/findings.h"
#include "../support/scale.h"

TestSuite(claim_order, .timeout = SCALE_TIMEOUT);

static uint64_t tag(uint32_t epoch, uint32_t number) { return pp_order_tag(epoch, number); }

/* --- States ----------------------------------------------------------------------------------------------- */

Test(claim_order, tags_of_different_pranges_differ) {
  cr_expect_neq(tag(1, 1), 0);
  cr_expect_neq(tag(1, 2), tag(2, 1));
  cr_expect_neq(tag(1, 1), tag(1, 2));
  cr_expect_neq(tag(1, UINT32_MAX), tag(2, 0));
}

Test(claim_order, a_prange_without_an_order_finds_none) {
  pp_order orders[2] = {0};
  cr_expect_null(pp_order_find(&orders[0], tag(1, 1)), "alone in the chain, and nobody's");
  pp_store_release(&orders[0].follow, &orders[1]);
  pp_order_open(&orders[0], tag(1, 2));
  cr_expect_null(pp_order_find(&orders[0], tag(1, 1)));
  cr_expect_null(pp_order_find(&orders[0], tag(2, 2)), "the same number in another region");
}

Test(claim_order, each_prange_finds_its_own_wherever_it_is_in_the_chain) {
  enum { LENGTH = 5 };
  pp_order orders[LENGTH] = {0};
  for (uint32_t k = 0; k < LENGTH; k++) {
    if (k != 0) pp_store_release(&orders[k - 1].follow, &orders[k]);
    pp_order_open(&orders[k], tag(3, LENGTH - k));
  }
  for (uint32_t k = 0; k < LENGTH; k++) cr_expect_eq(pp_order_find(&orders[0], tag(3, LENGTH - k)), &orders[k]);
}

Test(claim_order, who_finds_an_order_changes_nothing_in_it) {
  pp_order order = {0};
  pp_order_open(&order, tag(1, 2));
  cr_expect(pp_order_is_next(&order, 0));
  pp_order_pass(&order, 4);
  cr_assert_eq(pp_order_find(&order, tag(1, 2)), &order);
  cr_expect(pp_order_is_next(&order, 4));
  cr_expect_not(pp_order_is_next(&order, 3));
  cr_expect_not(pp_order_is_next(&order, 5));
}

Test(claim_order, one_that_is_nobodys_is_free) {
  pp_order order = {0};
  cr_expect(pp_order_is_free(&order, 1, 0));
  cr_expect(pp_order_is_free(&order, UINT32_MAX, 7));
}

Test(claim_order, one_of_this_region_is_free_when_its_prange_is_settled) {
  pp_order order = {0};
  pp_order_open(&order, tag(4, 3));
  pp_order_pass(&order, 100);
  cr_expect_not(pp_order_is_free(&order, 4, 0), "that it has had turns means nothing");
  cr_expect_not(pp_order_is_free(&order, 4, 2));
  cr_expect(pp_order_is_free(&order, 4, 3));
  cr_expect(pp_order_is_free(&order, 4, 9));
}

Test(claim_order, one_of_another_region_is_free_whatever_was_left_in_it) {
  pp_order order = {0};
  pp_order_open(&order, tag(4, 3));
  pp_order_pass(&order, 2);
  cr_expect(pp_order_is_free(&order, 5, 0));
  cr_expect(pp_order_is_free(&order, 3, 0), "epochs may come round");
}

Test(claim_order, another_prange_begins_at_its_first_iteration) {
  pp_order order = {0};
  pp_order_open(&order, tag(4, 3));
  pp_order_pass(&order, 20);
  pp_order_open(&order, tag(4, 7));
  cr_expect_null(pp_order_find(&order, tag(4, 3)));
  cr_assert_eq(pp_order_find(&order, tag(4, 7)), &order);
  cr_expect(pp_order_is_next(&order, 0));
}

Test(claim_order, passing_changes_the_pulse_only_for_sleepers) {
  pp_order order = {0};
  uint32_t beat;
  pp_order_open(&order, tag(1, 1));
  pp_order_pass(&order, 1);
  cr_expect_eq(pp_load_relaxed(&order.pulse.beat), 0);
  beat = pp_pulse_prepare(&order.pulse);
  pp_order_pass(&order, 2);
  cr_expect_neq(pp_load_relaxed(&order.pulse.beat), beat);
  pp_pulse_park(&order.pulse, beat); /* comes back: the beat is another one */
  pp_pulse_done(&order.pulse);
  beat = pp_load_relaxed(&order.pulse.beat);
  pp_order_pass(&order, 3);
  cr_expect_eq(pp_load_relaxed(&order.pulse.beat), beat);
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { PLAYERS = 3, TURNS = 5, PRANGES = 4 };

/* Rounds of pranges, a barrier after each round: then all orders are another round's. */
typedef struct game {
  pp_order orders[PRANGES];
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

static void await_turn(pp_order *order, uint64_t turn) {
  while (!pp_order_is_next(order, turn)) {
    uint32_t beat = pp_pulse_prepare(&order->pulse);
    if (!pp_order_is_next(order, turn)) pp_pulse_park(&order->pulse, beat);
    pp_pulse_done(&order->pulse);
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
        pp_order *order;
        if (owner != self->number) continue;
        order = pp_order_find(&g->orders[0], tag(1, number));
        if (order == NULL) {
          EXPECT(&g->found, order != NULL);
          continue;
        }
        await_turn(order, turn);
        EXPECT(&g->found, g->had[p] == (uint64_t)round * TURNS + turn);
        ++g->had[p];
        pp_order_pass(order, turn + 1);
      }
    }
    if (pthread_barrier_wait(&g->round_ends) == PTHREAD_BARRIER_SERIAL_THREAD) {
      for (uint32_t p = 0; p < PRANGES; p++) {
        EXPECT(&g->found, pp_order_is_free(&g->orders[p], 1, (round + 1) * PRANGES));
        pp_order_open(&g->orders[p], tag(1, 1 + (round + 1) * PRANGES + p));
      }
    }
    pthread_barrier_wait(&g->round_ends);
  }
  return NULL;
}

Test(claim_order, turns_come_in_order_in_each_of_several_pranges) {
  static game g;
  player players[PLAYERS];
  g.rounds = (uint32_t)scaled(2000);
  cr_assert_eq(pthread_barrier_init(&g.round_ends, NULL, PLAYERS), 0);
  for (uint32_t p = 0; p < PRANGES; p++) {
    if (p != 0) pp_store_release(&g.orders[p - 1].follow, &g.orders[p]);
    pp_order_open(&g.orders[p], tag(1, 1 + p));
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

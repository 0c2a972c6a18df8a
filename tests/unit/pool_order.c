/* SPDX-License-Identifier: MIT */
/* pool_order.c: which order of a crew's chain a prange gets: one for all threads, its own until it is settled, and no
 * more of them than pranges that are not. */
#include <pthread.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "platform/memory.h"
#include "pool/team.h"

TestSuite(pool_order, .timeout = SCALE_TIMEOUT);

static pp_order *order_of(ppar_team *seat, uint64_t prange) {
  seat->head.pranges = prange;
  return pp_crew_order(seat);
}

static uint32_t length(const pp_crew *crew) {
  uint32_t orders = 1;
  for (pp_order *order = pp_load_relaxed(&crew->orders.follow); order != NULL;
       order = pp_load_relaxed(&order->follow)) {
    orders++;
  }
  return orders;
}

static void free_orders(pp_crew *crew) {
  for (pp_order *order = pp_load_relaxed(&crew->orders.follow), *follow; order != NULL; order = follow) {
    follow = pp_load_relaxed(&order->follow);
    pp_memory_free(order);
  }
}

Test(pool_order, is_the_same_for_all_threads_and_another_for_each_prange) {
  static pp_crew crew;
  ppar_team first = {.crew = &crew, .fork_epoch = 1}, second = {.crew = &crew, .fork_epoch = 1};
  pp_order *ahead = order_of(&first, 9), *behind = order_of(&second, 2);
  cr_assert(ahead != NULL && behind != NULL);
  cr_expect_neq(ahead, behind, "nobody has come to the earlier one's before");
  cr_expect_eq(order_of(&first, 2), behind);
  cr_expect_eq(order_of(&second, 9), ahead);
  cr_expect_eq(length(&crew), 2);
  free_orders(&crew);
}

Test(pool_order, is_taken_again_when_its_prange_is_settled) {
  static pp_crew crew;
  ppar_team seat = {.crew = &crew, .fork_epoch = 1};
  for (uint32_t round = 0; round < 10; round++) {
    for (uint32_t p = 1; p <= 3; p++) {
      pp_order *order = order_of(&seat, round * 3 + p);
      cr_assert_not_null(order);
      cr_expect(pp_order_is_next(order, 0));
      pp_order_pass(order, 5);
    }
    cr_expect_eq(length(&crew), 3);
    seat.settled = round * 3 + 3;
  }
  (void)order_of(&seat, 31);
  (void)order_of(&seat, 32);
  seat.settled = 31;
  cr_expect_eq(order_of(&seat, 33), &crew.orders, "the earliest one's: the later is not settled");
  free_orders(&crew);
}

Test(pool_order, is_taken_again_in_another_region) {
  static pp_crew crew;
  ppar_team seat = {.crew = &crew};
  for (uint32_t epoch = 1; epoch <= 10; epoch++) {
    seat.fork_epoch = epoch;
    for (uint32_t p = 1; p <= 2; p++) {
      pp_order *order = order_of(&seat, p);
      cr_assert_not_null(order);
      cr_expect(pp_order_is_next(order, 0));
      pp_order_pass(order, 1);
    }
  }
  cr_expect_eq(length(&crew), 2);
  free_orders(&crew);
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { SEATS = 3, PRANGES = 5 };

/* All look for the same orders at once, from different ends; a barrier settles a round of them. */
typedef struct rush {
  pp_crew crew;
  uint32_t rounds;
  pp_order *got[SEATS][PRANGES];
  pthread_barrier_t round_ends;
  struct findings found;
} rush;

typedef struct runner {
  rush *r;
  uint32_t number;
  pthread_t thread;
} runner;

static void *run_rounds(void *arg) {
  runner *self = arg;
  rush *r = self->r;
  ppar_team seat = {.crew = &r->crew, .fork_epoch = 1};
  for (uint32_t round = 0; round < r->rounds; round++) {
    for (uint32_t k = 0; k < PRANGES; k++) {
      uint32_t p = (k * (1 + self->number) + round) % PRANGES;
      pp_order *order = r->got[self->number][p] = order_of(&seat, 1 + round * PRANGES + p);
      EXPECT(&r->found, order != NULL && pp_load_relaxed(&order->tag) == pp_order_tag(1, 1 + round * PRANGES + p));
      if (order != NULL) EXPECT(&r->found, pp_order_is_next(order, 0));
    }
    pthread_barrier_wait(&r->round_ends);
    for (uint32_t p = 0; p < PRANGES; p++) {
      EXPECT(&r->found, r->got[self->number][p] == r->got[0][p]);
      for (uint32_t other = 0; other < p; other++) EXPECT(&r->found, r->got[0][p] != r->got[0][other]);
    }
    if (self->number == 0) {
      for (uint32_t p = 0; p < PRANGES; p++) pp_order_pass(r->got[0][p], 1 + p);
    }
    seat.settled = (round + 1) * PRANGES;
    pthread_barrier_wait(&r->round_ends);
  }
  return NULL;
}

Test(pool_order, is_one_for_threads_that_look_for_it_at_once) {
  static rush r;
  runner runners[SEATS];
  r.rounds = (uint32_t)scaled(3000);
  cr_assert_eq(pthread_barrier_init(&r.round_ends, NULL, SEATS), 0);
  for (uint32_t t = 0; t < SEATS; t++) {
    runners[t] = (runner){.r = &r, .number = t};
    cr_assert_eq(pthread_create(&runners[t].thread, NULL, run_rounds, &runners[t]), 0);
  }
  for (uint32_t t = 0; t < SEATS; t++) pthread_join(runners[t].thread, NULL);
  pthread_barrier_destroy(&r.round_ends);
  EXPECT(&r.found, length(&r.crew) == PRANGES);
  ASSERT_CLEAN(&r.found, "threads that look at once");
  free_orders(&r.crew);
}

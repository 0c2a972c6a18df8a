/* SPDX-License-Identifier: MIT */
/* claim_parking.c: one thread's sleep, and whoever wakes it: no wake is lost (N1). A lost one shows as a test that
 * does not end. */
#include "claim/parking.h"

#include <pthread.h>
#include <sched.h>

#include "../support/findings.h"
#include "../support/scale.h"

TestSuite(claim_parking, .timeout = SCALE_TIMEOUT);

Test(claim_parking, is_used_from_preparing_to_rising) {
  pp_parking parking = {0};
  cr_expect_not(pp_parking_is_used(&parking));
  pp_parking_prepare(&parking);
  cr_expect(pp_parking_is_used(&parking));
  pp_parking_rise(&parking);
  cr_expect_not(pp_parking_is_used(&parking));
  pp_parking_prepare(&parking);
  pp_parking_reset(&parking);
  cr_expect_not(pp_parking_is_used(&parking));
}

Test(claim_parking, a_wake_for_nobody_changes_nothing) {
  pp_parking parking = {0};
  pp_parking_wake(&parking);
  cr_expect_not(pp_parking_is_used(&parking));
  pp_parking_prepare(&parking);
  cr_expect(pp_parking_is_used(&parking), "an earlier wake is not kept: the last look sees what it was for");
}

Test(claim_parking, nobody_sleeps_through_a_wake_that_came_since_it_prepared) {
  pp_parking parking = {0};
  pp_parking_prepare(&parking);
  pp_parking_wake(&parking);
  cr_expect_not(pp_parking_is_used(&parking));
  pp_parking_sleep(&parking); /* returns */
  pp_parking_rise(&parking);
}

/* --- Several threads -------------------------------------------------------------------------------------- */

static void *sleep_once(void *arg) {
  pp_parking *parking = arg;
  while (pp_parking_is_used(parking)) pp_parking_sleep(parking);
  return NULL;
}

Test(claim_parking, a_sleeper_is_woken) {
  pp_parking parking = {0};
  for (int k = 0; k < 200; k++) {
    pthread_t thread;
    pp_parking_prepare(&parking);
    cr_assert_eq(pthread_create(&thread, NULL, sleep_once, &parking), 0);
    if (k % 2 != 0) sched_yield();
    pp_parking_wake(&parking);
    pthread_join(thread, NULL);
  }
}

enum { WAKERS = 3 };

/* Each waker brings one thing after another. The owner takes them, and sleeps only where it has found none. What
 * is brought is written and read by relaxed operations alone: that the owner's last look sees it is the
 * parking's doing. */
typedef struct game {
  pp_parking parking;
  pp_atomic_u32 brought[WAKERS];
  uint32_t rounds;
} game;

typedef struct waker {
  game *g;
  uint32_t number;
  pthread_t thread;
} waker;

static void *bring(void *arg) {
  waker *self = arg;
  game *g = self->g;
  for (uint32_t round = 0; round < g->rounds; round++) {
    pp_store_relaxed(&g->brought[self->number], round + 1);
    pp_parking_wake(&g->parking);
    if (round % 16 == self->number) sched_yield();
  }
  return NULL;
}

static uint32_t all_brought(game *g) {
  uint32_t sum = 0;
  for (uint32_t w = 0; w < WAKERS; w++) sum += pp_load_relaxed(&g->brought[w]);
  return sum;
}

Test(claim_parking, no_wake_is_lost_whoever_brings_what) {
  static game g;
  waker wakers[WAKERS];
  uint32_t taken = 0, sleeps = 0;
  g.rounds = (uint32_t)scaled(20000);
  for (uint32_t w = 0; w < WAKERS; w++) {
    wakers[w] = (waker){.g = &g, .number = w};
    cr_assert_eq(pthread_create(&wakers[w].thread, NULL, bring, &wakers[w]), 0);
  }
  while (taken < WAKERS * g.rounds) {
    uint32_t seen = all_brought(&g);
    if (seen != taken) {
      taken = seen;
      continue;
    }
    pp_parking_prepare(&g.parking);
    if (all_brought(&g) == taken) {
      pp_parking_sleep(&g.parking);
      sleeps++;
    }
    pp_parking_rise(&g.parking);
  }
  for (uint32_t w = 0; w < WAKERS; w++) pthread_join(wakers[w].thread, NULL);
  cr_expect_not(pp_parking_is_used(&g.parking));
  cr_expect(taken == WAKERS * g.rounds, "%u of %u, %u sleeps", taken, WAKERS * g.rounds, sleeps);
}

/* Two threads that hand one value to and fro, each asleep while the other has it: every wake is needed. */
typedef struct pair {
  pp_parking parking[2];
  pp_atomic_u32 turn;
  uint32_t rounds, payload; /* the turn alone orders the accesses to it */
  struct findings found;
} pair;

typedef struct partner {
  pair *p;
  uint32_t number;
  pthread_t thread;
} partner;

static void *take_turns(void *arg) {
  const partner *self = arg;
  pair *p = self->p;
  pp_parking *own = &p->parking[self->number];
  for (uint32_t round = 0; round < p->rounds; round++) {
    while (pp_load_acquire(&p->turn) % 2 != self->number) {
      pp_parking_prepare(own);
      if (pp_load_acquire(&p->turn) % 2 != self->number) pp_parking_sleep(own);
      pp_parking_rise(own);
    }
    EXPECT(&p->found, p->payload == round * 2 + self->number);
    p->payload++;
    pp_store_release(&p->turn, p->payload);
    pp_parking_wake(&p->parking[1 - self->number]);
  }
  return NULL;
}

Test(claim_parking, two_threads_that_wake_each_other_meet_every_turn) {
  static pair p;
  partner partners[2];
  p.rounds = (uint32_t)scaled(5000);
  for (uint32_t k = 0; k < 2; k++) {
    partners[k] = (partner){.p = &p, .number = k};
    cr_assert_eq(pthread_create(&partners[k].thread, NULL, take_turns, &partners[k]), 0);
  }
  for (uint32_t k = 0; k < 2; k++) pthread_join(partners[k].thread, NULL);
  cr_expect_eq(p.payload, p.rounds * 2);
  ASSERT_CLEAN(&p.found, "threads that wake each other");
}

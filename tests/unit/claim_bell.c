/* SPDX-License-Identifier: MIT */
/* claim_bell.c: the bell: its word, its stack of sleepers, and threads that ring and sleep: no wake is lost, and
 * nobody is woken twice. A lost wake shows as a test that does not end. */
#include "claim/bell.h"

#include <pthread.h>
#include <sched.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"
#include "platform/park.h"

TestSuite(claim_bell, .timeout = SCALE_TIMEOUT);

enum { SLEEPERS = 6 };

static pp_sleeper sleepers[SLEEPERS];

static pp_sleeper *sleeper_of(void *context, uint32_t number) { return &((pp_sleeper *)context)[number]; }

static int ring(pp_bell *bell, uint32_t post) { return pp_bell_ring(bell, post, sleeper_of, sleepers); }

static bool go_to_sleep(pp_bell *bell, uint64_t seen, uint32_t number) {
  return pp_bell_sleep(bell, seen, &sleepers[number], number);
}

static bool shows(pp_bell *bell, uint32_t epoch, uint32_t post, uint32_t sleeper) {
  uint64_t word = pp_bell_look(bell);
  return pp_bell_epoch(word) == epoch && pp_bell_post(word) == post && pp_bell_sleeper(word) == sleeper;
}

Test(claim_bell, a_ring_that_nobody_sleeps_through_wakes_nobody) {
  pp_bell bell = {0};
  cr_expect(shows(&bell, 0, 0, 0));
  cr_expect_eq(ring(&bell, 5), -1);
  cr_expect(shows(&bell, 1, 5, 0));
  cr_expect_eq(ring(&bell, 0xffff), -1);
  cr_expect(shows(&bell, 2, 0xffff, 0));
  cr_expect_eq(ring(&bell, 0), -1);
  cr_expect(shows(&bell, 3, 0, 0));
}

Test(claim_bell, the_epoch_returns_to_zero_without_touching_its_neighbours) {
  pp_bell bell = {(uint64_t)0xffffffff << 32 | 7 << 16};
  uint64_t seen = pp_bell_look(&bell);
  cr_assert(go_to_sleep(&bell, seen, 2));
  cr_expect(shows(&bell, 0xffffffff, 7, 3));
  cr_expect_eq(ring(&bell, 9), 2);
  cr_expect(shows(&bell, 0, 9, 0));
  cr_expect_not(go_to_sleep(&bell, seen, 2));
}

Test(claim_bell, who_slept_shortest_is_woken_first_and_each_once) {
  pp_bell bell = {0};
  cr_assert_eq(ring(&bell, 3), -1);
  uint64_t seen = pp_bell_look(&bell);
  for (uint32_t s = 0; s < SLEEPERS; s++) {
    cr_assert(go_to_sleep(&bell, seen, s));
    cr_expect_eq(pp_load_relaxed(&sleepers[s].asleep), 1);
    cr_expect(shows(&bell, 1, 3, s + 1), "a sleep is no ring");
  }
  for (int s = SLEEPERS - 1; s >= 0; s--) {
    cr_expect_eq(ring(&bell, 4), s);
    cr_expect_eq(pp_load_relaxed(&sleepers[s].asleep), 1, "waking is up to who rang");
  }
  cr_expect_eq(ring(&bell, 4), -1);
  cr_expect(shows(&bell, 1 + SLEEPERS + 1, 4, 0));
}

Test(claim_bell, nobody_sleeps_after_a_ring_that_came_since_the_look) {
  pp_bell bell = {0};
  uint64_t seen = pp_bell_look(&bell);
  cr_assert_eq(ring(&bell, 0), -1);
  uint64_t before = pp_bell_look(&bell);
  cr_expect_not(go_to_sleep(&bell, seen, 0));
  cr_expect_eq(pp_bell_look(&bell), before);
  cr_expect(go_to_sleep(&bell, before, 0));
}

Test(claim_bell, other_sleepers_since_the_look_do_not_matter) {
  pp_bell bell = {0};
  uint64_t seen = pp_bell_look(&bell);
  cr_assert(go_to_sleep(&bell, seen, 4));
  cr_assert(go_to_sleep(&bell, seen, 1));
  cr_assert(go_to_sleep(&bell, pp_bell_look(&bell), 0));
  cr_expect_eq(ring(&bell, 0), 0);
  cr_expect_eq(ring(&bell, 0), 1);
  cr_expect_eq(ring(&bell, 0), 4);
}

Test(claim_bell, a_woken_sleeper_may_sleep_again_above_others) {
  pp_bell bell = {0};
  cr_assert(go_to_sleep(&bell, pp_bell_look(&bell), 0));
  cr_assert(go_to_sleep(&bell, pp_bell_look(&bell), 1));
  cr_assert_eq(ring(&bell, 0), 1);
  cr_assert(go_to_sleep(&bell, pp_bell_look(&bell), 2));
  cr_assert(go_to_sleep(&bell, pp_bell_look(&bell), 1));
  cr_expect_eq(ring(&bell, 0), 1);
  cr_expect_eq(ring(&bell, 0), 2);
  cr_expect_eq(ring(&bell, 0), 0);
  cr_expect_eq(ring(&bell, 0), -1);
}

Test(claim_bell, a_ring_for_those_awake_leaves_sleepers_asleep) {
  pp_bell bell = {0};
  uint64_t seen = pp_bell_look(&bell);
  cr_assert(go_to_sleep(&bell, seen, 3));
  pp_bell_ring_awake(&bell, 11);
  cr_expect(shows(&bell, 1, 11, 4));
  cr_expect_eq(pp_load_relaxed(&sleepers[3].asleep), 1);
  cr_expect_not(go_to_sleep(&bell, seen, 2), "it is a ring for who is about to sleep");
  cr_expect_eq(ring(&bell, 12), 3);
  pp_bell_ring_awake(&bell, 13);
  cr_expect(shows(&bell, 3, 13, 0));
}

Test(claim_bell, a_sleeper_that_a_region_woke_stays_on_the_stack) {
  pp_bell bell = {0};
  cr_assert(go_to_sleep(&bell, 0, 1));
  cr_assert(go_to_sleep(&bell, 0, 2));
  pp_bell_stay_awake(&sleepers[1]);
  cr_expect_eq(pp_load_relaxed(&sleepers[1].asleep), PP_AWAY);
  uint64_t before = pp_bell_look(&bell);
  cr_expect(go_to_sleep(&bell, 0, 1), "it is still there");
  cr_expect_eq(pp_bell_look(&bell), before);
  cr_expect_eq(pp_load_relaxed(&sleepers[1].asleep), PP_ASLEEP);
  pp_bell_stay_awake(&sleepers[1]);
  pp_bell_ring_awake(&bell, 5);
  cr_expect_not(go_to_sleep(&bell, 0, 1), "somebody has rung");
  cr_expect_eq(pp_load_relaxed(&sleepers[1].asleep), PP_AWAY);
  cr_expect(shows(&bell, 1, 5, 3));
}

Test(claim_bell, whoever_takes_a_sleeper_that_is_away_goes_on_to_the_next) {
  pp_bell bell = {0};
  cr_assert(go_to_sleep(&bell, 0, 1));
  cr_assert(go_to_sleep(&bell, 0, 2));
  pp_bell_stay_awake(&sleepers[2]);
  cr_assert_eq(ring(&bell, 0), 2);
  cr_expect_not(pp_bell_wake(&sleepers[2]));
  cr_expect_eq(pp_load_relaxed(&sleepers[2].asleep), PP_AWAKE);
  cr_assert_eq(ring(&bell, 0), 1);
  cr_expect(pp_bell_wake(&sleepers[1]));
  cr_expect_eq(pp_load_relaxed(&sleepers[1].asleep), PP_AWAKE);
  cr_expect(go_to_sleep(&bell, pp_bell_look(&bell), 2), "off the stack, it puts itself there again");
  cr_expect(shows(&bell, 2, 0, 3));
}

Test(claim_bell, staying_awake_leaves_alone_who_has_been_woken) {
  pp_bell bell = {0};
  cr_assert(go_to_sleep(&bell, 0, 0));
  cr_assert_eq(ring(&bell, 0), 0);
  cr_assert(pp_bell_wake(&sleepers[0]));
  pp_bell_stay_awake(&sleepers[0]);
  cr_expect_eq(pp_load_relaxed(&sleepers[0].asleep), PP_AWAKE);
}

static pp_sleeper only;
static uint32_t asked_for;
static pp_sleeper *only_sleeper(void *context, uint32_t number) {
  (void)context;
  asked_for = number;
  return &only;
}

Test(claim_bell, the_largest_number_fits) {
  const uint32_t number = 0xfffe;
  pp_bell bell = {0};
  cr_assert(pp_bell_sleep(&bell, 0, &only, number));
  cr_expect(shows(&bell, 0, 0, 0xffff));
  cr_expect_eq(pp_bell_ring(&bell, 0xffff, only_sleeper, NULL), (int)number);
  cr_expect_eq(asked_for, number);
  cr_expect(shows(&bell, 1, 0xffff, 0));
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { RINGERS_MOST = 3 };

typedef struct game {
  pp_bell bell;
  pp_atomic_u32 stop, sleeps;
  pp_atomic_u32 work[RINGERS_MOST]; /* 1: posted by that ringer, to be done */
  pp_atomic_u32 woken[SLEEPERS];    /* how often each was taken off the stack */
  uint32_t rounds, payload[RINGERS_MOST];
  struct findings found;
} game;

typedef struct player {
  game *g;
  uint32_t number;
  pthread_t thread;
} player;

static void ring_and_wake(game *g, uint32_t post) {
  int woken = ring(&g->bell, post);
  if (woken < 0) return;
  pp_add_relaxed(&g->woken[woken], 1);
  EXPECT(&g->found, pp_exchange_acq_rel(&sleepers[woken].asleep, 0) == 1);
  pp_unpark_one(&sleepers[woken].asleep);
}

/* 2 while somebody is at it: what the ringer waits for is the 0 after it. */
static bool do_work(game *g) {
  bool worked = false;
  for (uint32_t r = 0; r < RINGERS_MOST; r++) {
    uint32_t posted = 1;
    if (pp_load_relaxed(&g->work[r]) != 1 || !pp_cas_acquire(&g->work[r], &posted, 2)) continue;
    g->payload[r]++;
    pp_store_release(&g->work[r], 0);
    worked = true;
  }
  return worked;
}

static void *sleep_between_rings(void *arg) {
  player *self = arg;
  game *g = self->g;
  uint32_t slept = 0;
  for (;;) {
    uint64_t seen = pp_bell_look(&g->bell);
    if (pp_load_acquire(&g->stop) != 0) return NULL;
    if (do_work(g)) continue;
    if (!go_to_sleep(&g->bell, seen, self->number)) continue;
    slept++;
    while (pp_load_acquire(&sleepers[self->number].asleep) != 0) pp_park(&sleepers[self->number].asleep, 1);
    EXPECT(&g->found, pp_load_relaxed(&g->woken[self->number]) == slept);
    pp_add_relaxed(&g->sleeps, 1);
  }
}

/* Posts, rings, and waits until somebody has done it: the ringer never helps. */
static void *ring_for_work(void *arg) {
  player *self = arg;
  game *g = self->g;
  for (uint32_t round = 0; round < g->rounds || pp_load_relaxed(&g->sleeps) == 0; round++) {
    pp_store_release(&g->work[self->number], 1);
    ring_and_wake(g, self->number);
    while (pp_load_acquire(&g->work[self->number]) != 0) sched_yield();
    EXPECT(&g->found, g->payload[self->number] == round + 1);
    if (round % 16 == 0) sched_yield(); /* lets all fall asleep now and then */
  }
  return NULL;
}

static void play(uint32_t ringers, uint32_t workers) {
  static game g;
  player rings[RINGERS_MOST], sleeps[SLEEPERS];
  g.rounds = (uint32_t)scaled(30000);
  for (uint32_t w = 0; w < workers; w++) {
    sleeps[w] = (player){.g = &g, .number = w};
    cr_assert_eq(pthread_create(&sleeps[w].thread, NULL, sleep_between_rings, &sleeps[w]), 0);
  }
  for (uint32_t r = 0; r < ringers; r++) {
    rings[r] = (player){.g = &g, .number = r};
    cr_assert_eq(pthread_create(&rings[r].thread, NULL, ring_for_work, &rings[r]), 0);
  }
  for (uint32_t r = 0; r < ringers; r++) pthread_join(rings[r].thread, NULL);
  pp_store_release(&g.stop, 1);
  do {
    ring_and_wake(&g, 0);
  } while (pp_bell_sleeper(pp_bell_look(&g.bell)) != 0);
  for (uint32_t w = 0; w < workers; w++) pthread_join(sleeps[w].thread, NULL);
  ASSERT_CLEAN(&g.found, "ringers and sleepers");
}

Test(claim_bell, one_sleeper_hears_every_ring) { play(1, 1); }
Test(claim_bell, of_many_sleepers_one_hears_every_ring) { play(1, SLEEPERS); }
Test(claim_bell, every_ringer_is_heard) { play(RINGERS_MOST, 2); }
Test(claim_bell, many_ringers_and_sleepers_lose_no_wake) { play(RINGERS_MOST, SLEEPERS); }

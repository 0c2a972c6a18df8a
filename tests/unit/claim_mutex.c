/* SPDX-License-Identifier: MIT */
/* claim_mutex.c: a lock that says who holds it: one thread at a time does (X1), nobody sleeps for ever (X2), and the
 * word has the holder's number (X3). A lost wake shows as a test that does not end. */
#include "claim/mutex.h"

#include <pthread.h>
#include <sched.h>

#include "../support/findings.h"
#include "../support/scale.h"

TestSuite(claim_mutex, .timeout = SCALE_TIMEOUT);

Test(claim_mutex, is_taken_and_given_up) {
  pp_atomic_u32 mutex = PP_MUTEX_FREE;
  for (int k = 0; k < 3; k++) {
    cr_expect(pp_mutex_is_free(&mutex));
    cr_expect(pp_mutex_try(&mutex, 5, k == 1));
    cr_expect_not(pp_mutex_try(&mutex, 5, false), "it is no nestable one");
    cr_expect_not(pp_mutex_is_free(&mutex));
    cr_expect(pp_mutex_give_up(&mutex));
    cr_expect_not(pp_mutex_give_up(&mutex), "it is free");
  }
}

Test(claim_mutex, knows_its_holder) {
  static const uint32_t holders[] = {1, 2, 1000, PP_MUTEX_HOLDER_MOST};
  pp_atomic_u32 mutex = PP_MUTEX_FREE;
  for (int h = 0; h < 4; h++) {
    cr_expect_not(pp_mutex_is_held_by(&mutex, holders[h]));
    cr_expect(pp_mutex_try(&mutex, holders[h], false));
    cr_expect_neq(pp_mutex_mark(&mutex), PP_MUTEX_FREE);
    cr_expect(pp_mutex_is_held_by(&mutex, holders[h]), "marking leaves the number");
    cr_expect_not(pp_mutex_is_held_by(&mutex, holders[(h + 1) % 4]));
    pp_mutex_give_up(&mutex);
  }
}

Test(claim_mutex, is_marked_once_and_only_while_it_is_held) {
  pp_atomic_u32 mutex = PP_MUTEX_FREE;
  uint32_t marked;
  cr_expect_eq(pp_mutex_mark(&mutex), PP_MUTEX_FREE);
  cr_expect(pp_mutex_is_free(&mutex));
  cr_expect(pp_mutex_try(&mutex, 3, false));
  marked = pp_mutex_mark(&mutex);
  cr_expect_neq(marked & PP_MUTEX_AWAITED, 0);
  cr_expect_eq(pp_mutex_mark(&mutex), marked);
  pp_mutex_give_up(&mutex);
  cr_expect(pp_mutex_is_free(&mutex), "whoever is woken marks it anew");
}

Test(claim_mutex, nobody_falls_asleep_after_it_was_given_up) {
  pp_atomic_u32 mutex = PP_MUTEX_FREE;
  uint32_t marked;
  cr_expect(pp_mutex_try(&mutex, 3, false));
  marked = pp_mutex_mark(&mutex);
  pp_mutex_give_up(&mutex);
  pp_mutex_sleep(&mutex, marked); /* returns */
  cr_expect(pp_mutex_try(&mutex, 4, false));
  pp_mutex_sleep(&mutex, marked); /* so it does where another thread has it by then */
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { PLAYERS_MOST = 8 };

typedef struct game {
  pp_atomic_u32 mutex;
  uint64_t rounds, payload; /* the lock alone orders the accesses to it */
  uint32_t tries;           /* before a thread sleeps */
  _Atomic uint64_t strangers;
} game;

typedef struct player {
  game *game;
  uint32_t number;
} player;

static void take(game *g, uint32_t number) {
  bool slept = false;
  uint32_t tries = g->tries;
  while (!pp_mutex_try(&g->mutex, number, slept)) {
    if (tries != 0) {
      tries--;
    } else {
      uint32_t marked = pp_mutex_mark(&g->mutex);
      slept = true;
      if (marked != PP_MUTEX_FREE) pp_mutex_sleep(&g->mutex, marked);
      tries = g->tries;
    }
  }
}

static void *play(void *arg) {
  player *p = arg;
  game *g = p->game;
  for (uint64_t round = 0; round < g->rounds; round++) {
    if (pp_mutex_is_held_by(&g->mutex, p->number)) atomic_fetch_add(&g->strangers, 1);
    take(g, p->number);
    if (!pp_mutex_is_held_by(&g->mutex, p->number)) atomic_fetch_add(&g->strangers, 1);
    g->payload++;
    if (round % 7 == 0) (void)sched_yield();
    pp_mutex_give_up(&g->mutex);
  }
  return NULL;
}

Test(claim_mutex, excludes_and_leaves_nobody_asleep) {
  static const uint32_t tries[] = {0, 1, 50};
  static const uint32_t players[] = {2, 3, PLAYERS_MOST};
  for (int t = 0; t < 3; t++) {
    for (int p = 0; p < 3; p++) {
      game g = {.rounds = scaled(2000), .tries = tries[t]};
      player all[PLAYERS_MOST];
      pthread_t threads[PLAYERS_MOST];
      for (uint32_t k = 0; k < players[p]; k++) {
        all[k] = (player){&g, k + 1};
        cr_assert_eq(pthread_create(&threads[k], NULL, play, &all[k]), 0);
      }
      for (uint32_t k = 0; k < players[p]; k++) pthread_join(threads[k], NULL);
      cr_expect_eq(g.payload, g.rounds * players[p]);
      cr_expect_eq(atomic_load(&g.strangers), 0);
      cr_expect(pp_mutex_is_free(&g.mutex));
    }
  }
}

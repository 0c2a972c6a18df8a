/* SPDX-License-Identifier: MIT */
/* pool_mutex_wait.c: waiting for a lock of the program's: whoever waits gets it, of many threads too, and sleeps where
 * that takes long. */
#include "pool/mutex_wait.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"

TestSuite(pool_mutex_wait, .timeout = SCALE_TIMEOUT);

typedef struct passage {
  pp_atomic_u32 mutex;
  _Atomic uint64_t begun, through;
  int64_t burnt_us; /* of CPU time, as the thread had the lock */
  int error;
} passage;

static void *pass(void *arg) {
  passage *p = arg;
  struct timespec burnt;
  errno = EDOM;
  atomic_store(&p->begun, 1);
  pp_mutex_wait(&p->mutex, 2);
  p->error = errno;
  atomic_store(&p->through, 1);
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &burnt);
  p->burnt_us = (int64_t)burnt.tv_sec * 1000000 + burnt.tv_nsec / 1000;
  return NULL;
}

Test(pool_mutex_wait, a_waiter_sleeps_until_the_lock_is_given_up) {
  passage p = {.mutex = PP_MUTEX_FREE};
  pthread_t thread;
  cr_assert(pp_mutex_try(&p.mutex, 1, false));
  cr_assert_eq(pthread_create(&thread, NULL, pass, &p), 0);
  cr_expect(teams_await(&p.begun, 1));
  teams_sleep(300000);
  cr_expect_eq(atomic_load(&p.through), 0);
  cr_expect(pp_mutex_is_held_by(&p.mutex, 1));
  pp_mutex_give_up(&p.mutex);
  pthread_join(thread, NULL);
  cr_expect_eq(atomic_load(&p.through), 1);
  cr_expect(pp_mutex_is_held_by(&p.mutex, 2));
  cr_expect_eq(p.error, EDOM);
  if (!scale_is_small()) cr_expect_lt(p.burnt_us, 200000, "it did not spin all the time");
}

Test(pool_mutex_wait, takes_a_lock_that_is_free_by_then) {
  pp_atomic_u32 mutex = PP_MUTEX_FREE;
  pp_mutex_wait(&mutex, 7);
  cr_expect(pp_mutex_is_held_by(&mutex, 7));
}

enum { PLAYERS = 8 };

typedef struct game {
  pp_atomic_u32 mutex;
  uint64_t rounds, payload; /* the lock alone orders the accesses to it */
} game;

static void *play(void *arg) {
  game *g = arg;
  for (uint64_t round = 0; round < g->rounds; round++) {
    if (!pp_mutex_try(&g->mutex, 1, false)) pp_mutex_wait(&g->mutex, 1);
    g->payload++;
    if (round % 100 == 0) teams_sleep(100);
    pp_mutex_give_up(&g->mutex);
  }
  return NULL;
}

Test(pool_mutex_wait, many_threads_get_it_one_at_a_time) {
  game g = {.rounds = scaled(5000)};
  pthread_t threads[PLAYERS];
  for (int t = 0; t < PLAYERS; t++) cr_assert_eq(pthread_create(&threads[t], NULL, play, &g), 0);
  for (int t = 0; t < PLAYERS; t++) pthread_join(threads[t], NULL);
  cr_expect_eq(g.payload, g.rounds * PLAYERS);
  cr_expect(pp_mutex_is_free(&g.mutex));
}

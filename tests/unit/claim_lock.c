/* SPDX-License-Identifier: MIT */
/* claim_lock.c: a short lock: one thread at a time has it (M1), nobody sleeps for ever (M2), and who finds it held
 * leaves its CPU to the holder, whatever the priorities. */
#include "claim/lock.h"

#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(claim_lock, .timeout = SCALE_TIMEOUT);

Test(claim_lock, is_taken_and_given_up) {
  pp_atomic_u32 lock = PP_LOCK_FREE;
  for (int k = 0; k < 3; k++) {
    pp_lock(&lock);
    cr_expect_eq(pp_load_relaxed(&lock), PP_LOCK_HELD);
    pp_unlock(&lock);
    cr_expect_eq(pp_load_relaxed(&lock), PP_LOCK_FREE);
  }
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { PLAYERS_MOST = 16 };

typedef struct game {
  pp_atomic_u32 lock;
  uint64_t rounds, payload; /* the lock alone orders the accesses to it */
  uint32_t yields;          /* every so often a holder gives its CPU away, so that others find the lock held */
} game;

static void *play(void *arg) {
  game *g = arg;
  for (uint64_t round = 0; round < g->rounds; round++) {
    pp_lock(&g->lock);
    g->payload++;
    if (g->yields != 0 && round % g->yields == 0) (void)sched_yield();
    pp_unlock(&g->lock);
  }
  return NULL;
}

Test(claim_lock, excludes_and_leaves_nobody_asleep) {
  static const uint32_t yields[] = {0, 1, 7, 100};
  static const int players[] = {2, 3, PLAYERS_MOST};
  for (int y = 0; y < 4; y++) {
    for (int p = 0; p < 3; p++) {
      game g = {.rounds = scaled(2000), .yields = yields[y]};
      pthread_t threads[PLAYERS_MOST];
      for (int t = 0; t < players[p]; t++) cr_assert_eq(pthread_create(&threads[t], NULL, play, &g), 0);
      for (int t = 0; t < players[p]; t++) pthread_join(threads[t], NULL);
      cr_expect_eq(g.payload, g.rounds * (uint64_t)players[p]);
      cr_expect_eq(pp_load_relaxed(&g.lock), PP_LOCK_FREE);
    }
  }
}

/* --- Priorities ------------------------------------------------------------------------------------------- */

/* A thread of a real-time priority comes to a lock whose holder is a common one on the same CPU. */
typedef struct inversion {
  pp_atomic_u32 lock;
  int64_t burnt_us; /* of CPU time, as the thread had the lock */
} inversion;

static void *take_at_once(void *arg) {
  inversion *i = arg;
  struct timespec burnt;
  pp_lock(&i->lock);
  pp_unlock(&i->lock);
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &burnt);
  i->burnt_us = (int64_t)burnt.tv_sec * 1000000 + burnt.tv_nsec / 1000;
  return NULL;
}

/* False: the system does not permit it. */
static bool start_real_time(pthread_t *thread, inversion *i) {
  const struct sched_param priority = {.sched_priority = 1};
  pthread_attr_t attributes;
  bool started;
  pthread_attr_init(&attributes);
  pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
  started = pthread_attr_setschedpolicy(&attributes, SCHED_FIFO) == 0 &&
            pthread_attr_setschedparam(&attributes, &priority) == 0 &&
            pthread_create(thread, &attributes, take_at_once, i) == 0;
  pthread_attr_destroy(&attributes);
  return started;
}

static void stay_on_one_cpu(void) {
  cpu_set_t mask, one;
  size_t cpu = 0;
  cr_assert_eq(sched_getaffinity(0, sizeof mask, &mask), 0);
  while (cpu < CPU_SETSIZE && !CPU_ISSET(cpu, &mask)) cpu++;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  cr_assert_eq(sched_setaffinity(0, sizeof one, &one), 0);
}

/* One that only yielded would keep the CPU until the system takes it away, after 0.95 s where that is so. */
Test(claim_lock, a_real_time_thread_leaves_the_cpu_to_the_holder) {
  inversion i = {.burnt_us = 0};
  pthread_t thread;
  if (scale_is_small()) cr_skip_test("a checker schedules threads by itself");
  stay_on_one_cpu();
  pp_lock(&i.lock);
  if (!start_real_time(&thread, &i)) cr_skip_test("needs a real-time priority");
  work_spin(1000000);
  pp_unlock(&i.lock);
  pthread_join(thread, NULL);
  cr_expect_lt(i.burnt_us, 200000);
}

/* SPDX-License-Identifier: MIT */
/* seats_filled.c: threads of a team have left, by ppar_pool_trim, and the next regions find others. */
#include <pthread.h>

#include "../support/findings.h"
#include "../support/limits.h"
#include "../support/scale.h"
#include "../support/tasks.h"
#include "../support/teams.h"

TestSuite(seats_filled, .timeout = SCALE_TIMEOUT);

static void meet(ppar_team *team, void *met) {
  ppar_barrier(team);
  atomic_fetch_add((_Atomic uint64_t *)met, 1);
}

static uint64_t threads_of_region(ppar_pool *pool, int threads) {
  _Atomic uint64_t met = 0;
  cr_assert_eq(ppar_parallel(meet, &met, PPAR_OPTIONS(.pool = pool, .threads = threads)), PPAR_OK);
  return atomic_load(&met);
}

static bool are_alone(ppar_pool *pool, int others) {
  for (int tries = 0; tries < 10000 && tasks_named("") > others; tries++) {
    cr_expect_eq(ppar_pool_trim(pool), PPAR_OK);
    teams_sleep(1000);
  }
  return tasks_named("") == others;
}

/* --- Workers that sleep come to seats of threads that never slept there -------------------------------------- */

enum { MANY = 16 };

struct hold {
  ppar_pool *pool;
  _Atomic uint64_t inside, may_end;
  struct findings found;
};

static void hold_thread(const ppar_chunk *chunk, void *arg) {
  struct hold *hold = arg;
  (void)chunk;
  atomic_fetch_add(&hold->inside, 1);
  EXPECT(&hold->found, teams_await(&hold->may_end, 1));
}

static void *hold_workers(void *arg) {
  struct hold *hold = arg;
  EXPECT(&hold->found,
         ppar_parallel_for(0, MANY, hold_thread, hold,
                           PPAR_OPTIONS(.pool = hold->pool, .threads = MANY, .schedule = ppar_static(0))) == PPAR_OK);
  return NULL;
}

/* While the pool's own workers are in a loop's bodies, extra threads have the seats. They spin for long, and are asked
 * to end while they do; the workers have been asleep for a while then. A team of four lets go of the higher seats. */
Test(seats_filled, workers_that_sleep_are_woken_in_the_seats_of_threads_that_did_not) {
  static struct hold hold;
  pthread_t holder;
  if (!TASKS_VISIBLE) cr_skip_test("needs /proc");
  cr_assert_eq(ppar_pool_create(&hold.pool, PPAR_POOL_OPTIONS(.threads = MANY, .wait = PPAR_WAIT_ACTIVE)), PPAR_OK);
  const int own = tasks_named("");
  cr_assert_eq(pthread_create(&holder, NULL, hold_workers, &hold), 0);
  cr_expect(teams_await(&hold.inside, MANY));
  cr_expect_eq(threads_of_region(hold.pool, MANY), (uint64_t)MANY);
  atomic_store(&hold.may_end, 1);
  pthread_join(holder, NULL);
  ASSERT_CLEAN(&hold.found, "a loop that holds workers");
  teams_sleep(100000);
  cr_expect_eq(threads_of_region(hold.pool, MANY), (uint64_t)MANY);
  cr_expect(are_alone(hold.pool, own));
  teams_sleep(100000);
  for (int threads = 4; threads <= MANY; threads *= 2)
    cr_expect_eq(threads_of_region(hold.pool, threads), (uint64_t)threads);
  cr_expect_eq(ppar_pool_destroy(hold.pool), PPAR_OK);
}

/* --- No thread comes ---------------------------------------------------------------------------------------- */

enum {
  FEW = 3,
  ROUNDS = 10,
  STACK = 256 << 20 /* bytes: more than the C library keeps of threads that have ended, and than a limit leaves */
};

/* A seat for which the system gives no thread stays vacant, also where the thread that had it before is tried. */
Test(seats_filled, seats_that_could_not_be_filled_are_filled_later) {
  ppar_pool *pool;
  if (!limits_work()) cr_skip_test("needs a process whose memory can be limited");
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 1, .stack_size = STACK)), PPAR_OK);
  const int own = tasks_named("");
  for (int round = 0; round < ROUNDS; round++) {
    cr_expect_eq(threads_of_region(pool, FEW), (uint64_t)FEW);
    cr_expect(are_alone(pool, own));
    cr_assert(limits_memory((size_t)1 << 20));
    cr_expect_leq(threads_of_region(pool, FEW), (uint64_t)FEW);
    limits_lift();
  }
  cr_expect_eq(ppar_pool_destroy(pool), PPAR_OK);
}

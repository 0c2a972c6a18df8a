/* SPDX-License-Identifier: MIT */
/* pool_owned_ends.c: threads and pools that end, in any order: what a thread owns on a pool is neither lost nor freed
 * twice. Leaks and uses after free are for the sanitizers to see. */
#include "../support/findings.h"
#include "../support/scale.h"
#include "pool_things.h"

TestSuite(pool_owned_ends, .timeout = SCALE_TIMEOUT);

/* --- Pools that end --------------------------------------------------------------------------------------------- */

Test(pool_owned_ends, an_ended_pools_things_are_freed_by_their_owners) {
  static ppar_pool pools[3];
  for (int p = 0; p < 3; p++) begin_pool(&pools[p]);
  (void)thing_of_an_ended_thread(&pools[0], 1);
  thing *one = take(&pools[0], 2), *two = take(&pools[1], 2), *three = take(&pools[0], 3);
  cr_expect_eq(pp_load_relaxed(&things_made), 4);
  pp_pool_finish(&pools[0]);
  cr_expect_eq(pp_load_relaxed(&things_freed), 1, "the one without owner");
  cr_expect_null(pp_load_relaxed(&one->owned.pool));
  cr_expect_null(pp_load_relaxed(&three->owned.pool));
  cr_expect_eq(pp_load_relaxed(&two->owned.pool), &pools[1]);
  cr_expect_eq(count_of_thread(), 3);
  cr_expect_null(pools[0].owned[things.kind].first);
  cr_expect_null(unowned(&pools[0]));
  (void)pp_owned_take(&pools[2], this_thread(), &others, 1);
  cr_expect_eq(pp_load_relaxed(&things_freed), 1, "only when the thread looks for one of this kind");
  cr_assert_not_null(take(&pools[2], 1));
  cr_expect_eq(pp_load_relaxed(&things_freed), 3);
  cr_expect_eq(count_of_thread(), 2);
  pp_pool_finish(&pools[1]);
  pp_pool_finish(&pools[2]);
  pp_owned_end(this_thread());
  cr_expect_eq(pp_load_relaxed(&things_freed), pp_load_relaxed(&things_made));
  for (int kind = 0; kind < PP_OWNED_KINDS; kind++) cr_expect_null(this_thread()->owned[kind]);
}

static void *outlive_the_pools(void *arg) {
  survivor *s = arg;
  for (int p = 0; p < 2; p++) (void)take(&s->pools[p], 1);
  (void)pthread_barrier_wait(&s->barrier);
  (void)pthread_barrier_wait(&s->barrier); /* the first pool has ended */
  return NULL;
}

Test(pool_owned_ends, a_thread_that_ends_frees_what_is_of_ended_pools_and_gives_back_the_rest) {
  static ppar_pool pools[2];
  survivor s = {.pools = pools};
  pthread_t thread;
  begin_pool(&pools[0]);
  begin_pool(&pools[1]);
  (void)pthread_barrier_init(&s.barrier, NULL, 2);
  cr_assert_eq(pthread_create(&thread, NULL, outlive_the_pools, &s), 0);
  (void)pthread_barrier_wait(&s.barrier);
  pp_pool_finish(&pools[0]);
  (void)pthread_barrier_wait(&s.barrier);
  pthread_join(thread, NULL);
  (void)pthread_barrier_destroy(&s.barrier);
  cr_expect_eq(pp_load_relaxed(&things_freed), 1);
  cr_assert_not_null(unowned(&pools[1]));
  cr_expect_null(unowned(&pools[1])->owned.owner);
  pp_pool_finish(&pools[1]);
  cr_expect_eq(pp_load_relaxed(&things_freed), 2);
}

Test(pool_owned_ends, a_thread_that_ends_when_the_library_may_be_gone_is_forgotten) {
  static ppar_pool pool;
  survivor s = {.pools = &pool};
  pthread_t thread;
  void *got = NULL;
  begin_pool(&pool);
  (void)pthread_barrier_init(&s.barrier, NULL, 2);
  cr_assert_eq(pthread_create(&thread, NULL, take_and_wait, &s), 0);
  (void)pthread_barrier_wait(&s.barrier);
  pp_pool_finish(&pool);
  pp_owned_end(this_thread());
  (void)pthread_barrier_wait(&s.barrier);
  pthread_join(thread, &got);
  (void)pthread_barrier_destroy(&s.barrier);
  cr_expect_eq(pp_load_relaxed(&things_freed), 0, "no code of the library runs at the thread's end");
  thing_free(&((thing *)got)->owned);
}

/* --- Many threads and pools -------------------------------------------------------------------------------------- */

enum { USERS = 4, POOLS = 2 };

typedef struct crowd {
  ppar_pool pools[POOLS];
  pthread_barrier_t all_have_some;
  struct findings found;
} crowd;

static void *take_some(void *arg) {
  crowd *c = arg;
  thing *had[POOLS][2];
  for (int p = 0; p < POOLS; p++) {
    for (int k = 0; k < 2; k++) {
      had[p][k] = take(&c->pools[p], 1);
      EXPECT(&c->found, had[p][k]->owned.owner == this_thread());
    }
    EXPECT(&c->found, had[p][0] != had[p][1]);
  }
  (void)pthread_barrier_wait(&c->all_have_some);
  return NULL; /* ends while the pools do */
}

Test(pool_owned_ends, threads_and_pools_that_end_at_once_free_each_thing_once) {
  static crowd c;
  (void)pthread_barrier_init(&c.all_have_some, NULL, USERS + 1);
  for (uint64_t round = scaled(150); round != 0; round--) {
    pthread_t users[USERS];
    for (int p = 0; p < POOLS; p++) begin_pool(&c.pools[p]);
    for (uint64_t early = round % 2; early != 0; early--) (void)thing_of_an_ended_thread(&c.pools[0], 1);
    for (int u = 0; u < USERS; u++) cr_assert_eq(pthread_create(&users[u], NULL, take_some, &c), 0);
    (void)pthread_barrier_wait(&c.all_have_some);
    for (int p = 0; p < POOLS; p++) pp_pool_finish(&c.pools[p]);
    for (int u = 0; u < USERS; u++) pthread_join(users[u], NULL);
    ASSERT_CLEAN(&c.found, "threads and pools that end");
    cr_assert_eq(pp_load_relaxed(&things_made), pp_load_relaxed(&things_freed));
  }
  (void)pthread_barrier_destroy(&c.all_have_some);
}

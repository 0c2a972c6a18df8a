/* SPDX-License-Identifier: MIT */
/* pool_owned.c: what threads own on pools, with a type of the test's own: who gets which, when a pool is busy, what is
 * closed, and what a forked child has. Threads and pools that end are in pool_owned_ends.c. */
#include <unistd.h>

#include "../support/children.h"
#include "../support/scale.h"
#include "pool_things.h"

TestSuite(pool_owned, .timeout = SCALE_TIMEOUT);

/* --- Taking --------------------------------------------------------------------------------------------------- */

Test(pool_owned, a_new_one_is_the_threads_and_on_the_pools_list) {
  static ppar_pool pool;
  thing *before = NULL;
  begin_pool(&pool);
  for (uint32_t k = 0; k < 5; k++) {
    thing *t = take(&pool, k);
    cr_assert_not_null(t);
    cr_expect_eq(t->size, k);
    cr_expect_eq(t->owned.type, &things);
    cr_expect_eq(t->owned.owner, this_thread());
    cr_expect_eq(pp_load_relaxed(&t->owned.pool), &pool);
    cr_expect_eq(pp_load_relaxed(&t->owned.busy), 0, "that is the taker's to say");
    cr_expect_eq(pp_load_relaxed(&pool.owned[things.kind].first), &t->owned, "the latest is first");
    cr_expect_eq(thing_of(t->owned.next), before);
    cr_expect_eq(this_thread()->owned[things.kind], &t->owned);
    cr_expect_eq(count_of_thread(), k + 1);
    before = t;
  }
  cr_expect_null(pool.owned[others.kind].first, "other kinds have other lists");
  cr_expect_null(this_thread()->owned[others.kind]);
  pp_pool_finish(&pool);
}

Test(pool_owned, without_memory_there_is_none_and_nothing_has_changed) {
  static ppar_pool pool;
  begin_pool(&pool);
  thing *first = take(&pool, 1);
  memory_is_short = true;
  errno = 77;
  cr_expect_null(take(&pool, 1));
  cr_expect_eq(errno, 77);
  cr_expect_eq(count_of_thread(), 1);
  cr_expect_eq(pp_load_relaxed(&pool.owned[things.kind].first), &first->owned);
  memory_is_short = false;
  cr_expect_not_null(take(&pool, 1));
  cr_expect_eq(errno, 77);
  pp_pool_finish(&pool);
}

Test(pool_owned, what_an_ended_thread_had_is_the_next_ones_that_it_fits) {
  static ppar_pool pool;
  begin_pool(&pool);
  thing *small = thing_of_an_ended_thread(&pool, 1), *again = thing_of_an_ended_thread(&pool, 1);
  cr_expect_eq(again, small);
  cr_expect_null(small->owned.owner);
  cr_expect_eq(unowned(&pool), small);
  thing *large = take(&pool, 9);
  cr_expect_neq(large, small, "it is too small");
  small->quiet = false;
  thing *second = take(&pool, 1);
  cr_expect_neq(second, small, "somebody is still in it");
  cr_expect_eq(unowned(&pool), small);
  small->quiet = true;
  pp_store_relaxed(&small->owned.busy, 1);
  thing *third = take(&pool, 1);
  cr_expect_neq(third, small, "its thread has ended in the midst of something that goes on");
  pp_store_relaxed(&small->owned.busy, 0);
  cr_expect_eq(take(&pool, 1), small);
  cr_expect_null(unowned(&pool));
  cr_expect_eq(small->owned.owner, this_thread());
  cr_expect_eq(count_of_thread(), 4);
  cr_expect_eq(count_listed(pp_load_relaxed(&pool.owned[things.kind].first)), 4);
  pp_pool_finish(&pool);
}

/* Whichever of those without owner fits, the others stay as they are. */
Test(pool_owned, one_is_taken_from_the_midst_of_those_without_owner) {
  enum { COUNT = 5 };
  for (uint32_t wanted = 0; wanted < COUNT; wanted++) {
    static ppar_pool pool;
    pp_self other = {.leaves = true};
    thing *all[COUNT];
    begin_pool(&pool);
    for (uint32_t k = 0; k < COUNT; k++) all[k] = take_for(&pool, &other, 1);
    pp_owned_renew(&pool); /* as if the other thread were gone */
    cr_assert_eq(count_owned(pool.owned[things.kind].unowned), COUNT);
    for (uint32_t k = 0; k < COUNT; k++) all[k]->quiet = k == wanted;
    cr_assert_eq(take(&pool, 1), all[wanted]);
    cr_assert_eq(count_owned(pool.owned[things.kind].unowned), COUNT - 1);
    for (uint32_t k = 0; k < COUNT; k++) all[k]->quiet = true;
    for (uint32_t k = 1; k < COUNT; k++) {
      thing *t = take(&pool, 1);
      cr_assert(t != NULL && t != all[wanted]);
    }
    cr_assert_null(unowned(&pool));
    cr_assert_eq(count_listed(pp_load_relaxed(&pool.owned[things.kind].first)), COUNT);
    pp_pool_finish(&pool);
  }
}

/* --- Busy, closing ---------------------------------------------------------------------------------------------- */

Test(pool_owned, a_pool_is_busy_while_anything_of_any_kind_is) {
  static ppar_pool pool;
  begin_pool(&pool);
  thing *all[4];
  cr_expect_not(pp_owned_are_busy(&pool));
  for (int k = 0; k < 4; k++) all[k] = thing_of(pp_owned_take(&pool, this_thread(), k % 2 != 0 ? &others : &things, 1));
  cr_expect_not(pp_owned_are_busy(&pool));
  for (int k = 0; k < 4; k++) {
    pp_store_relaxed(&all[k]->owned.busy, 1);
    cr_expect(pp_owned_are_busy(&pool) && pp_pool_is_busy(&pool));
    pp_store_relaxed(&all[k]->owned.busy, 0);
    cr_expect_not(pp_owned_are_busy(&pool));
  }
  pp_pool_finish(&pool);
}

Test(pool_owned, all_are_closed_and_a_busy_pools_are_reopened) {
  static ppar_pool pool;
  begin_pool(&pool);
  thing *lost = thing_of_an_ended_thread(&pool, 1), *own = take(&pool, 5);
  thing *other = thing_of(pp_owned_take(&pool, this_thread(), &others, 1)); /* has nothing to close */
  pp_store_relaxed(&other->owned.busy, 1);
  cr_expect_not(pp_pool_close(&pool));
  cr_expect(own->closings == 1 && own->reopenings == 1);
  cr_expect(lost->closings == 1 && lost->reopenings == 1);
  cr_expect_not(pool.closing);
  pp_store_relaxed(&other->owned.busy, 0);
  cr_expect(pp_pool_close(&pool));
  cr_expect(own->closings == 2 && own->reopenings == 1);
  cr_expect(lost->closings == 2 && lost->reopenings == 1);
  cr_expect(other->closings == 0 && other->reopenings == 0);
  pp_pool_finish(&pool);
}

/* --- Forked children --------------------------------------------------------------------------------------------- */

static void expect_renewal(const thing *t, bool own, bool torn) {
  cr_expect_eq(t->renewals, 1);
  cr_expect_eq(t->renewed_own, own);
  cr_expect_eq(t->renewed_torn, torn);
}

/* As in a child that was forked while two other threads had some. */
Test(pool_owned, a_forked_childs_are_its_own_threads_or_without_owner) {
  static ppar_pool pool;
  pp_self gone[2] = {{.leaves = true}, {.leaves = true}};
  begin_pool(&pool);
  thing *lost = thing_of_an_ended_thread(&pool, 9);
  lost->quiet = false;
  thing *own = take(&pool, 1), *busy = take(&pool, 1);
  thing *torn = take_for(&pool, &gone[0], 1), *torn_busy = take_for(&pool, &gone[1], 1);
  pp_store_relaxed(&busy->owned.busy, 1);
  pp_store_relaxed(&torn_busy->owned.busy, 1);
  pp_owned_renew(&pool);
  expect_renewal(lost, false, false);
  expect_renewal(own, true, false);
  expect_renewal(busy, true, false);
  expect_renewal(torn, false, true);
  expect_renewal(torn_busy, false, true);
  cr_expect_eq(own->owned.owner, this_thread());
  cr_expect_eq(pp_load_relaxed(&busy->owned.busy), 1, "the child is still inside of it");
  cr_expect_eq(pp_load_relaxed(&torn_busy->owned.busy), 0, "nobody uses it");
  cr_expect_null(torn->owned.owner);
  cr_expect_null(torn_busy->owned.owner);
  cr_expect_eq(count_owned(pool.owned[things.kind].unowned), 2, "the child may be inside of the busy one");
  cr_expect_eq(count_of_thread(), 2);
  thing *first = take(&pool, 1), *second = take(&pool, 1);
  cr_expect_eq(first, torn);
  cr_expect(second != torn && second != torn_busy);
  pp_store_relaxed(&busy->owned.busy, 0);
  pp_pool_finish(&pool);
}

/* In a child of its own: its pool has what the thread that is gone had, and nobody takes it, as it was in use. */
static int leave_what_the_other_thread_had(ppar_pool *pool, const thing *its) {
  thing *got;
  if (its->owned.owner != NULL || pp_load_relaxed(&its->owned.busy) != 0 || !its->renewed_torn) return 1;
  got = take(pool, 1);
  if (got == its || got->owned.owner != this_thread() || unowned(pool) != NULL) return 2;
  pp_pool_finish(pool);
  pp_owned_end(this_thread());
  return pp_load_relaxed(&things_freed) == 2 ? 0 : 3;
}

Test(pool_owned, a_fork_while_another_thread_has_some) {
  if (SCALE_THREAD_SANITIZER || SCALE_ADDRESS_SANITIZER) cr_skip_test("the sanitizers do not bear such children");
  static ppar_pool pool;
  survivor s = {.pools = &pool};
  pthread_t thread;
  begin_pool(&pool);
  (void)pthread_barrier_init(&s.barrier, NULL, 2);
  cr_assert_eq(pthread_create(&thread, NULL, take_and_wait, &s), 0);
  (void)pthread_barrier_wait(&s.barrier);
  thing *its = thing_of(pp_load_relaxed(&pool.owned[things.kind].first));
  pp_store_relaxed(&its->owned.busy, 1);
  pid_t child = fork();
  if (child == 0) _exit(leave_what_the_other_thread_had(&pool, its));
  cr_assert_gt(child, 0);
  cr_expect_eq(children_await(child), 0);
  cr_expect_eq(pp_load_relaxed(&its->owned.busy), 1, "the parent's are as they were");
  cr_expect_eq(its->renewals, 0);
  pp_store_relaxed(&its->owned.busy, 0);
  (void)pthread_barrier_wait(&s.barrier);
  pthread_join(thread, NULL);
  (void)pthread_barrier_destroy(&s.barrier);
  cr_expect_eq(unowned(&pool), its);
  pp_pool_finish(&pool);
}

/* SPDX-License-Identifier: MIT */
/* loop_record_owners.c: loop records whose thread or pool ends are neither lost nor leaked, and many threads share few
 * of them. Leaks and uses after free are for the sanitizers to see. */
#include <pthread.h>
#include <sched.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"
#include "loop_records.h"

TestSuite(loop_record_owners, .timeout = SCALE_TIMEOUT);

static size_t owned_records(void) {
  size_t count = 0;
  for (pp_owned *owned = this_thread()->owned[PP_OWNED_RECORD]; owned != NULL; owned = owned->next_owned) count++;
  return count;
}

static const pp_owned *unowned(const ppar_pool *pool) { return pool->owned[PP_OWNED_RECORD].unowned; }

/* --- Threads and pools that end ------------------------------------------------------------------------------ */

typedef struct visit {
  ppar_pool *pool;
  pp_record *record;
  bool leaves_straggler;
} visit;

static void *use_a_record(void *arg) {
  visit *v = arg;
  v->record = acquire(v->pool, 4);
  if (v->record == NULL) return NULL;
  open_loop(v->record, PP_BY_RANGE, 4);
  if (v->leaves_straggler) (void)join(v->record, 0, false);
  pp_record_release(v->record);
  return NULL;
}

static pp_record *record_of_an_ended_thread(ppar_pool *pool, bool leaves_straggler) {
  pthread_t thread;
  visit v = {pool, NULL, leaves_straggler};
  cr_assert_eq(pthread_create(&thread, NULL, use_a_record, &v), 0);
  pthread_join(thread, NULL);
  cr_assert_not_null(v.record);
  return v.record;
}

Test(loop_record_owners, an_ended_threads_record_serves_another_thread) {
  static ppar_pool pool;
  begin_pool(&pool, 4);
  pp_record *record = record_of_an_ended_thread(&pool, false);
  cr_expect_eq(unowned(&pool), &record->owned);
  for (int k = 0; k < 5; k++) cr_expect_eq(record_of_an_ended_thread(&pool, false), record);
  cr_expect_eq(acquire(&pool, 4), record);
  cr_expect_eq(record->owned.owner, this_thread());
  cr_expect_null(unowned(&pool));
  cr_expect_eq(pp_board_count(&pool.board), 1);
  pp_record_release(record);
  pp_pool_finish(&pool);
}

Test(loop_record_owners, an_ended_threads_record_waits_for_its_straggler) {
  static ppar_pool pool;
  begin_pool(&pool, 4);
  pp_record *record = record_of_an_ended_thread(&pool, true);
  pp_record *own = acquire(&pool, 4);
  cr_expect_neq(own, record);
  pp_group_leave(&record->share.groups[0], 1, 0, false);
  cr_expect_eq(acquire(&pool, 4), record);
  pp_record_release(own);
  pp_record_release(record);
  pp_pool_finish(&pool);
}

Test(loop_record_owners, an_ended_threads_small_record_is_not_for_a_large_loop) {
  static ppar_pool pool;
  begin_pool(&pool, 4);
  pp_record *small = record_of_an_ended_thread(&pool, false);
  pp_record *large = acquire(&pool, small->capacity + 1);
  cr_expect_neq(large, small);
  cr_expect_geq(large->capacity, small->capacity + 1);
  cr_expect_eq(unowned(&pool), &small->owned);
  pp_record_release(large);
  pp_pool_finish(&pool);
}

Test(loop_record_owners, an_ended_pools_records_are_dropped_by_their_thread) {
  static ppar_pool pools[3];
  for (int p = 0; p < 3; p++) begin_pool(&pools[p], 4);
  pp_record *one = acquire(&pools[0], 4), *two = acquire(&pools[0], 4), *other = acquire(&pools[1], 4);
  pp_record_release(one);
  pp_record_release(two);
  pp_record_release(other);
  pp_pool_finish(&pools[0]);
  cr_expect_null(pp_load_relaxed(&one->owned.pool));
  cr_expect_null(pp_load_relaxed(&two->owned.pool));
  cr_expect_eq(owned_records(), 3);
  cr_expect_eq(acquire(&pools[1], 4), other);
  cr_assert_not_null(acquire(&pools[2], 4));
  cr_expect_eq(owned_records(), 2, "the two are freed when the thread next needs a new one");
  release_all();
  pp_pool_finish(&pools[1]);
  pp_pool_finish(&pools[2]);
}

typedef struct survivor {
  ppar_pool *pools;
  pthread_barrier_t barrier;
} survivor;

static void *outlive_a_pool(void *arg) {
  survivor *s = arg;
  for (int p = 0; p < 2; p++) pp_record_release(acquire(&s->pools[p], 4));
  (void)pthread_barrier_wait(&s->barrier);
  (void)pthread_barrier_wait(&s->barrier); /* the first pool has ended */
  return NULL;
}

/* Leaks and uses after free are for the sanitizers to see. */
Test(loop_record_owners, a_thread_may_end_before_or_after_the_pools_that_it_used) {
  static ppar_pool pools[2];
  survivor s = {.pools = pools};
  pthread_t thread;
  begin_pool(&pools[0], 4);
  begin_pool(&pools[1], 4);
  (void)pthread_barrier_init(&s.barrier, NULL, 2);
  cr_assert_eq(pthread_create(&thread, NULL, outlive_a_pool, &s), 0);
  (void)pthread_barrier_wait(&s.barrier);
  pp_pool_finish(&pools[0]);
  (void)pthread_barrier_wait(&s.barrier);
  pthread_join(thread, NULL);
  cr_assert_not_null(unowned(&pools[1]));
  cr_expect_null(unowned(&pools[1])->next_owned);
  pp_pool_finish(&pools[1]);
  (void)pthread_barrier_destroy(&s.barrier);
}

/* --- Many threads ---------------------------------------------------------------------------------------------- */

enum { USERS = 6 };

typedef struct crowd {
  ppar_pool pools[2];
  pp_atomic_u32 stop;
  struct findings found;
} crowd;

/* A worker that comes to whatever record is open, and leaves at once. */
static void *come_and_go(void *arg) {
  crowd *c = arg;
  uint64_t random = 9;
  while (pp_load_relaxed(&c->stop) == 0) {
    ppar_pool *pool = &c->pools[work_random(&random) % 2];
    uint32_t count = pp_board_count(&pool->board);
    for (uint32_t r = 0; r < count; r++) {
      pp_record *record = pp_board_at(&pool->board, r);
      int slot = join(record, 0, true);
      if (slot < 0) continue;
      EXPECT(&c->found, (uint32_t)slot < record->loop.division.parts);
      EXPECT(&c->found, record->loop.division.chunk == record->loop.division.parts);
      pp_group_leave(&record->share.groups[0], (uint32_t)slot, 0, false);
    }
    sched_yield();
  }
  return NULL;
}

static void *use_records(void *arg) {
  crowd *c = arg;
  for (uint32_t k = 0; k < 40; k++) {
    pp_record *record = acquire(&c->pools[k % 2], 8);
    EXPECT(&c->found, record != NULL && record->owned.owner == this_thread());
    EXPECT(&c->found, is_quiet(record));
    record->loop = (pp_loop){.division = {.sharing = PP_BY_RANGE, .parts = 2 + k % 7, .chunk = 2 + k % 7}};
    pp_record_open(record);
    if (k % 8 == 0) sched_yield();
    pp_record_release(record);
  }
  return NULL;
}

Test(loop_record_owners, threads_that_come_and_end_share_few_records) {
  static crowd c;
  uint32_t generations = (uint32_t)scaled(60);
  pthread_t worker, users[USERS];
  begin_pool(&c.pools[0], 8);
  begin_pool(&c.pools[1], 8);
  cr_assert_eq(pthread_create(&worker, NULL, come_and_go, &c), 0);
  for (uint32_t g = 0; g < generations; g++) {
    for (int u = 0; u < USERS; u++) cr_assert_eq(pthread_create(&users[u], NULL, use_records, &c), 0);
    for (int u = 0; u < USERS; u++) pthread_join(users[u], NULL);
  }
  pp_store_relaxed(&c.stop, 1);
  pthread_join(worker, NULL);
  ASSERT_CLEAN(&c.found, "threads that come and end");
  for (int p = 0; p < 2; p++) {
    /* One for each user, and some for when the worker was in all that a user had; not some for each generation. */
    cr_expect_leq(pp_board_count(&c.pools[p].board), 8 * USERS);
    cr_expect_not(pp_pool_is_busy(&c.pools[p]));
    pp_pool_finish(&c.pools[p]);
  }
}

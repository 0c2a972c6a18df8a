/* SPDX-License-Identifier: MIT */
/* pool_home.c: workers of a pool that binds its threads are put into other places, as an OpenMP region does, and go
 * home before they do work that knows nothing of that. */
#include <stdatomic.h>
#include <stdio.h>

#include <ppar/ppar.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "platform/cpuset.h"
#include "platform/standing.h"
#include "pool/home.h"
#include "pool/pool.h"
#include "pool/self.h"

#include <criterion/criterion.h>

TestSuite(pool_home, .timeout = SCALE_TIMEOUT);

enum { PLACES = 3 };

static struct findings found;

/* Two of the process's CPUs, as places: the first one, the second one, and the first one again. */
static void write_places(char *text, size_t size) {
  const pp_cpuset *cpus = pp_standing_cpus();
  int a = pp_cpuset_next(cpus, -1), b = pp_cpuset_next(cpus, a);
  if (b < 0) cr_skip_test("the process may use one CPU alone");
  snprintf(text, size, "{%d},{%d},{%d}", a, b, a);
}

static ppar_pool *make_pool(void) {
  ppar_pool *pool = NULL;
  char text[64];
  write_places(text, sizeof text);
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 2, .bind = PPAR_BIND_CLOSE, .places = text)),
               PPAR_OK);
  cr_assert_eq(pp_places_count(pool->places), PLACES);
  return pool;
}

/* The calling thread is where its place is. */
static void expect_bound(const pp_worker *worker, int place) {
  pp_cpuset *own = pp_cpuset_affinity();
  EXPECT(&found, pp_load_relaxed(&worker->place) == place);
  EXPECT(&found, own != NULL && pp_cpuset_equal(own, pp_places_cpuset(worker->pool->places, place)));
  pp_cpuset_free(own);
}

static void leave_home(ppar_team *team, void *arg) {
  pp_worker *worker = pp_self_get()->worker;
  if (ppar_team_thread(team) == 0) return;
  expect_bound(worker, 1);
  pp_worker_settle(worker, *(const int *)arg);
  expect_bound(worker, *(const int *)arg);
}

static void be_at_home(ppar_team *team, void *arg) {
  (void)arg;
  if (ppar_team_thread(team) != 0) expect_bound(pp_self_get()->worker, 1);
}

Test(pool_home, a_region_finds_its_workers_at_home) {
  ppar_pool *pool = make_pool();
  for (int round = 0; round < (int)scaled(30); round++) {
    int place = round % PLACES;
    cr_assert_eq(ppar_parallel(leave_home, &place, PPAR_OPTIONS(.pool = pool)), PPAR_OK);
    cr_assert_eq(ppar_parallel(be_at_home, NULL, PPAR_OPTIONS(.pool = pool)), PPAR_OK);
  }
  ASSERT_CLEAN(&found, "regions and loops");
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* The caller stays in its iteration until the worker has come to the other one. */
static void work_at_home(const ppar_chunk *chunk, void *came) {
  pp_worker *worker = pp_self_get()->worker;
  (void)chunk;
  if (worker != NULL) {
    expect_bound(worker, 1);
    atomic_store((_Atomic uint64_t *)came, 1);
  } else {
    EXPECT(&found, teams_await(came, 1));
  }
}

Test(pool_home, a_worker_that_joins_a_loop_is_at_home) {
  ppar_pool *pool = make_pool();
  for (int round = 0; round < (int)scaled(10); round++) {
    int place = round % PLACES;
    _Atomic uint64_t came = 0;
    cr_assert_eq(ppar_parallel(leave_home, &place, PPAR_OPTIONS(.pool = pool)), PPAR_OK);
    cr_assert_eq(ppar_parallel_for(0, 2, work_at_home, (void *)&came,
                                   PPAR_OPTIONS(.pool = pool, .schedule = ppar_monotonic(ppar_dynamic(1)))),
                 PPAR_OK);
    cr_assert_eq(ppar_parallel(be_at_home, NULL, PPAR_OPTIONS(.pool = pool)), PPAR_OK);
  }
  ASSERT_CLEAN(&found, "regions and loops");
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(pool_home, a_substitute_is_in_the_place_that_the_cpus_are_of) {
  ppar_pool *pool = make_pool();
  const pp_cpuset *cpus = pp_standing_cpus();
  pp_worker other = {.pool = pool}, worker = {.pool = pool};
  pp_store_relaxed(&other.place, 2);
  pp_worker_take_place(&worker, &other, pp_places_cpuset(pool->places, 2));
  cr_expect_eq(pp_load_relaxed(&worker.place), 2, "two places have these CPUs");
  pp_worker_take_place(&worker, &other, pp_places_cpuset(pool->places, 1));
  cr_expect_eq(pp_load_relaxed(&worker.place), 1, "the other one has just left place 2");
  pp_worker_take_place(&worker, &other, cpus);
  cr_expect_eq(pp_load_relaxed(&worker.place), 2, "the program has chosen the CPUs");
  for (int place = PLACES; place < 1 << 20; place += 1 + place / 8) { /* whose CPUs the pool does not know */
    pp_store_relaxed(&other.place, place);
    pp_worker_take_place(&worker, &other, pp_places_cpuset(pool->places, 1));
    cr_expect_eq(pp_load_relaxed(&worker.place), 1);
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(pool_home, workers_of_a_pool_without_places_have_no_home) {
  ppar_pool *pool = NULL;
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 2, .bind = PPAR_BIND_FALSE)), PPAR_OK);
  cr_expect_eq(pool->workers[0].home, -1);
  cr_expect_eq(pp_load_relaxed(&pool->workers[0].place), -1);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

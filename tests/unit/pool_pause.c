/* SPDX-License-Identifier: MIT */
/* pool_pause.c: a pool that gives back its threads and goes on: with regions, loops and tasks before and after, and
 * from other threads meanwhile; in regions and in forked children. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ppar/ppar.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/tasks.h"
#include "../support/teams.h"
#include "pool/pool.h"

#include <criterion/criterion.h>

TestSuite(pool_pause, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS = 1000, SUM = ITERATIONS * (ITERATIONS - 1) / 2, LARGE = 9 };

/* The threads of the default pool's; the system may show one for a moment after it has been joined. */
static void assert_no_threads(void) { cr_assert_eq(tasks_await("ppar/", 0), 0); }

static struct findings found;

static void add(int64_t i, void *arg) { atomic_fetch_add((_Atomic int64_t *)arg, i); }

static void add_prange(ppar_team *team, void *arg) {
  ppar_prange(team, i, 0, ITERATIONS, PPAR_OPTIONS(.schedule = ppar_dynamic(1))) {
    add(i, arg);
  }
  ppar_barrier(team);
}

static void add_chunk(const ppar_chunk *chunk, void *arg) {
  for (int64_t k = 0; k < (int64_t)chunk->count; k++) add(chunk->begin + k, arg);
}

static void add_one(void *arg) { atomic_fetch_add((_Atomic int64_t *)arg, 1); }

static void add_whole_prange(ppar_team *team, void *arg) {
  if (ppar_team_thread(team) == 0) EXPECT(&found, ppar_team_size(team) == atomic_load((_Atomic int64_t *)arg));
  ppar_barrier(team);
  if (ppar_team_thread(team) == 0) atomic_store((_Atomic int64_t *)arg, 0);
  ppar_barrier(team);
  add_prange(team, arg);
}

/* It has all its threads, also where it comes while the pool pauses. */
static void expect_region(int threads) {
  _Atomic int64_t sum = threads;
  EXPECT(&found, ppar_parallel(add_whole_prange, (void *)&sum, PPAR_OPTIONS(.threads = threads)) == PPAR_OK);
  EXPECT(&found, sum == SUM);
}

static void expect_loop(void) {
  _Atomic int64_t sum = 0;
  EXPECT(&found, ppar_parallel_for(0, ITERATIONS, add_chunk, (void *)&sum, PPAR_OPTIONS(.schedule = ppar_dynamic(1))) ==
                     PPAR_OK);
  EXPECT(&found, sum == SUM);
}

static void expect_tasks(void) {
  _Atomic int64_t sum = 0;
  ppar_task_group group;
  ppar_task_group_begin(&group, NULL);
  for (int k = 0; k < ITERATIONS; k++) ppar_task_spawn(&group, add_one, (void *)&sum);
  EXPECT(&found, ppar_task_group_wait(&group) == PPAR_OK && sum == ITERATIONS);
}

static void note_size(ppar_team *team, void *arg) {
  if (ppar_team_thread(team) == 0) *(uint32_t *)arg = (uint32_t)ppar_team_size(team);
}

Test(pool_pause, no_thread_is_left_and_the_next_region_has_all_again) {
  static const int sizes[] = {2, LARGE, 4, 3, 1, 12, 2, 5};
  ppar_pool *pool = ppar_pool_default();
  for (int round = 0; round < (int)scaled(32); round++) {
    int threads = sizes[round % 8];
    uint32_t size = 0;
    cr_assert_eq(ppar_parallel(note_size, &size, PPAR_OPTIONS(.threads = threads)), PPAR_OK);
    cr_assert_eq(size, (uint32_t)threads);
    expect_region(threads);
    if (round % 3 == 0) expect_loop();
    if (round % 3 == 1) expect_tasks();
    cr_assert(pp_pool_pause(pool));
    assert_no_threads();
    if (round % 2 == 0) cr_assert(pp_pool_pause(pool));
  }
  ASSERT_CLEAN(&found, "pauses");
}

static void refuse(ppar_team *team, void *pool) {
  (void)team;
  EXPECT(&found, !pp_pool_pause(pool));
  ppar_barrier(team);
}

Test(pool_pause, a_pool_in_use_is_left_as_it_is) {
  ppar_pool *pool = ppar_pool_default();
  for (int round = 0; round < 3; round++) {
    cr_assert_eq(ppar_parallel(refuse, pool, PPAR_OPTIONS(.threads = 4)), PPAR_OK);
    expect_region(4);
  }
  ASSERT_CLEAN(&found, "pauses");
}

static _Atomic int ended;

static void *use(void *arg) {
  for (int k = 0; atomic_load(&ended) == 0; k++) {
    if (k % 2 == 0) (void)usleep(300);
    expect_region(2 + *(const int *)arg);
    expect_loop();
    expect_tasks();
  }
  return NULL;
}

Test(pool_pause, other_threads_go_on_meanwhile) {
  pthread_t users[3];
  int numbers[3] = {0, 1, 2};
  ppar_pool *pool = ppar_pool_default();
  atomic_store(&ended, 0);
  for (int u = 0; u < 3; u++) cr_assert_eq(pthread_create(&users[u], NULL, use, &numbers[u]), 0);
  for (int k = 0; k < (int)scaled(300); k++) {
    (void)pp_pool_pause(pool); /* Mostly the pool is in use. */
    (void)usleep(50);
  }
  atomic_store(&ended, 1);
  for (int u = 0; u < 3; u++) (void)pthread_join(users[u], NULL);
  cr_assert(pp_pool_pause(pool));
  assert_no_threads();
  expect_region(LARGE);
  ASSERT_CLEAN(&found, "pauses");
}

Test(pool_pause, a_forked_child_has_a_pool_that_works) {
  ppar_pool *pool = ppar_pool_default();
  if (SCALE_THREAD_SANITIZER) cr_skip_test("the sanitizer allows the child no threads");
  if (scale_is_emulated()) cr_skip_test("qemu ends a child that begins threads now and then");
  expect_region(4);
  cr_assert(pp_pool_pause(pool));
  for (int round = 0; round < 2; round++) {
    pid_t child = fork();
    int status = -1;
    if (child == 0) {
      expect_region(4);
      bool paused = pp_pool_pause(pool);
      expect_region(3);
      _exit(paused && atomic_load(&found.count) == 0 ? 0 : 1);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(status, 0);
    expect_region(4);
  }
  ASSERT_CLEAN(&found, "pauses");
}

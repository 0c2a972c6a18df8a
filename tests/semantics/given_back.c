/* SPDX-License-Identifier: MIT */
/* given_back.c: memory that much work has needed once, and threads that many users have needed at once, come back. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "../support/findings.h"
#include "../support/limits.h"
#include "../support/memory.h"
#include "../support/scale.h"
#include "../support/tasks.h"
#include "../support/teams.h"

TestSuite(given_back, .timeout = SCALE_TIMEOUT);

/* --- Memory ----------------------------------------------------------------------------------------------- */

enum { MIB = 1 << 20, TASKS = 1000000, VALUE = 16 * MIB, LITTLE = 12 * MIB };

static void needs_own_memory(void) {
  if (resident() == 0) cr_skip_test("needs /proc/self/statm");
  if (SCALE_ADDRESS_SANITIZER || scale_is_small()) cr_skip_test("the checker keeps memory by itself");
}

static bool is_little_more(size_t before) { return resident() < before + LITTLE; }

static void count(void *arg) { atomic_fetch_add_explicit((_Atomic uint64_t *)arg, 1, memory_order_relaxed); }

static void spawn_many(ppar_pool *pool) {
  _Atomic uint64_t ran = 0;
  ppar_task_group group;
  cr_assert_eq(ppar_task_group_begin(&group, PPAR_OPTIONS(.pool = pool)), PPAR_OK);
  for (int t = 0; t < TASKS; t++) cr_assert_eq(ppar_task_spawn(&group, count, &ran), PPAR_OK);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_assert_eq(atomic_load(&ran), TASKS);
}

Test(given_back, memory_of_a_million_tasks) {
  needs_own_memory();
  for (int threads = 1; threads <= 4; threads += 3) {
    ppar_pool *pool;
    cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = threads)), PPAR_OK);
    const size_t before = resident();
    spawn_many(pool);
    cr_expect(is_little_more(before));
    cr_expect_eq(ppar_pool_destroy(pool), PPAR_OK);
  }
}

static void spawn_from_task(void *pool) { spawn_many(pool); }

/* Also where a task spawns them, which may have been stolen. */
Test(given_back, memory_of_a_million_tasks_of_a_task) {
  ppar_pool *pool;
  ppar_task_group group;
  needs_own_memory();
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 2)), PPAR_OK);
  const size_t before = resident();
  cr_assert_eq(ppar_task_group_begin(&group, PPAR_OPTIONS(.pool = pool)), PPAR_OK);
  cr_assert_eq(ppar_task_spawn(&group, spawn_from_task, pool), PPAR_OK);
  teams_sleep(20000);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_expect(is_little_more(before));
  cr_expect_eq(ppar_pool_destroy(pool), PPAR_OK);
}

static void add_bytes(void *into, const void *from) {
  unsigned char *sums = into;
  const unsigned char *values = from;
  for (size_t b = 0; b < VALUE; b++) sums[b] = (unsigned char)(sums[b] + values[b]);
}

static const ppar_reduction wide = {VALUE, NULL, add_bytes};

struct values {
  unsigned char *mine[2], *result[2];
  bool cancels;
};

static void give_large_values(ppar_team *team, void *arg) {
  const struct values *values = arg;
  const int thread = ppar_team_thread(team);
  ppar_team_reduce(team, values->mine[thread], values->result[thread], &wide);
  ppar_team_scan(team, values->mine[thread], values->result[thread], &wide);
  if (values->cancels && thread == 1) ppar_cancel_region(team, 1);
  ppar_team_reduce(team, values->mine[thread], values->result[thread], &wide);
}

Test(given_back, memory_of_a_teams_large_values) {
  needs_own_memory();
  for (int cancels = 0; cancels < 2; cancels++) {
    struct values values = {.cancels = cancels != 0};
    for (int t = 0; t < 2; t++) {
      values.mine[t] = malloc(VALUE);
      values.result[t] = malloc(VALUE);
      cr_assert(values.mine[t] != NULL && values.result[t] != NULL);
      memset(values.mine[t], t + 1, VALUE);
      memset(values.result[t], 0, VALUE);
    }
    const size_t before = resident();
    cr_expect_eq(teams_run(2, give_large_values, &values), cancels);
    cr_expect(is_little_more(before));
    for (int t = 0; t < 2; t++) {
      free(values.mine[t]);
      free(values.result[t]);
    }
  }
}

/* What a million tasks need again and again is kept for a while, but for a call. */
Test(given_back, memory_that_was_kept_is_given_back_by_a_call) {
  needs_own_memory();
  const size_t before = resident();
  for (int k = 0; k < 3; k++) spawn_many(NULL);
  cr_expect_eq(ppar_pool_trim(NULL), PPAR_OK);
  cr_expect(is_little_more(before));
  spawn_many(NULL);
}

/* --- Threads ---------------------------------------------------------------------------------------------- */

/* STAY_SECONDS: extra threads that are idle for longer may end by themselves. */
enum { USERS = 12, TEAM = 4, THREADS_LEFT_SECONDS = 60, STAY_SECONDS = 1 };

struct company {
  ppar_pool *pool;
  int users;
  uint64_t regions; /* of each user */
  _Atomic uint64_t inside, done;
  struct findings found;
};

static void meet_all(ppar_team *team, void *arg) {
  struct company *company = arg;
  EXPECT(&company->found, ppar_team_size(team) == TEAM);
  EXPECT(&company->found, teams_meet(&company->inside, (uint64_t)(company->users * TEAM)));
  ppar_barrier(team);
}

static void meet(ppar_team *team, void *arg) {
  struct company *company = arg;
  EXPECT(&company->found, ppar_team_size(team) == TEAM);
  ppar_barrier(team);
  if (ppar_single(team)) atomic_fetch_add(&company->inside, 1);
}

static void *use_once(void *arg) {
  struct company *company = arg;
  EXPECT(&company->found,
         ppar_parallel(meet_all, company, PPAR_OPTIONS(.pool = company->pool, .threads = TEAM)) == PPAR_OK);
  return NULL;
}

static void *use_often(void *arg) {
  struct company *company = arg;
  for (uint64_t k = 0; k < company->regions; k++) {
    EXPECT(&company->found,
           ppar_parallel(meet, company, PPAR_OPTIONS(.pool = company->pool, .threads = TEAM)) == PPAR_OK);
    if (k % 16 == 0) teams_sleep(1000);
  }
  atomic_fetch_add(&company->done, 1);
  return NULL;
}

static void start_users(struct company *company, pthread_t threads[USERS], void *(*use)(void *)) {
  atomic_store(&company->inside, 0);
  for (int u = 0; u < company->users; u++) cr_assert_eq(pthread_create(&threads[u], NULL, use, company), 0);
}

static void end_users(struct company *company, pthread_t threads[USERS]) {
  for (int u = 0; u < company->users; u++) pthread_join(threads[u], NULL);
  ASSERT_CLEAN(&company->found, "users of one pool");
}

static bool are_left(int threads) {
  for (int tries = 0; tries < THREADS_LEFT_SECONDS * 100; tries++) {
    if (tasks_named("") <= threads) return true;
    teams_sleep(10000);
  }
  return false;
}

/* Where the system shows threads: with the pool's own workers alone. */
static void begin_company(struct company *company, int *own) {
  if (!TASKS_VISIBLE) cr_skip_test("needs /proc");
  *company = (struct company){.users = USERS};
  cr_assert_eq(ppar_pool_create(&company->pool, PPAR_POOL_OPTIONS(.threads = 2)), PPAR_OK);
  *own = tasks_named("");
}

static void end_company(struct company *company) { cr_expect_eq(ppar_pool_destroy(company->pool), PPAR_OK); }

Test(given_back, extra_threads_end_when_they_are_idle) {
  static struct company company;
  pthread_t threads[USERS];
  int own;
  begin_company(&company, &own);
  for (int again = 0; again < 2; again++) {
    start_users(&company, threads, use_once);
    end_users(&company, threads);
    cr_expect(are_left(own));
  }
  end_company(&company);
}

Test(given_back, extra_threads_end_at_once_by_a_call) {
  static struct company company;
  pthread_t threads[USERS];
  int own;
  begin_company(&company, &own);
  for (uint64_t again = 0; again < 3; again++) {
    const double begun = ppar_wtime();
    start_users(&company, threads, use_once);
    end_users(&company, threads);
    if (ppar_wtime() - begun < STAY_SECONDS) cr_expect_gt(tasks_named(""), own);
    for (int tries = 0; tries < 1000 && tasks_named("") > own; tries++) { /* some had not yet fallen asleep */
      cr_expect_eq(ppar_pool_trim(company.pool), PPAR_OK);
      teams_sleep(1000);
    }
    cr_expect_leq(tasks_named(""), own);
  }
  end_company(&company);
}

static void count_in(ppar_team *team, void *met) {
  ppar_barrier(team);
  atomic_fetch_add((_Atomic uint64_t *)met, 1);
}

/* Regions have all their threads, whoever leaves meanwhile. */
Test(given_back, a_team_is_whole_whenever_its_threads_have_left) {
  static struct company company = {.users = 3};
  pthread_t threads[USERS];
  company.regions = scaled(3000);
  for (int threads_of_pool = 1; threads_of_pool <= 4; threads_of_pool += 3) {
    cr_assert_eq(ppar_pool_create(&company.pool, PPAR_POOL_OPTIONS(.threads = threads_of_pool)), PPAR_OK);
    atomic_store(&company.done, 0);
    start_users(&company, threads, use_often);
    while (atomic_load(&company.done) < (uint64_t)company.users) {
      cr_assert_eq(ppar_pool_trim(company.pool), PPAR_OK);
      teams_sleep(200);
    }
    end_users(&company, threads);
    cr_expect_eq(atomic_load(&company.inside), company.regions * (uint64_t)company.users);
    end_company(&company);
  }
}

Test(given_back, teams_grow_and_shrink_among_leaving_threads) {
  static struct company company;
  cr_assert_eq(ppar_pool_create(&company.pool, PPAR_POOL_OPTIONS(.threads = 2)), PPAR_OK);
  for (uint64_t k = 0; k < scaled(600); k++) {
    static const int sizes[] = {TEAM, 2, 20, TEAM, 9, 3, 33};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
      _Atomic uint64_t met = 0;
      cr_assert_eq(ppar_pool_trim(company.pool), PPAR_OK);
      if (k % 4 == s % 4) teams_sleep(200);
      cr_assert_eq(ppar_parallel(count_in, &met, PPAR_OPTIONS(.pool = company.pool, .threads = sizes[s])), PPAR_OK);
      cr_assert_eq(atomic_load(&met), (uint64_t)sizes[s]);
    }
  }
  end_company(&company);
}

static void *count_in_two(void *pool) {
  _Atomic uint64_t met = 0;
  cr_expect_eq(ppar_parallel(count_in, &met, PPAR_OPTIONS(.pool = pool, .threads = 2)), PPAR_OK);
  return (void *)(uintptr_t)atomic_load(&met);
}

static void trim_to(ppar_pool *pool, int own) {
  for (int tries = 0; tries < 10000 && tasks_named("") > own; tries++) {
    cr_assert_eq(ppar_pool_trim(pool), PPAR_OK);
    teams_sleep(1000);
  }
  cr_assert_leq(tasks_named(""), own);
}

/* The first user's extra thread is the next that would begin anew. There is no memory for its stack, so the region has
 * one thread; and so has the next one, whose seat that thread had. */
Test(given_back, a_thread_that_has_left_is_not_counted_on_where_no_other_can_begin) {
  ppar_pool *pool;
  pthread_t other;
  if (!TASKS_VISIBLE || !limits_work()) cr_skip_test("needs a process whose memory can be limited");
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 1, .stack_size = (size_t)256 * MIB)), PPAR_OK);
  const int own = tasks_named("");
  cr_assert_eq((uintptr_t)count_in_two(pool), 2);
  trim_to(pool, own);
  cr_assert_eq(pthread_create(&other, NULL, count_in_two, pool), 0);
  pthread_join(other, NULL);
  trim_to(pool, own);
  cr_assert(limits_memory((size_t)64 * MIB));
  for (int again = 0; again < 3; again++) cr_expect_eq((uintptr_t)count_in_two(pool), 1);
  limits_lift();
  cr_expect_eq((uintptr_t)count_in_two(pool), 2);
  cr_expect_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(given_back, only_pools_are_trimmed) {
  _Atomic uint64_t met = 0;
  cr_expect_eq(ppar_pool_trim(NULL), PPAR_OK, "a default pool that nobody has used");
  cr_expect_eq(ppar_parallel(count_in, &met, PPAR_OPTIONS(.threads = 2)), PPAR_OK);
  cr_expect_eq(ppar_pool_trim(NULL), PPAR_OK);
  cr_expect_eq(ppar_pool_trim(ppar_pool_default()), PPAR_OK);
}

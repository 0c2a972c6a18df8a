/* SPDX-License-Identifier: MIT */
/* given_back.c: memory that much work has needed once, and threads that many users have needed at once, come back. */
#include <stdio.h>
#include <unistd.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/teams.h"

TestSuite(given_back, .timeout = SCALE_TIMEOUT);

/* --- Memory ----------------------------------------------------------------------------------------------- */

enum { MIB = 1 << 20, TASKS = 1000000, VALUE = 16 * MIB, LITTLE = 12 * MIB };

/* Bytes that the process has in memory; 0: the system does not tell. */
static size_t resident(void) {
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL) return 0;
  if (fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
  fclose(file);
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

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

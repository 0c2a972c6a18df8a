/* SPDX-License-Identifier: MIT */
/* task_order.c: groups of one thread that are open at once, waited for in any order. Of each the tasks that nobody
 * has stolen run latest first, and how many groups there are makes no wait longer. */
#include <stdlib.h>

#include <criterion/criterion.h>
#include <ppar/ppar.h>

#include "../support/scale.h"
#include "../support/work.h"

TestSuite(task_order, .timeout = SCALE_TIMEOUT);

/* --- The order ---------------------------------------------------------------------------------------------- */

enum { GROUPS = 7, TASKS = 60, ROUNDS = 3000 };

struct round {
  ppar_task_group groups[GROUPS];
  int spawned[GROUPS], latest[GROUPS]; /* tasks; of those that run, the number of the latest */
  bool ordered;
  int ran;
};

struct numbered {
  struct round *round;
  int group, number;
};

static void run_numbered(void *arg) {
  const struct numbered *task = arg;
  struct round *round = task->round;
  if (task->number >= round->latest[task->group]) round->ordered = false;
  round->latest[task->group] = task->number;
  round->ran++;
}

/* Pools of one thread have nobody who steals. */
static ppar_pool *pool_of_one(void) {
  ppar_pool *pool = NULL;
  cr_assert_eq(ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 1)), PPAR_OK);
  return pool;
}

static uint64_t number_of(uint64_t round, int step) { return work_hash((int64_t)(round * 1000 + (uint64_t)step)); }

/* In some rounds each group's tasks are spawned in a row, in others among those of others. */
static void spawn_all(struct round *round, struct numbered tasks[TASKS], uint64_t r) {
  const bool in_rows = r % 2 == 0;
  int groups[TASKS];
  for (int t = 0; t < TASKS; t++) groups[t] = in_rows ? t * GROUPS / TASKS : (int)(number_of(r, t) % GROUPS);
  for (int t = 0; t < TASKS; t++) {
    tasks[t] = (struct numbered){round, groups[t], round->spawned[groups[t]]++};
    cr_assert_eq(ppar_task_spawn(&round->groups[groups[t]], run_numbered, &tasks[t]), PPAR_OK);
  }
}

Test(task_order, the_latest_of_a_group_runs_first_whichever_group_is_waited_for) {
  ppar_pool *pool = pool_of_one();
  for (uint64_t r = 0; r < scaled(ROUNDS); r++) {
    struct round round = {.ordered = true};
    struct numbered tasks[TASKS];
    const int begin = (int)(number_of(r, TASKS) % GROUPS), step = 1 + (int)(number_of(r, TASKS + 1) % (GROUPS - 1));
    int expected = 0;
    for (int g = 0; g < GROUPS; g++)
      cr_assert_eq(ppar_task_group_begin(&round.groups[g], PPAR_OPTIONS(.pool = pool)), PPAR_OK);
    spawn_all(&round, tasks, r);
    for (int g = 0; g < GROUPS; g++) round.latest[g] = round.spawned[g];
    for (int w = 0; w < GROUPS; w++) {
      const int g = (begin + w * step) % GROUPS;
      cr_assert_eq(ppar_task_group_wait(&round.groups[g]), PPAR_OK);
      cr_assert_eq(round.ran, expected += round.spawned[g], "its own tasks, and no others");
    }
    cr_assert(round.ordered, "in round %d", (int)r);
  }
  cr_expect_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* --- The time ------------------------------------------------------------------------------------------------ */

enum { MANY = 300000 };

static void count(void *arg) { (*(uint64_t *)arg)++; }

/* Were all others moved for each group, this would take an hour. */
Test(task_order, many_groups_are_waited_for_in_the_order_of_their_beginning) {
  ppar_pool *pool = pool_of_one();
  const uint64_t many = scaled(MANY);
  ppar_task_group *groups = calloc((size_t)many, sizeof *groups);
  cr_assert_not_null(groups);
  for (uint64_t tasks = 1; tasks <= 2; tasks++) {
    uint64_t ran = 0;
    for (uint64_t g = 0; g < many; g++) {
      cr_assert_eq(ppar_task_group_begin(&groups[g], PPAR_OPTIONS(.pool = pool)), PPAR_OK);
      for (uint64_t t = 0; t < tasks; t++) cr_assert_eq(ppar_task_spawn(&groups[g], count, &ran), PPAR_OK);
    }
    for (uint64_t g = 0; g < many; g++) cr_assert_eq(ppar_task_group_wait(&groups[g]), PPAR_OK);
    cr_expect_eq(ran, many * tasks);
  }
  free(groups);
  cr_expect_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* SPDX-License-Identifier: MIT */
/* tasks_inside.c: tasks that spawn into their own group, whichever thread runs them: each runs once, before the wait of
 * the group's owner ends, and is seen by it. */
#include <ppar/ppar.h>

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include <criterion/criterion.h>

#include "../support/groups.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(tasks_inside, .timeout = SCALE_TIMEOUT);

static const int pool_sizes[] = {1, 2, 4, 9};
enum { POOL_SIZES = sizeof pool_sizes / sizeof pool_sizes[0] };

static void for_each_pool(void (*test)(ppar_pool *pool)) { groups_on_pools(pool_sizes, POOL_SIZES, test); }

/* --- A tree in one group -------------------------------------------------------------------------------------- */

struct tree {
  ppar_task_group *group;
  ppar_pool *pool;
  int depth;
  atomic_int ran, wrong, pieces;
};

/* A node by value: which one, and how deep. */
struct node {
  struct tree *tree;
  int depth, number;
};

static void count_pieces(const ppar_chunk *chunk, void *arg) {
  struct tree *tree = arg;
  tree->pieces += (int)chunk->count;
}

static void nothing(void *arg) { (void)arg; }

/* What it spawns into its group lies above and below what it spawns into another one, which it waits for meanwhile. */
static void grow(void *arg) {
  const struct node *node = arg;
  struct tree *tree = node->tree;
  ppar_task_group inner;
  struct node child = {tree, node->depth - 1, 0};
  tree->ran++;
  if (node->depth == 0) return;
  if (node->number % 3 == 0) groups_begin(&inner, tree->pool);
  for (int c = 0; c < 2; c++) {
    child.number = 2 * node->number + c + 1;
    if (ppar_task_spawn_copy(tree->group, grow, &child, sizeof child) != PPAR_OK) tree->wrong++;
    if (node->number % 3 == 0 && ppar_task_spawn(&inner, nothing, NULL) != PPAR_OK) tree->wrong++;
  }
  if (node->number % 5 == 0 && ppar_task_spawn_range(tree->group, 0, 20, count_pieces, tree, NULL) != PPAR_OK)
    tree->wrong++;
  if (node->number % 7 == 0) work_spin(300);
  if (node->number % 3 == 0 && ppar_task_group_wait(&inner) != PPAR_OK) tree->wrong++;
}

static void trees(ppar_pool *pool) {
  enum { DEPTH = 9, NODES = (1 << (DEPTH + 1)) - 1, INNER = (1 << DEPTH) - 1 };
  for (uint64_t round = 0; round < scaled(20); round++) {
    ppar_task_group group;
    struct tree tree = {.group = &group, .pool = pool, .depth = DEPTH};
    struct node root = {&tree, DEPTH, 0};
    groups_begin(&group, pool);
    cr_assert_eq(ppar_task_spawn(&group, grow, &root), PPAR_OK);
    cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
    cr_assert_eq(tree.wrong, 0);
    cr_assert_eq(tree.ran, NODES);
    cr_assert_eq(tree.pieces, 20 * ((INNER + 4) / 5));
  }
}

Test(tasks_inside, every_task_of_a_tree_in_one_group_runs_once) { for_each_pool(trees); }

/* --- A chain: each task spawns the next one --------------------------------------------------------------------- */

struct chain {
  ppar_task_group *group;
  uint64_t left;
  uint64_t sum; /* plain: each task comes after the one that has spawned it */
};

static void go_on(void *arg) {
  struct chain *chain = arg;
  chain->sum += chain->left;
  if (--chain->left != 0) cr_assert_eq(ppar_task_spawn(chain->group, go_on, chain), PPAR_OK);
}

static void chains(ppar_pool *pool) {
  uint64_t links = scaled(20000);
  ppar_task_group group;
  struct chain chain[3];
  groups_begin(&group, pool);
  for (int c = 0; c < 3; c++) {
    chain[c] = (struct chain){&group, links, 0};
    cr_assert_eq(ppar_task_spawn(&group, go_on, &chain[c]), PPAR_OK);
  }
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  for (int c = 0; c < 3; c++) cr_assert_eq(chain[c].sum, links * (links + 1) / 2);
}

Test(tasks_inside, each_may_spawn_the_next_one) { for_each_pool(chains); }

/* --- Who may not ------------------------------------------------------------------------------------------------ */

struct other {
  ppar_task_group *outer;
  ppar_pool *pool;
  pthread_t owner;
  atomic_int refused, taken;
};

/* In a task of a group that was begun in one of the outer group's. */
static void spawn_outside(void *arg) {
  struct other *other = arg;
  int status = ppar_task_spawn(other->outer, nothing, NULL);
  bool is_owner = pthread_equal(pthread_self(), other->owner) != 0;
  other->refused += !is_owner && status == PPAR_EINVAL;
  other->taken += is_owner && status == PPAR_OK;
}

static void begin_another(void *arg) {
  struct other *other = arg;
  ppar_task_group inner;
  groups_begin(&inner, other->pool);
  for (int k = 0; k < 10; k++) cr_assert_eq(ppar_task_spawn(&inner, spawn_outside, other), PPAR_OK);
  cr_assert_eq(ppar_task_group_wait(&inner), PPAR_OK);
}

static void *spawn_from_elsewhere(void *arg) {
  struct other *other = arg;
  other->refused += ppar_task_spawn(other->outer, nothing, NULL) == PPAR_EINVAL;
  return NULL;
}

static void others(ppar_pool *pool) {
  enum { TASKS = 20 };
  ppar_task_group group;
  struct other other = {.outer = &group, .pool = pool, .owner = pthread_self()};
  pthread_t thread;
  groups_begin(&group, pool);
  for (int k = 0; k < TASKS; k++) cr_assert_eq(ppar_task_spawn(&group, begin_another, &other), PPAR_OK);
  cr_assert_eq(pthread_create(&thread, NULL, spawn_from_elsewhere, &other), 0);
  cr_assert_eq(pthread_join(thread, NULL), 0);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_assert_eq(other.refused + other.taken, 10 * TASKS + 1);
}

Test(tasks_inside, tasks_of_groups_begun_in_there_and_strangers_are_refused) {
  setenv("PPAR_CHECK", "0", 1); /* no lines */
  for_each_pool(others);
}

/* --- Cancelled groups ------------------------------------------------------------------------------------------- */

static void spawn_until_canceled(void *arg) {
  struct tree *tree = arg;
  int status = PPAR_OK;
  for (int k = 0; status == PPAR_OK; k++) {
    if (tree->ran++ > 1000) ppar_task_group_cancel(tree->group, 7);
    status = ppar_task_spawn(tree->group, nothing, NULL);
  }
  if (status != PPAR_ECANCELED) tree->wrong++;
}

static void cancels(ppar_pool *pool) {
  ppar_task_group group;
  struct tree tree = {.group = &group, .pool = pool};
  groups_begin(&group, pool);
  for (int k = 0; k < 4; k++) {
    int status = ppar_task_spawn(&group, spawn_until_canceled, &tree);
    cr_assert(status == PPAR_OK || status == PPAR_ECANCELED);
  }
  cr_assert_eq(ppar_task_group_wait(&group), 7);
  cr_assert_eq(tree.wrong, 0);
}

Test(tasks_inside, a_cancelled_group_takes_no_more) { for_each_pool(cancels); }

/* SPDX-License-Identifier: MIT */
/* barrier_tasks.c: a thread that waits at a barrier takes only tasks, and parts of loops, that have to be done before
 * the barrier. Here it holds a lock of the program's across the barrier, which what must not be its own wants: if it
 * took that, it would wait for itself, which a lock that checks for errors tells. And where it may help, the tasks of a
 * whole team are run once each. */
#include <ppar/ppar.h>

#include <errno.h>
#include <pthread.h>

#include <criterion/criterion.h>

#include "../support/groups.h"
#include "../support/scale.h"
#include "../support/teams.h"
#include "../support/work.h"

TestSuite(barrier_tasks, .timeout = SCALE_TIMEOUT);

enum { MOST = 12, TASKS = 20, CHANCE_US = 20000 }; /* thread 8 of twelve releases others */

struct stage {
  ppar_pool *pool;
  int threads;
  pthread_mutex_t locks[MOST]; /* each thread's of the team */
  atomic_int own;              /* tasks that found their lock held by the thread that ran them */
  atomic_int ran;
  _Atomic uint64_t at_barrier, began;
  ppar_task_group outer, inner[MOST];
  struct one {
    struct stage *stage;
    int number;
  } each[MOST];
};

static void stage_open(struct stage *stage, ppar_pool *pool, int threads) {
  pthread_mutexattr_t checks;
  *stage = (struct stage){.pool = pool, .threads = threads};
  pthread_mutexattr_init(&checks);
  pthread_mutexattr_settype(&checks, PTHREAD_MUTEX_ERRORCHECK);
  for (int t = 0; t < MOST; t++) {
    pthread_mutex_init(&stage->locks[t], &checks);
    stage->each[t] = (struct one){stage, t};
  }
  pthread_mutexattr_destroy(&checks);
}

static void stage_close(struct stage *stage) {
  for (int t = 0; t < MOST; t++) pthread_mutex_destroy(&stage->locks[t]);
}

static void want(void *arg) {
  const struct one *one = arg;
  int status = pthread_mutex_lock(&one->stage->locks[one->number]);
  if (status == EDEADLK) {
    one->stage->own++;
  } else {
    pthread_mutex_unlock(&one->stage->locks[one->number]);
  }
  one->stage->ran++;
}

static void run(struct stage *stage, ppar_region *region) {
  cr_assert_eq(ppar_parallel(region, stage, PPAR_OPTIONS(.pool = stage->pool, .threads = stage->threads)), PPAR_OK);
  cr_expect_eq(stage->own, 0, "%d of %d were run by a thread that waited for something else", stage->own, stage->ran);
}

static void lock_and_wait(ppar_team *team, struct stage *stage) {
  const int t = ppar_team_thread(team);
  cr_assert_eq(pthread_mutex_lock(&stage->locks[t]), 0);
  stage->at_barrier++;
  ppar_barrier(team);
  pthread_mutex_unlock(&stage->locks[t]);
}

/* --- Groups that are waited for after the barrier --------------------------------------------------------------- */

/* Thread 0 fills a group while the others are at the barrier, gives them time, and waits for it after the barrier. */
static void meet_with_group_open(ppar_team *team, struct stage *stage, void (*fill)(struct stage *stage)) {
  if (ppar_team_thread(team) != 0) {
    lock_and_wait(team, stage);
    return;
  }
  cr_expect(teams_await(&stage->at_barrier, (uint64_t)stage->threads - 1));
  groups_begin(&stage->outer, stage->pool);
  fill(stage);
  teams_sleep(CHANCE_US);
  ppar_barrier(team);
  cr_expect_eq(ppar_task_group_wait(&stage->outer), PPAR_OK);
}

static void spawn_wanting(struct stage *stage) {
  for (int k = 0; k < TASKS; k++)
    cr_expect_eq(ppar_task_spawn(&stage->outer, want, &stage->each[1 + k % (stage->threads - 1)]), PPAR_OK);
}

static void leave_open(ppar_team *team, void *arg) { meet_with_group_open(team, arg, spawn_wanting); }

static void check_left_open(ppar_pool *pool) {
  for (int threads = 2; threads <= MOST; threads += MOST - 2) {
    struct stage stage;
    stage_open(&stage, pool, threads);
    run(&stage, leave_open);
    cr_expect_eq(stage.ran, TASKS);
    stage_close(&stage);
  }
}

static const int few[] = {1, 2};

Test(barrier_tasks, of_a_group_that_is_waited_for_later_are_left_alone) { groups_on_pools(few, 2, check_left_open); }

/* A worker that is none of the team runs the group's task, and waits for what that has spawned: nobody who has to come
 * to the barrier waits for either. */
static void spawn_inner(void *arg) {
  struct stage *stage = arg;
  ppar_task_group group;
  groups_begin(&group, stage->pool);
  for (int k = 0; k < TASKS; k++) cr_expect_eq(ppar_task_spawn(&group, want, &stage->each[1]), PPAR_OK);
  stage->began++;
  cr_expect_eq(ppar_task_group_wait(&group), PPAR_OK);
}

static void spawn_outer(struct stage *stage) {
  cr_expect_eq(ppar_task_spawn(&stage->outer, spawn_inner, stage), PPAR_OK);
  cr_expect(teams_await(&stage->began, 1));
}

static void leave_inner(ppar_team *team, void *arg) { meet_with_group_open(team, arg, spawn_outer); }

static void check_inner(ppar_pool *pool) {
  struct stage stage;
  stage_open(&stage, pool, 2);
  run(&stage, leave_inner);
  cr_expect_eq(stage.ran, TASKS);
  stage_close(&stage);
}

static const int with_idle_ones[] = {3, 9};

Test(barrier_tasks, inside_of_such_a_group_are_left_alone) { groups_on_pools(with_idle_ones, 2, check_inner); }

/* --- What is begun after the barrier ---------------------------------------------------------------------------- */

static void want_one(const ppar_chunk *chunk, void *arg) {
  struct stage *stage = arg;
  ppar_for_each_index(i, chunk) want(&stage->each[i]);
}

/* Thread 0 goes on first where the others are released along a tree. */
static void begin_after(ppar_team *team, void *arg) {
  struct stage *stage = arg;
  lock_and_wait(team, stage);
  if (ppar_team_thread(team) != 0) return;
  groups_begin(&stage->outer, stage->pool);
  for (int t = 1; t < stage->threads; t++) cr_expect_eq(ppar_task_spawn(&stage->outer, want, &stage->each[t]), PPAR_OK);
  cr_expect_eq(ppar_task_group_wait(&stage->outer), PPAR_OK);
  cr_expect_eq(
      ppar_parallel_for(1, stage->threads, want_one, stage,
                        PPAR_OPTIONS(.pool = stage->pool, .threads = 2 * stage->threads, .schedule = ppar_dynamic(1))),
      PPAR_OK);
}

static void check_after(ppar_pool *pool) {
  for (uint64_t round = 0; round < scaled(200); round++) {
    int threads = round % 3 == 0 ? 2 : MOST;
    struct stage stage;
    stage_open(&stage, pool, threads);
    run(&stage, begin_after);
    cr_expect_eq(stage.ran, 2 * (threads - 1));
    stage_close(&stage);
  }
}

Test(barrier_tasks, and_loops_of_after_the_barrier_are_left_alone) { groups_on_pools(few, 2, check_after); }

/* --- Where all may help ----------------------------------------------------------------------------------------- */

struct tree {
  ppar_pool *pool;
  atomic_int ran;
};

struct node {
  struct tree *tree;
  int depth;
};

/* A group for each inner node. */
static void grow(void *arg) {
  const struct node *node = arg;
  ppar_task_group group;
  struct node child = {node->tree, node->depth - 1};
  node->tree->ran++;
  work_spin(200);
  if (node->depth == 0) return;
  groups_begin(&group, node->tree->pool);
  for (int c = 0; c < 2; c++) cr_expect_eq(ppar_task_spawn(&group, grow, &child), PPAR_OK);
  cr_expect_eq(ppar_task_group_wait(&group), PPAR_OK);
}

enum { DEPTH = 6, NODES = (1 << (DEPTH + 1)) - 1, BARRIERS = 4 };

/* One thread after the other makes a tree, and so do all at once; the others are at a barrier, at the end of a prange,
 * or at the region's. */
static void plant(ppar_team *team, void *arg) {
  struct tree *tree = arg;
  struct node root = {tree, DEPTH};
  for (int b = 0; b < BARRIERS; b++) {
    if (ppar_team_thread(team) == b % ppar_team_size(team)) grow(&root);
    ppar_barrier(team);
    cr_expect_eq(tree->ran, (b + 1) * NODES);
    ppar_barrier(team);
  }
  ppar_prange(team, i, 0, BARRIERS, PPAR_OPTIONS(.schedule = ppar_dynamic(1))) {
    grow(&root);
  }
  cr_expect_eq(tree->ran, 2 * BARRIERS * NODES);
  ppar_barrier(team);
  grow(&root);
}

static void check_trees(ppar_pool *pool) {
  static const int teams[] = {2, 4, MOST};
  for (uint64_t round = 0; round < scaled(9); round++) {
    struct tree tree = {.pool = pool};
    int threads = teams[round % 3];
    cr_assert_eq(ppar_parallel(plant, &tree, PPAR_OPTIONS(.pool = pool, .threads = threads)), PPAR_OK);
    cr_expect_eq(tree.ran, (2 * BARRIERS + threads) * NODES);
  }
}

static const int all_sizes[] = {1, 2, 4, 9};

Test(barrier_tasks, of_groups_that_are_waited_for_are_run_once) { groups_on_pools(all_sizes, 4, check_trees); }

/* --- Deques that grow as others look at them --------------------------------------------------------------------- */

static void nothing(void *arg) { (void)arg; }

static void spawn_many(void *arg) {
  struct stage *stage = arg;
  for (int k = 0; k < 3000; k++) cr_expect_eq(ppar_task_spawn(&stage->outer, nothing, NULL), PPAR_OK);
}

static void grow_a_deque(ppar_team *team, void *arg) {
  struct stage *stage = arg;
  if (ppar_team_thread(team) == 0) {
    groups_begin(&stage->outer, stage->pool);
    cr_expect_eq(ppar_task_spawn(&stage->outer, spawn_many, stage), PPAR_OK);
    cr_expect_eq(ppar_task_group_wait(&stage->outer), PPAR_OK);
  }
  ppar_barrier(team);
}

/* A pool's rings have grown once they have. */
Test(barrier_tasks, are_looked_for_on_deques_that_grow) {
  struct stage stage;
  for (uint64_t round = 0; round < scaled(20); round++) {
    ppar_pool_options options = {.threads = MOST};
    cr_assert_eq(ppar_pool_create(&stage.pool, &options), PPAR_OK);
    for (int region = 0; region < 5; region++)
      cr_assert_eq(ppar_parallel(grow_a_deque, &stage, PPAR_OPTIONS(.pool = stage.pool, .threads = MOST)), PPAR_OK);
    cr_assert_eq(ppar_pool_destroy(stage.pool), PPAR_OK);
  }
}

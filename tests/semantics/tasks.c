/* SPDX-License-Identifier: MIT */
/* tasks.c: task groups: every task runs once, whatever spawns it and whoever steals it; a wait sees all of it, and runs
 * nothing that is not inside its group. */
#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/children.h"
#include "../support/findings.h"
#include "../support/groups.h"
#include "../support/limits.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(tasks, .timeout = SCALE_TIMEOUT);

static const int pool_sizes[] = {1, 2, 3, 8, 33};
enum { POOL_SIZES = sizeof pool_sizes / sizeof pool_sizes[0] };

static void for_each_pool(void (*test)(ppar_pool *pool)) { groups_on_pools(pool_sizes, POOL_SIZES, test); }

/* --- Trees -------------------------------------------------------------------------------------------------- */

/* A task of a random tree: it spawns some, runs loops, and counts its leaves into its own field. */
struct node {
  ppar_pool *pool;
  struct findings *found;
  uint64_t seed;
  int depth;
  uint64_t leaves; /* plain: the group's wait orders it */
  int runs;
};

enum { MOST_CHILDREN = 5 };

static uint64_t leaves_of(uint64_t seed, int depth) {
  uint64_t random = seed, leaves = 0;
  int children = (int)(work_random(&random) % (MOST_CHILDREN + 1));
  if (depth == 0 || children == 0) return 1;
  for (int c = 0; c < children; c++) leaves += leaves_of(work_random(&random), depth - 1);
  return leaves;
}

static void count_some(const ppar_chunk *chunk, void *arg) {
  atomic_fetch_add((_Atomic uint64_t *)arg, chunk->count);
  work_yield();
}

static void grow(void *arg) {
  struct node *node = arg, child[MOST_CHILDREN];
  uint64_t random = node->seed;
  int children = (int)(work_random(&random) % (MOST_CHILDREN + 1)), thread = ppar_thread_num();
  ppar_options options = {.pool = node->pool, .schedule = ppar_dynamic(1)};
  ppar_task_group group;
  node->runs++;
  EXPECT(node->found, thread >= 0 && thread < ppar_num_threads());
  work_yield();
  if (node->depth == 0 || children == 0) {
    node->leaves = 1;
    return;
  }
  EXPECT(node->found, ppar_task_group_begin(&group, &options) == PPAR_OK);
  for (int c = 0; c < children; c++) {
    child[c] =
        (struct node){.pool = node->pool, .found = node->found, .seed = work_random(&random), .depth = node->depth - 1};
    EXPECT(node->found, ppar_task_spawn(&group, grow, &child[c]) == PPAR_OK);
  }
  if (node->seed % 8 == 0) {
    _Atomic uint64_t count = 0;
    EXPECT(node->found, ppar_parallel_for(0, 20, count_some, &count, &options) == PPAR_OK);
    EXPECT(node->found, count == 20);
  }
  if (node->seed % 8 == 1) {
    struct node inside = {.pool = node->pool, .found = node->found, .seed = node->seed + 1, .depth = node->depth - 1};
    grow(&inside);
    EXPECT(node->found, inside.leaves == leaves_of(node->seed + 1, node->depth - 1));
  }
  EXPECT(node->found, ppar_task_group_wait(&group) == PPAR_OK);
  for (int c = 0; c < children; c++) {
    EXPECT(node->found, child[c].runs == 1);
    node->leaves += child[c].leaves;
  }
  EXPECT(node->found, ppar_thread_num() == thread);
}

static void grow_trees(ppar_pool *pool, uint64_t first, uint64_t count, struct findings *found) {
  for (uint64_t seed = first; seed < first + count; seed++) {
    struct node root = {.pool = pool, .found = found, .seed = work_hash((int64_t)seed), .depth = 6};
    grow(&root);
    EXPECT(found, root.leaves == leaves_of(root.seed, root.depth));
  }
}

static void random_trees(ppar_pool *pool) {
  struct findings found = {0, NULL};
  grow_trees(pool, 0, scaled(130), &found);
  ASSERT_CLEAN(&found, "random trees");
}

Test(tasks, every_task_of_random_trees_runs_once_and_is_seen) { for_each_pool(random_trees); }

struct user {
  ppar_pool *pool;
  struct findings *found;
  uint64_t number;
  pthread_t thread;
};

static void *use(void *arg) {
  const struct user *user = arg;
  grow_trees(user->pool, user->number * 1000, scaled(40), user->found);
  return NULL;
}

static void many_users(ppar_pool *pool) {
  struct findings found = {0, NULL};
  struct user users[8];
  for (uint64_t u = 0; u < 8; u++) {
    users[u] = (struct user){.pool = pool, .found = &found, .number = u + 1};
    cr_assert_eq(pthread_create(&users[u].thread, NULL, use, &users[u]), 0);
  }
  for (int u = 0; u < 8; u++) pthread_join(users[u].thread, NULL);
  ASSERT_CLEAN(&found, "many users");
}

Test(tasks, many_threads_grow_trees_on_one_pool) { for_each_pool(many_users); }

static void grow_in_loop(const ppar_chunk *chunk, void *arg) {
  const struct user *user = arg;
  ppar_for_each_index(i, chunk) grow_trees(user->pool, (uint64_t)i, 1, user->found);
}

static void trees_in_loops(ppar_pool *pool) {
  struct findings found = {0, NULL};
  struct user user = {.pool = pool, .found = &found};
  ppar_options options = {.pool = pool, .schedule = ppar_dynamic(1)};
  cr_assert_eq(ppar_parallel_for(0, (int64_t)scaled(130), grow_in_loop, &user, &options), PPAR_OK);
  ASSERT_CLEAN(&found, "trees in loops");
}

Test(tasks, trees_grow_inside_loops) { for_each_pool(trees_in_loops); }

Test(tasks, a_group_may_be_inside_a_task_of_another_pool) {
  ppar_pool *pools[2] = {case_pool(3), case_pool(2)};
  struct findings found = {0, NULL};
  for (int i = 0; i < 20; i++) {
    ppar_task_group outer;
    struct node roots[4];
    groups_begin(&outer, pools[0]);
    for (int r = 0; r < 4; r++) {
      roots[r] = (struct node){.pool = pools[r % 2], .found = &found, .seed = work_hash(i * 4 + r), .depth = 5};
      cr_assert_eq(ppar_task_spawn(&outer, grow, &roots[r]), PPAR_OK);
    }
    cr_assert_eq(ppar_task_group_wait(&outer), PPAR_OK);
    for (int r = 0; r < 4; r++) cr_assert_eq(roots[r].leaves, leaves_of(roots[r].seed, 5));
  }
  ASSERT_CLEAN(&found, "two pools");
  cr_assert_eq(ppar_pool_destroy(pools[0]), PPAR_OK);
  cr_assert_eq(ppar_pool_destroy(pools[1]), PPAR_OK);
}

/* --- One group ---------------------------------------------------------------------------------------------- */

static void add_one(void *arg) { atomic_fetch_add((_Atomic uint64_t *)arg, 1); }

static void more_tasks_than_fit_at_first(ppar_pool *pool) {
  for (int round = 0; round < 3; round++) {
    ppar_task_group group;
    _Atomic uint64_t count = 0;
    groups_begin(&group, pool);
    for (int i = 0; i < 10000; i++) cr_assert_eq(ppar_task_spawn(&group, add_one, (void *)&count), PPAR_OK);
    cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
    cr_assert_eq(count, 10000);
  }
}

Test(tasks, thousands_may_wait_at_once) { for_each_pool(more_tasks_than_fit_at_first); }

/* Groups that are not waited for in the reverse order of their beginning, with tasks mixed in any order. */
static void in_any_order(ppar_pool *pool) {
  enum { GROUPS = 5 };
  uint64_t random = 7;
  for (uint64_t round = 0; round < scaled(400); round++) {
    ppar_task_group groups[GROUPS];
    _Atomic uint64_t counts[GROUPS];
    uint64_t spawned[GROUPS] = {0};
    bool open[GROUPS];
    for (int g = 0; g < GROUPS; g++) {
      atomic_init(&counts[g], 0);
      open[g] = true;
      groups_begin(&groups[g], pool);
    }
    for (int left = GROUPS; left != 0;) {
      int g = (int)(work_random(&random) % GROUPS);
      if (!open[g]) continue;
      if (work_random(&random) % 8 != 0) {
        cr_assert_eq(ppar_task_spawn(&groups[g], add_one, (void *)&counts[g]), PPAR_OK);
        spawned[g]++;
      } else {
        cr_assert_eq(ppar_task_group_wait(&groups[g]), PPAR_OK);
        cr_assert_eq(counts[g], spawned[g]);
        open[g] = false;
        left--;
      }
    }
  }
}

Test(tasks, groups_may_be_waited_for_in_any_order) { for_each_pool(in_any_order); }

/* With nobody else to run it, a task that ran outside its own group's wait would be seen. */
Test(tasks, a_wait_runs_its_own_groups_tasks_alone) {
  ppar_pool *pool = case_pool(1);
  ppar_task_group first, second;
  _Atomic uint64_t of_first = 0, of_second = 0;
  groups_begin(&first, pool);
  groups_begin(&second, pool);
  for (int i = 0; i < 50; i++) {
    ppar_task_spawn(&first, add_one, (void *)&of_first);
    ppar_task_spawn(&second, add_one, (void *)&of_second);
  }
  cr_expect_eq(ppar_task_group_wait(&first), PPAR_OK);
  cr_expect_eq(of_first, 50);
  cr_expect_eq(of_second, 0);
  cr_expect_eq(ppar_task_group_wait(&second), PPAR_OK);
  cr_expect_eq(of_second, 50);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* --- Waking --------------------------------------------------------------------------------------------------- */

struct handshake {
  ppar_pool *pool;
  _Atomic uint64_t started, ran;
};

static void await_other_thread(_Atomic uint64_t *word) {
  while (atomic_load(word) == 0) sched_yield();
}

static void start(void *arg) { atomic_store(&((struct handshake *)arg)->started, 1); }

/* The spawner does not wait for the group until somebody else has run the task. */
Test(tasks, a_sleeping_worker_is_woken_by_a_spawn) {
  for (int passive = 0; passive < 2; passive++) {
    ppar_pool_options options = {.threads = 3, .wait = passive != 0 ? PPAR_WAIT_PASSIVE : PPAR_WAIT_DEFAULT};
    ppar_pool *pool = NULL;
    cr_assert_eq(ppar_pool_create(&pool, &options), PPAR_OK);
    for (uint64_t round = 0; round < scaled(3000); round++) {
      struct handshake h = {.pool = pool};
      ppar_task_group group;
      groups_begin(&group, pool);
      cr_assert_eq(ppar_task_spawn(&group, start, &h), PPAR_OK);
      await_other_thread(&h.started);
      cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
      if (round % 8 == 0) work_spin(1 + round * 7 % 3000);
    }
    cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  }
}

static void run(void *arg) { atomic_store(&((struct handshake *)arg)->ran, 1); }

/* Stolen by the only worker: what it spawns can run on nobody but the owner, who is waiting. */
static void spawn_for_owner(void *arg) {
  struct handshake *h = arg;
  ppar_options options = {.pool = h->pool};
  ppar_task_group group;
  start(h);
  work_spin(100);
  work_yield();
  ppar_task_group_begin(&group, &options);
  ppar_task_spawn(&group, run, h);
  await_other_thread(&h->ran);
  ppar_task_group_wait(&group);
}

Test(tasks, a_sleeping_waiter_is_woken_for_what_its_tasks_spawn) {
  for (int passive = 0; passive < 2; passive++) {
    ppar_pool_options options = {.threads = 2, .wait = passive != 0 ? PPAR_WAIT_PASSIVE : PPAR_WAIT_DEFAULT};
    ppar_pool *pool = NULL;
    cr_assert_eq(ppar_pool_create(&pool, &options), PPAR_OK);
    for (uint64_t round = 0; round < scaled(3000); round++) {
      struct handshake h = {.pool = pool};
      ppar_task_group group;
      groups_begin(&group, pool);
      cr_assert_eq(ppar_task_spawn(&group, spawn_for_owner, &h), PPAR_OK);
      await_other_thread(&h.started);
      cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
      cr_assert_eq(h.ran, 1);
    }
    cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  }
}

/* --- Locks held across a wait ------------------------------------------------------------------------------- */

struct locked {
  ppar_pool *pool;
  pthread_mutex_t *lock;
  struct findings *found;
  int depth;
};

static _Thread_local int waiting_depth; /* of this thread's innermost wait with the lock; 0: none */

static void work_a_little(void *arg) {
  (void)arg;
  work_spin(200);
  work_yield();
}

static void spawn_more(void *arg) {
  const struct locked *locked = arg;
  struct locked inner = *locked;
  ppar_task_group group;
  ppar_options options = {.pool = locked->pool};
  if (inner.depth-- == 0) return;
  ppar_task_group_begin(&group, &options);
  for (int i = 0; i < 3; i++) ppar_task_spawn(&group, i == 0 ? spawn_more : work_a_little, &inner);
  ppar_task_group_wait(&group);
}

static void lock_across_wait(void *arg) {
  const struct locked *locked = arg;
  struct locked inner = *locked;
  ppar_task_group group;
  ppar_options options = {.pool = locked->pool};
  inner.depth = 3;
  EXPECT(locked->found, waiting_depth == 0);
  EXPECT(locked->found, pthread_mutex_lock(locked->lock) == 0); /* EDEADLK for a foreign task inside a wait */
  waiting_depth++;
  EXPECT(locked->found, ppar_task_group_begin(&group, &options) == PPAR_OK);
  for (int i = 0; i < 4; i++) EXPECT(locked->found, ppar_task_spawn(&group, spawn_more, &inner) == PPAR_OK);
  EXPECT(locked->found, ppar_task_group_wait(&group) == PPAR_OK);
  waiting_depth--;
  EXPECT(locked->found, pthread_mutex_unlock(locked->lock) == 0);
}

static void locks(ppar_pool *pool) {
  struct findings found = {0, NULL};
  pthread_mutex_t lock;
  pthread_mutexattr_t checking;
  pthread_mutexattr_init(&checking);
  pthread_mutexattr_settype(&checking, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&lock, &checking);
  struct locked locked = {.pool = pool, .lock = &lock, .found = &found};
  for (uint64_t round = 0; round < scaled(60); round++) {
    ppar_task_group group;
    groups_begin(&group, pool);
    for (int i = 0; i < 20; i++) cr_assert_eq(ppar_task_spawn(&group, lock_across_wait, &locked), PPAR_OK);
    cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  }
  pthread_mutex_destroy(&lock);
  ASSERT_CLEAN(&found, "locks");
}

Test(tasks, a_lock_may_be_held_across_a_wait) { for_each_pool(locks); }

/* --- Ranges ------------------------------------------------------------------------------------------------- */

struct marks {
  _Atomic unsigned char *seen;
  struct loop_case loop;
  struct findings *found;
  uint64_t most; /* iterations in a chunk */
};

static void mark(const ppar_chunk *chunk, void *arg) {
  const struct marks *marks = arg;
  EXPECT(marks->found, chunk->thread == ppar_thread_num());
  EXPECT(marks->found, chunk->count >= 1 && chunk->count <= marks->most);
  ppar_for_each_index(i, chunk) atomic_fetch_add(&marks->seen[case_number(&marks->loop, i)], 1);
  if (chunk->step > 0) EXPECT(marks->found, chunk->end <= marks->loop.bounds.end);
  if (chunk->step < 0) EXPECT(marks->found, chunk->end >= marks->loop.bounds.end);
}

static void ranges(ppar_pool *pool) {
  static const struct {
    int64_t begin, end, step;
  } bounds[] = {{0, 1000, 1},
                {0, 1, 1},
                {5, 5, 1},
                {10, -1000, -3},
                {-7, 900, 7},
                {INT64_MAX - 100, INT64_MAX, 3},
                {INT64_MIN + 100, INT64_MIN, -7}};
  static const int64_t chunks[] = {0, 1, 3, 64, 5000};
  struct findings found = {0, NULL};
  _Atomic unsigned char seen[1000];
  for (int b = 0; b < 7; b++) {
    for (int c = 0; c < 5; c++) {
      struct marks marks = {.seen = seen, .found = &found};
      marks.loop = (struct loop_case){.bounds = {bounds[b].begin, bounds[b].end, bounds[b].step}, .pool = pool};
      uint64_t n = case_iterations(&marks.loop);
      ppar_options options = {.step = bounds[b].step, .schedule = ppar_dynamic(chunks[c])};
      ppar_task_group group;
      marks.most = chunks[c] != 0 ? (uint64_t)chunks[c] : n;
      for (int i = 0; i < 1000; i++) atomic_store(&seen[i], 0);
      groups_begin(&group, pool);
      cr_assert_eq(ppar_task_spawn_range(&group, bounds[b].begin, bounds[b].end, mark, &marks, &options), PPAR_OK);
      cr_assert_eq(ppar_task_spawn_range(&group, bounds[b].begin, bounds[b].end, mark, &marks, &options), PPAR_OK);
      cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
      for (uint64_t i = 0; i < n; i++) cr_assert_eq(seen[i], 2);
    }
  }
  ASSERT_CLEAN(&found, "ranges");
}

Test(tasks, ranges_run_every_iteration_once) { for_each_pool(ranges); }

static void grow_in_range(const ppar_chunk *chunk, void *arg) { grow_in_loop(chunk, arg); }

static void trees_in_ranges(ppar_pool *pool) {
  struct findings found = {0, NULL};
  struct user user = {.pool = pool, .found = &found};
  ppar_task_group group;
  groups_begin(&group, pool);
  cr_assert_eq(ppar_task_spawn_range(&group, 0, (int64_t)scaled(100), grow_in_range, &user, NULL), PPAR_OK);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  ASSERT_CLEAN(&found, "trees in ranges");
}

Test(tasks, trees_grow_inside_ranges) { for_each_pool(trees_in_ranges); }

/* --- Cancellation ------------------------------------------------------------------------------------------- */

struct canceling {
  ppar_pool *pool;
  ppar_task_group *group;
  struct findings *found;
  _Atomic uint64_t after;
};

static void begin_inside(void *arg) {
  struct canceling *c = arg;
  ppar_task_group inner;
  ppar_options options = {.pool = c->pool};
  ppar_task_group_cancel(c->group, 42);
  ppar_task_group_cancel(c->group, 43);
  EXPECT(c->found, ppar_task_group_is_canceled(c->group));
  EXPECT(c->found, ppar_task_group_begin(&inner, &options) == PPAR_OK);
  EXPECT(c->found, ppar_task_group_is_canceled(&inner));
  EXPECT(c->found, ppar_task_spawn(&inner, add_one, (void *)&c->after) == PPAR_ECANCELED);
  EXPECT(c->found, ppar_task_group_wait(&inner) == 42);
}

static void cancel_piece(const ppar_chunk *chunk, void *arg) {
  if (chunk->begin == 77) ppar_cancel(chunk, 5);
  (void)arg;
}

static void cancels(ppar_pool *pool) {
  struct findings found = {0, NULL};
  for (uint64_t round = 0; round < scaled(130); round++) {
    ppar_task_group group;
    struct canceling c = {.pool = pool, .group = &group, .found = &found};
    _Atomic uint64_t ran = 0;
    groups_begin(&group, pool);
    cr_assert_not(ppar_task_group_is_canceled(&group));
    for (int i = 0; i < 10; i++) cr_assert_eq(ppar_task_spawn(&group, add_one, (void *)&ran), PPAR_OK);
    if (round % 2 == 0) {
      cr_assert_eq(ppar_task_spawn(&group, begin_inside, &c), PPAR_OK);
      cr_assert_eq(ppar_task_group_wait(&group), 42);
    } else {
      ppar_task_group_cancel(&group, 0);
      cr_assert_eq(ppar_task_spawn(&group, add_one, (void *)&c.after), PPAR_ECANCELED);
      cr_assert_eq(ppar_task_group_wait(&group), PPAR_ECANCELED);
    }
    cr_assert(ran <= 10);
    cr_assert_eq(c.after, 0);
    groups_begin(&group, pool); /* again, afresh */
    cr_assert_eq(ppar_task_spawn_range(&group, 0, 100, cancel_piece, NULL, PPAR_OPTIONS(.schedule = ppar_dynamic(1))),
                 PPAR_OK);
    cr_assert_eq(ppar_task_group_wait(&group), 5);
  }
  ASSERT_CLEAN(&found, "cancels");
}

Test(tasks, a_cancelled_group_drops_what_has_not_started) { for_each_pool(cancels); }

/* --- Where tasks run ---------------------------------------------------------------------------------------- */

static void expect_upward(void *arg) {
  EXPECT((struct findings *)arg, fegetround() == FE_UPWARD);
  errno = 77;
  work_spin(1000);
}

Test(tasks, tasks_have_the_groups_rounding_and_errno_stays) {
  ppar_pool *pool = case_pool(3);
  struct findings found = {0, NULL};
  ppar_task_group group;
  int rounding = fegetround();
  if (fesetround(FE_UPWARD) != 0) cr_skip_test("no other rounding");
  groups_begin(&group, pool);
  fesetround(rounding);
  errno = 5;
  for (int i = 0; i < 300; i++) cr_assert_eq(ppar_task_spawn(&group, expect_upward, &found), PPAR_OK);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_expect_eq(errno, 5);
  cr_expect_eq(fegetround(), rounding);
  ASSERT_CLEAN(&found, "rounding");
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

static void *spawn_from_elsewhere(void *arg) {
  static int argument;
  return (void *)(intptr_t)ppar_task_spawn(arg, work_a_little, &argument);
}

Test(tasks, bad_input_is_refused) {
  ppar_task_group group;
  ppar_future future;
  pthread_t thread;
  void *status;
  cr_expect_eq(ppar_task_group_begin(NULL, NULL), PPAR_EINVAL);
  cr_expect_eq(ppar_task_spawn(NULL, work_a_little, NULL), PPAR_EINVAL);
  cr_expect_eq(ppar_task_group_wait(NULL), PPAR_EINVAL);
  cr_expect_eq(ppar_future_start(NULL, work_a_little, NULL), PPAR_EINVAL);
  cr_expect_eq(ppar_future_start(&future, NULL, NULL), PPAR_EINVAL);
  cr_expect_eq(ppar_future_wait(NULL), PPAR_EINVAL);
  cr_expect_not(ppar_task_group_is_canceled(NULL));
  ppar_task_group_cancel(NULL, 1);
  cr_assert_eq(ppar_task_group_begin(&group, NULL), PPAR_OK);
  cr_expect_eq(ppar_task_spawn(&group, NULL, NULL), PPAR_EINVAL);
  cr_expect_eq(ppar_task_spawn_range(&group, 0, 9, NULL, NULL, NULL), PPAR_EINVAL);
  cr_expect_eq(ppar_task_spawn_range(&group, 0, 9, mark, NULL, PPAR_OPTIONS(.schedule = ppar_dynamic(-1))),
               PPAR_EINVAL);
  cr_expect_eq(ppar_task_spawn_range(&group, INT64_MIN, 0, mark, NULL, PPAR_OPTIONS(.schedule = ppar_dynamic(1))),
               PPAR_EINVAL, "more pieces than can be counted");
  cr_assert_eq(pthread_create(&thread, NULL, spawn_from_elsewhere, &group), 0);
  pthread_join(thread, &status);
  cr_expect_eq((int)(intptr_t)status, PPAR_EINVAL);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_expect_eq(ppar_task_group_wait(&group), PPAR_EINVAL, "it has been waited for");
}

static void count_piece(const ppar_chunk *chunk, void *arg) {
  if (chunk->count <= 4) atomic_fetch_add((_Atomic uint64_t *)arg, chunk->count);
}

Test(tasks, of_a_ranges_schedule_the_chunk_alone_counts) {
  for (ppar_schedule_kind kind = PPAR_SCHEDULE_AUTO; kind <= PPAR_SCHEDULE_GUIDED; kind++) {
    ppar_task_group group;
    _Atomic uint64_t count = 0;
    const ppar_options options = {.schedule = {.kind = kind, .chunk = 4}};
    cr_assert_eq(ppar_task_group_begin(&group, NULL), PPAR_OK);
    cr_assert_eq(ppar_task_spawn_range(&group, 0, 1001, count_piece, (void *)&count, &options), PPAR_OK);
    cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
    cr_assert_eq(count, 1001);
  }
}

static void note_piece(const ppar_chunk *chunk, void *arg) {
  _Atomic uint64_t *pieces = arg; /* how many, and the sum of their lengths */
  atomic_fetch_add(&pieces[1], chunk->count);
  if (atomic_fetch_add(&pieces[0], 1) > 10) ppar_cancel(chunk, 1);
}

Test(tasks, a_range_without_memory_runs_each_piece_once) {
  enum { TASKS = 100000 };
  ppar_pool *pool = case_pool(1); /* nobody else takes tasks away */
  ppar_task_group group;
  _Atomic uint64_t count = 0, pieces[2] = {0, 0};
  uint64_t run = 0;
  if (!limits_may_use_up()) cr_skip_test("needs a process whose memory can be limited");
  groups_begin(&group, pool);
  cr_assert(limits_memory(0));
  bool used_up = limits_use_up();
  for (int t = 0; t < TASKS; t++) {
    if (ppar_task_spawn(&group, add_one, (void *)&count) == PPAR_OK) run++;
  }
  int status = ppar_task_spawn_range(&group, INT64_MIN, INT64_MAX, note_piece, (void *)pieces,
                                     PPAR_OPTIONS(.schedule = ppar_dynamic(INT64_MAX)));
  limits_lift();
  cr_assert(used_up);
  cr_assert_eq(status, PPAR_OK);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_assert_eq(run, TASKS);
  cr_assert_eq(count, run);
  cr_assert_eq(pieces[0], 3);
  cr_assert_eq(pieces[1], UINT64_MAX);
  ppar_pool_destroy(pool);
}

struct numbers {
  int most; /* threads of the pool */
  struct findings *found;
};

static void expect_number(void *arg) {
  struct numbers *numbers = arg;
  EXPECT(numbers->found, ppar_num_threads() == numbers->most);
  EXPECT(numbers->found, ppar_thread_num() >= 0 && ppar_thread_num() < numbers->most);
}

static void expect_chunks_number(const ppar_chunk *chunk, void *arg) {
  EXPECT(((struct numbers *)arg)->found, chunk->thread == ppar_thread_num());
  expect_number(arg);
}

static void spawn_in_region(ppar_team *team, void *arg) {
  ppar_task_group group;
  (void)team;
  groups_begin(&group, NULL);
  for (int t = 0; t < 20; t++) (void)ppar_task_spawn(&group, expect_number, arg);
  (void)ppar_task_spawn_range(&group, 0, 100, expect_chunks_number, arg, NULL);
  cr_expect_eq(ppar_task_group_wait(&group), PPAR_OK);
}

/* On the threads too that a region has beside the pool's. */
Test(tasks, have_threads_that_the_pool_has_numbers_for) {
  struct findings found = {0, NULL};
  struct numbers numbers = {ppar_max_threads(NULL), &found};
  for (int round = 0; round < 20; round++) {
    cr_assert_eq(ppar_parallel(spawn_in_region, &numbers, PPAR_OPTIONS(.threads = numbers.most + 4)), PPAR_OK);
  }
  ASSERT_CLEAN(&found, "tasks in regions");
}

Test(tasks, futures_are_waited_for_in_any_order) {
  for (uint64_t round = 0; round < scaled(500); round++) {
    ppar_future futures[4];
    _Atomic uint64_t counts[4];
    for (int f = 0; f < 4; f++) {
      atomic_init(&counts[f], 0);
      cr_assert_eq(ppar_future_start(&futures[f], add_one, (void *)&counts[f]), PPAR_OK);
    }
    for (int f = 0; f < 4; f++) {
      int which = (int)((uint64_t)f + round) % 4;
      cr_assert_eq(ppar_future_wait(&futures[which]), PPAR_OK);
      cr_assert_eq(counts[which], 1);
    }
  }
}

Test(tasks, a_pool_with_an_open_group_is_busy) {
  ppar_pool *pool = case_pool(2);
  ppar_task_group group;
  groups_begin(&group, pool);
  cr_expect_eq(ppar_pool_destroy(pool), PPAR_EBUSY);
  cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* This thread's deques outlive their pools until it looks at them again. */
Test(tasks, pools_come_and_go) {
  for (uint64_t round = 0; round < scaled(60); round++) {
    struct findings found = {0, NULL};
    ppar_pool *pool = case_pool(1 + (int)(round % 4));
    cr_assert_not_null(pool);
    grow_trees(pool, round, 1, &found);
    ASSERT_CLEAN(&found, "a pool of its own");
    cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  }
}

Test(tasks, a_forked_child_has_groups_of_its_own) {
  enum { RIGHT = 17, WRONG = 18 };
  if (SCALE_THREAD_SANITIZER) cr_skip_test("the sanitizer allows the child no threads");
  for (int round = 0; round < 6; round++) {
    struct findings found = {0, NULL};
    _Atomic uint64_t count = 0;
    ppar_task_group open;
    grow_trees(NULL, 1, 10, &found);
    if (SCALE_ADDRESS_SANITIZER) nanosleep(&(struct timespec){0, 20 * 1000 * 1000}, NULL);
    cr_assert_eq(ppar_task_group_begin(&open, NULL), PPAR_OK);
    pid_t child = fork();
    if (child == 0) {
      for (int i = 0; i < 100; i++) ppar_task_spawn(&open, add_one, (void *)&count);
      if (ppar_task_group_wait(&open) != PPAR_OK || count != 100) _exit(WRONG);
      grow_trees(NULL, 1, 10, &found);
      _exit(found.count == 0 ? RIGHT : WRONG);
    }
    cr_assert_eq(ppar_task_group_wait(&open), PPAR_OK);
    grow_trees(NULL, 20, 10, &found);
    cr_assert_eq(children_await(child), RIGHT);
    ASSERT_CLEAN(&found, "the parent");
  }
}

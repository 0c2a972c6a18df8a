/* SPDX-License-Identifier: MIT */
/* nesting.c: loops inside loops, of any schedule, share one pool's workers without deadlock, and leave
 * the outer body's thread number, locks and thread-local state as they were. */
#include <pthread.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(nesting, .timeout = SCALE_TIMEOUT);

enum { LEVELS = 3, SPAN = 12 };

struct level {
  ppar_pool *pool;
  const ppar_schedule *schedules; /* one for each level */
  int threads[LEVELS];
  int depth;
  _Atomic uint64_t *leaves;
  _Atomic uint64_t *sum;
  int64_t path; /* the indices above, as digits */
  struct findings *found;
};

static void descend(const ppar_chunk *chunk, void *arg) {
  const struct level *level = arg;
  int thread = ppar_thread_num(), threads = ppar_num_threads();
  EXPECT(level->found, thread == chunk->thread);
  EXPECT(level->found, threads == level->threads[level->depth]);
  ppar_for_each_index(i, chunk) {
    int64_t path = level->path * SPAN + i;
    if (level->depth + 1 == LEVELS) {
      atomic_fetch_add(level->leaves, 1);
      atomic_fetch_add(level->sum, work_hash(path));
      continue;
    }
    struct level inner = *level;
    inner.depth++;
    inner.path = path;
    ppar_options options = {
        .schedule = level->schedules[inner.depth], .threads = level->threads[inner.depth], .pool = level->pool};
    EXPECT(level->found, ppar_parallel_for(0, SPAN, descend, &inner, &options) == PPAR_OK);
    EXPECT(level->found, ppar_thread_num() == thread);
    EXPECT(level->found, ppar_num_threads() == threads);
  }
}

static void check(ppar_pool *pool, const ppar_schedule schedules[LEVELS], const int threads[LEVELS]) {
  struct findings found = {0, NULL};
  _Atomic uint64_t leaves = 0, sum = 0;
  uint64_t expected = 0;
  struct loop_case outer = {
      .bounds = PPAR_BOUNDS(0, SPAN), .schedule = schedules[0], .threads = threads[0], .pool = pool};
  struct level level = {.pool = pool, .schedules = schedules, .leaves = &leaves, .sum = &sum, .found = &found};
  for (int d = 0; d < LEVELS; d++) level.threads[d] = threads[d];
  for (int64_t path = 0; path < SPAN * SPAN * SPAN; path++) expected += work_hash(path);
  EXPECT(&found, case_run(&outer, descend, &level) == PPAR_OK);
  EXPECT(&found, leaves == SPAN * SPAN * SPAN);
  EXPECT(&found, sum == expected);
  EXPECT(&found, ppar_thread_num() == 0);
  EXPECT(&found, ppar_num_threads() == 1);
  ASSERT_CLEAN(&found, case_text(&outer));
}

static void sweep(ppar_pool *pool) {
  static const int threads[][LEVELS] = {{2, 2, 2}, {1, 4, 1}, {8, 1, 3}, {33, 8, 2}, {3, 100, 5}};
  ppar_schedule list[CASES_SCHEDULES_MOST];
  size_t count = case_few_schedules(list);
  uint64_t combination = 0;
  for (size_t a = 0; a < count; a++) {
    for (size_t b = 0; b < count; b++) {
      for (size_t c = 0; c < count; c++) {
        if (combination++ % 5 != 0) continue; /* every pair is met at some third */
        if (!scale_keeps(&(uint64_t){combination})) continue;
        const ppar_schedule schedules[LEVELS] = {list[a], list[b], list[c]};
        check(pool, schedules, threads[(a + b + c) % 5]);
      }
    }
  }
}

Test(nesting, three_levels_of_any_schedules_run_every_leaf_once) { sweep(NULL); }

Test(nesting, three_levels_of_any_schedules_run_every_leaf_once_on_an_own_pool) {
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  sweep(pool);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* One lock for all outer bodies, held while the inner loop runs: a waiting thread that took another chunk
 * of the outer loop would lock it twice. */
struct locked {
  pthread_mutex_t *lock;
  int64_t *counter; /* the lock's */
  ppar_pool *pool;
  ppar_schedule inner;
  struct findings *found;
};

static void count_inside(const ppar_chunk *chunk, void *arg) {
  atomic_fetch_add((_Atomic int64_t *)arg, (int64_t)chunk->count);
  work_yield();
}

static void lock_around_a_loop(const ppar_chunk *chunk, void *arg) {
  const struct locked *locked = arg;
  ppar_for_each_index(i, chunk) {
    _Atomic int64_t inside = 0;
    ppar_options options = {.schedule = locked->inner, .threads = 1 + (int)(i % 6), .pool = locked->pool};
    EXPECT(locked->found, pthread_mutex_lock(locked->lock) == 0);
    EXPECT(locked->found, ppar_parallel_for(0, 20, count_inside, &inside, &options) == PPAR_OK);
    *locked->counter += inside;
    EXPECT(locked->found, pthread_mutex_unlock(locked->lock) == 0);
  }
}

Test(nesting, a_lock_may_be_held_across_an_inner_loop) {
  ppar_schedule list[CASES_SCHEDULES_MOST];
  size_t count = case_few_schedules(list);
  pthread_mutex_t lock;
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK); /* a second lock by the same thread is an error */
  pthread_mutex_init(&lock, &kind);
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  for (size_t outer = 0; outer < count; outer++) {
    for (size_t inner = 0; inner < count; inner++) {
      struct findings found = {0, NULL};
      int64_t counter = 0, iterations = (int64_t)scaled(130);
      struct loop_case loop = {
          .bounds = PPAR_BOUNDS(0, iterations), .schedule = list[outer], .threads = 8, .pool = pool};
      struct locked locked = {&lock, &counter, pool, list[inner], &found};
      EXPECT(&found, case_run(&loop, lock_around_a_loop, &locked) == PPAR_OK);
      EXPECT(&found, counter == 20 * iterations);
      ASSERT_CLEAN(&found, case_text(&loop));
    }
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* Thread-local state that a body set before its inner loop is what it finds after it. */
static _Thread_local int64_t in_outer = -1;

static void keep_to_itself(const ppar_chunk *chunk, void *arg) {
  struct findings *found = arg;
  ppar_for_each_index(i, chunk) {
    _Atomic int64_t inside = 0;
    EXPECT(found, in_outer == -1);
    in_outer = i;
    EXPECT(found, ppar_parallel_for(0, 30, count_inside, &inside, PPAR_OPTIONS(.threads = 4)) == PPAR_OK);
    EXPECT(found, in_outer == i);
    in_outer = -1;
  }
}

Test(nesting, a_waiting_thread_runs_no_other_part_of_the_outer_loop) {
  ppar_schedule list[CASES_SCHEDULES_MOST];
  size_t count = case_few_schedules(list);
  for (size_t s = 0; s < count; s++) {
    struct findings found = {0, NULL};
    struct loop_case loop = {.bounds = PPAR_BOUNDS(0, (int64_t)scaled(650)), .schedule = list[s], .threads = 6};
    EXPECT(&found, case_run(&loop, keep_to_itself, &found) == PPAR_OK);
    ASSERT_CLEAN(&found, case_text(&loop));
  }
}

static void fold_indices(const ppar_chunk *chunk, void *accumulator, void *arg) {
  (void)arg;
  ppar_for_each_index(i, chunk) *(int64_t *)accumulator += i;
}

/* A fold whose iterations are reductions themselves. */
static void fold_reductions(const ppar_chunk *chunk, void *accumulator, void *arg) {
  struct findings *found = arg;
  ppar_for_each_index(i, chunk) {
    int64_t inner = 1;
    const ppar_options *options = PPAR_OPTIONS(.threads = 1 + (int)(i % 5), .reproducible = i % 2 == 0);
    EXPECT(found, ppar_parallel_reduce(0, i, fold_indices, NULL, &ppar_sum_i64, &inner, options) == PPAR_OK);
    EXPECT(found, inner == 1 + i * (i - 1) / 2);
    *(int64_t *)accumulator += inner;
  }
}

Test(nesting, reductions_inside_reductions_are_right) {
  ppar_schedule list[CASES_SCHEDULES_MOST];
  size_t count = case_few_schedules(list);
  int64_t iterations = (int64_t)scaled(260), expected = 7;
  for (int64_t i = 0; i < iterations; i++) expected += 1 + i * (i - 1) / 2;
  for (size_t s = 0; s < count; s++) {
    for (int reproducible = 0; reproducible < 2; reproducible++) {
      struct findings found = {0, NULL};
      int64_t result = 7;
      struct loop_case loop = {.bounds = PPAR_BOUNDS(0, iterations), .schedule = list[s], .threads = 3 + (int)s};
      loop.reproducible = reproducible != 0;
      EXPECT(&found, case_reduce(&loop, fold_reductions, &found, &ppar_sum_i64, &result) == PPAR_OK);
      EXPECT(&found, result == expected);
      ASSERT_CLEAN(&found, case_text(&loop));
    }
  }
}

static void one_inside_the_other(const ppar_chunk *chunk, void *arg) {
  ppar_pool *const *pools = arg;
  ppar_for_each_index(i, chunk) {
    _Atomic int64_t inside = 0;
    ppar_parallel_for(0, 50, count_inside, &inside, PPAR_OPTIONS(.pool = pools[i % 3], .threads = 5));
    atomic_fetch_add((_Atomic int64_t *)pools[3], inside);
  }
}

Test(nesting, loops_on_different_pools_nest) {
  _Atomic int64_t total = 0;
  ppar_pool *pools[4] = {case_pool(3), case_pool(2), NULL, (ppar_pool *)(void *)&total};
  cr_assert(pools[0] != NULL && pools[1] != NULL);
  for (int round = 0; round < 3; round++) {
    total = 0;
    cr_assert_eq(ppar_parallel_for(0, 300, one_inside_the_other, pools, PPAR_OPTIONS(.pool = pools[round])), PPAR_OK);
    cr_assert_eq(total, 300 * 50);
  }
  cr_assert_eq(ppar_pool_destroy(pools[0]), PPAR_OK);
  cr_assert_eq(ppar_pool_destroy(pools[1]), PPAR_OK);
}

/* --- Tasks far inside --------------------------------------------------------------------------------------- */

enum { DEEP = 33000 }; /* regions, of which 16 bits with a sign cannot tell the number */

static const size_t deep_stack = (size_t)1 << 30; /* bytes, of which few are touched */

struct deep {
  int left; /* regions */
  int threads;
};

static void ask_for_threads(void *arg) { ((struct deep *)arg)->threads = ppar_max_threads(NULL); }

static void go_down(ppar_team *team, void *arg) {
  struct deep *deep = arg;
  ppar_task_group group;
  (void)team;
  if (deep->left-- > 0) {
    ppar_parallel(go_down, deep, PPAR_OPTIONS(.threads = 1));
    return;
  }
  ppar_task_group_begin(&group, NULL);
  ppar_task_spawn(&group, ask_for_threads, deep);
  ppar_task_group_wait(&group);
}

static void *start_deep(void *arg) {
  go_down(NULL, arg);
  return NULL;
}

Test(nesting, tasks_may_be_as_deep_as_the_stack_allows) {
  struct deep deep = {.left = DEEP};
  pthread_attr_t attributes;
  pthread_t thread;
  if (scale_is_small() || SCALE_ADDRESS_SANITIZER) cr_skip_test("the checker makes stacks larger");
  cr_assert_eq(pthread_attr_init(&attributes), 0);
  cr_assert_eq(pthread_attr_setstacksize(&attributes, deep_stack), 0);
  if (pthread_create(&thread, &attributes, start_deep, &deep) != 0) cr_skip_test("needs a large stack");
  pthread_join(thread, NULL);
  pthread_attr_destroy(&attributes);
  cr_expect_eq(deep.threads, ppar_max_threads(NULL));
}

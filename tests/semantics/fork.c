/* SPDX-License-Identifier: MIT */
/* fork.c: after fork, parent and child both go on running loops, whenever and wherever it was called. */
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/children.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(fork, .timeout = SCALE_TIMEOUT);

enum { RIGHT = 17, WRONG = 18 }; /* how children end */

PPAR_FOLD(add_hash, uint64_t, sum, i, char, nothing) { *sum += work_hash(i); }

static void count_chunk(const ppar_chunk *chunk, void *arg) { atomic_fetch_add((_Atomic uint64_t *)arg, chunk->count); }

/* Partial values that a loop allocates, and frees again. */
enum { LARGE = 40000 };

static void add_large(void *into, const void *from) {
  for (int k = 0; k < LARGE; k += LARGE - 1) ((uint64_t *)into)[k] += ((const uint64_t *)from)[k];
}

static void fold_large(const ppar_chunk *chunk, void *accumulator, void *arg) {
  (void)arg;
  for (int k = 0; k < LARGE; k += LARGE - 1) ((uint64_t *)accumulator)[k] += chunk->count;
}

static bool large_sum_is_right(ppar_pool *pool) {
  const ppar_reduction reduction = {LARGE * sizeof(uint64_t), NULL, add_large};
  uint64_t *sum = calloc(LARGE, sizeof *sum);
  bool right = sum != NULL && ppar_parallel_reduce(0, 100, fold_large, NULL, &reduction, sum,
                                                   PPAR_OPTIONS(.pool = pool, .threads = 3)) == PPAR_OK;
  right = right && sum[0] == 100 && sum[LARGE - 1] == 100;
  free(sum);
  return right;
}

static bool loops_are_right(ppar_pool *pool) {
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_few_schedules(schedules);
  uint64_t expected = 0;
  for (int64_t i = 0; i < 3000; i++) expected += work_hash(i);
  for (size_t s = 0; s < schedule_count; s++) {
    struct loop_case loop = {.bounds = PPAR_BOUNDS(0, 3000), .schedule = schedules[s], .pool = pool};
    loop.threads = (int)(s % 5); /* 0: the pool's */
    loop.reproducible = s % 2 == 0;
    uint64_t sum = 0;
    _Atomic uint64_t count = 0;
    if (case_reduce(&loop, add_hash, "", &ppar_sum_u64, &sum) != PPAR_OK || sum != expected) return false;
    if (case_run(&loop, count_chunk, &count) != PPAR_OK || count != 3000) return false;
  }
  return large_sum_is_right(pool);
}

/* ThreadSanitizer ends a child that starts threads after its parent had some. AddressSanitizer's allocator must not
 * be in use by another thread, such as a worker that starts, at the moment of the fork; nor must the C library's
 * lists of streams, where Valgrind frees them as the child ends. */
static void skip_under_thread_sanitizer(void) {
  if (SCALE_THREAD_SANITIZER) cr_skip_test("the sanitizer allows the child no threads");
}

static void skip_under_checkers(void) {
  skip_under_thread_sanitizer();
  if (SCALE_ADDRESS_SANITIZER || scale_is_small()) cr_skip_test("locks of the checker's would stay taken in the child");
}

static pid_t fork_quietly(void) {
  if (SCALE_ADDRESS_SANITIZER) nanosleep(&(struct timespec){0, 20 * 1000 * 1000}, NULL);
  return fork();
}

/* For Criterion's sake children leave without exit handlers. */
static pid_t fork_to_run_loops(ppar_pool *pool) {
  pid_t child = fork_quietly();
  if (child == 0) _exit(loops_are_right(NULL) && (pool == NULL || loops_are_right(pool)) ? RIGHT : WRONG);
  return child;
}

Test(fork, before_any_loop) {
  pid_t child = fork_to_run_loops(NULL);
  cr_assert(loops_are_right(NULL));
  cr_assert_eq(children_await(child), RIGHT);
  cr_assert(loops_are_right(NULL));
}

Test(fork, between_loops) {
  skip_under_thread_sanitizer();
  for (uint64_t round = 0; round < scaled(26); round++) {
    cr_assert(loops_are_right(NULL));
    pid_t child = fork_to_run_loops(NULL);
    cr_assert(loops_are_right(NULL));
    cr_assert_eq(children_await(child), RIGHT);
  }
  cr_assert(loops_are_right(NULL));
}

Test(fork, of_children_and_their_children) {
  skip_under_thread_sanitizer();
  cr_assert(loops_are_right(NULL));
  pid_t child = fork_quietly();
  if (child == 0) {
    bool right = loops_are_right(NULL);
    pid_t grandchild = fork_to_run_loops(NULL);
    right = loops_are_right(NULL) && right;
    _exit(children_await(grandchild) == RIGHT && right ? RIGHT : WRONG);
  }
  cr_assert_eq(children_await(child), RIGHT);
  cr_assert(loops_are_right(NULL));
}

Test(fork, leaves_own_pools_usable_on_both_sides) {
  skip_under_thread_sanitizer();
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  cr_assert(loops_are_right(pool));
  pid_t child = fork_quietly();
  if (child == 0) {
    ppar_pool *another = NULL;
    bool right = loops_are_right(pool);
    right = ppar_pool_destroy(pool) == PPAR_OK && right;
    another = case_pool(3);
    right = another != NULL && loops_are_right(another) && right;
    right = ppar_pool_destroy(another) == PPAR_OK && right;
    _exit(right ? RIGHT : WRONG);
  }
  cr_assert_eq(children_await(child), RIGHT);
  cr_assert(loops_are_right(pool));
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(fork, leaves_pools_that_were_never_used_fit_to_be_ended) {
  skip_under_thread_sanitizer();
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  pid_t child = fork_quietly();
  if (child == 0) _exit(ppar_pool_destroy(pool) == PPAR_OK ? RIGHT : WRONG);
  cr_assert_eq(children_await(child), RIGHT);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

struct background {
  ppar_pool *pool;
  _Atomic bool stop;
  struct findings found;
};

static void *run_loops(void *arg) {
  struct background *background = arg;
  while (!atomic_load(&background->stop)) {
    EXPECT(&background->found, loops_are_right(background->pool));
    EXPECT(&background->found, loops_are_right(NULL));
  }
  return NULL;
}

Test(fork, while_other_threads_run_loops) {
  enum { OTHERS = 3 };
  pthread_t threads[OTHERS];
  skip_under_checkers();
  struct background background = {.pool = case_pool(3)};
  cr_assert_not_null(background.pool);
  for (int t = 0; t < OTHERS; t++) cr_assert_eq(pthread_create(&threads[t], NULL, run_loops, &background), 0);
  for (uint64_t round = 0; round < scaled(39); round++) {
    pid_t child = fork_to_run_loops(background.pool);
    cr_assert_eq(children_await(child), RIGHT, "round %d", (int)round);
    cr_assert(loops_are_right(background.pool));
  }
  atomic_store(&background.stop, true);
  for (int t = 0; t < OTHERS; t++) pthread_join(threads[t], NULL);
  ASSERT_CLEAN(&background.found, "loops on other threads");
  cr_assert_eq(ppar_pool_destroy(background.pool), PPAR_OK);
}

struct inside {
  ppar_pool *pool;
  struct findings *found;
};

static void fork_inside(const ppar_chunk *chunk, void *arg) {
  const struct inside *inside = arg;
  ppar_for_each_index(i, chunk) {
    if (i % 16 != 0) continue;
    pid_t child = fork();
    /* As posix_spawn and system do, or with loops of its own. */
    if (child == 0) _exit(i % 32 == 0 || loops_are_right(inside->pool) ? RIGHT : WRONG);
    EXPECT(inside->found, children_await(child) == RIGHT);
  }
}

/* A range whose arg is on its owner's stack, which the child does not have. */
struct range {
  pid_t parent;
  _Atomic int begun, child; /* 0: none yet */
};

static void fork_in_stolen_part(const ppar_chunk *chunk, void *arg) {
  struct range *range = arg;
  int none = 0;
  if (getpid() != range->parent) _exit(WRONG);
  atomic_fetch_add(&range->begun, 1);
  if (chunk->thread == 0 || !atomic_compare_exchange_strong(&range->child, &none, -1)) return;
  pid_t child = fork();
  if (child == 0) { /* Its workers look for tasks between the loops. */
    bool right = true;
    for (int k = 0; k < 5; k++) right = loops_are_right(NULL) && right;
    _exit(right ? RIGHT : WRONG);
  }
  atomic_store(&range->child, child);
}

Test(fork, from_a_part_of_a_range_that_a_worker_has) {
  enum { PIECES = 4096 };
  skip_under_checkers();
  setenv("PPAR_NUM_THREADS", "3", 1); /* The default pool is yet to be made. */
  for (uint64_t round = 0; round < scaled(13); round++) {
    struct range range = {.parent = getpid()};
    ppar_task_group group;
    cr_assert_eq(ppar_task_group_begin(&group, NULL), PPAR_OK);
    cr_assert_eq(ppar_task_spawn_range(&group, 0, PIECES, fork_in_stolen_part, &range,
                                       PPAR_OPTIONS(.schedule = ppar_dynamic(1))),
                 PPAR_OK);
    while (atomic_load(&range.child) <= 0) sched_yield();
    cr_assert_eq(ppar_task_group_wait(&group), PPAR_OK);
    cr_assert_eq(range.begun, PIECES);
    cr_assert_eq(children_await(range.child), RIGHT);
  }
}

Test(fork, from_inside_bodies) {
  struct findings found = {0, NULL};
  skip_under_checkers();
  ppar_pool *const pools[] = {NULL, case_pool(3)};
  for (size_t p = 0; p < sizeof pools / sizeof pools[0]; p++) {
    for (int threads = 1; threads < 6; threads += 2) {
      struct inside inside = {pools[p], &found};
      const ppar_options *options = PPAR_OPTIONS(.pool = pools[p], .threads = threads, .schedule = ppar_dynamic(4));
      cr_assert_eq(ppar_parallel_for(0, 128, fork_inside, &inside, options), PPAR_OK);
      cr_assert(loops_are_right(pools[p]));
    }
  }
  ASSERT_CLEAN(&found, "children forked inside bodies");
  cr_assert_eq(ppar_pool_destroy(pools[1]), PPAR_OK);
}

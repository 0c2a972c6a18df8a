/* SPDX-License-Identifier: MIT */
/* callers.c: any number of a program's own threads run loops at the same time, on one pool, on the
 * default pool or each on its own, and every loop is right. */
#include <pthread.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(callers, .timeout = SCALE_TIMEOUT);

enum { CALLERS = 8, ITERATIONS_MOST = 2000 };

struct caller {
  pthread_t thread;
  uint64_t random;
  ppar_pool *pool;
  bool own_pool;
  int loops;
  struct findings *found;
  _Atomic unsigned char counts[ITERATIONS_MOST];
};

struct array {
  _Atomic unsigned char *counts;
  int64_t iterations;
  int threads;
  struct findings *found;
};

PPAR_BODY(count_iteration, i, struct array, array) {
  EXPECT(array->found, i >= 0 && i < array->iterations);
  EXPECT(array->found, ppar_num_threads() == array->threads);
  atomic_fetch_add_explicit(&array->counts[i], 1, memory_order_relaxed);
}

PPAR_FOLD(add_hash, uint64_t, sum, i, struct array, array) { *sum += work_hash(i); }

static void fail_from_the_middle(const ppar_chunk *chunk, void *arg) {
  const struct array *array = arg;
  ppar_for_each_index(i, chunk) {
    if (i >= array->iterations / 2) {
      ppar_cancel(chunk, (int)i + 1);
      return;
    }
  }
}

static void *call_loops(void *arg) {
  struct caller *caller = arg;
  struct findings *found = caller->found;
  ppar_schedule schedules[CASES_SCHEDULES_MOST];
  size_t schedule_count = case_schedules(schedules);
  if (caller->own_pool) caller->pool = case_pool(3);
  for (int l = 0; l < caller->loops; l++) {
    struct loop_case loop = {.pool = caller->pool};
    int64_t iterations = 1 + (int64_t)(work_random(&caller->random) % ITERATIONS_MOST);
    loop.bounds = PPAR_BOUNDS(0, iterations);
    loop.schedule = schedules[work_random(&caller->random) % schedule_count];
    loop.threads = 1 + (int)(work_random(&caller->random) % 12);
    struct array array = {caller->counts, iterations, loop.threads, found};

    EXPECT(found, case_run(&loop, count_iteration, &array) == PPAR_OK);
    for (int64_t i = 0; i < iterations; i++) {
      EXPECT(found, atomic_load_explicit(&caller->counts[i], memory_order_relaxed) == 1);
      atomic_store_explicit(&caller->counts[i], 0, memory_order_relaxed);
    }
    uint64_t sum = 5, expected = 5;
    for (int64_t i = 0; i < iterations; i++) expected += work_hash(i);
    loop.reproducible = l % 3 == 0;
    EXPECT(found, case_reduce(&loop, add_hash, &array, &ppar_sum_u64, &sum) == PPAR_OK);
    EXPECT(found, sum == expected);
    EXPECT(found, case_run(&loop, fail_from_the_middle, &array) == (int)(iterations / 2) + 1);
    EXPECT(found, ppar_thread_num() == 0 && ppar_num_threads() == 1);
  }
  if (caller->own_pool) EXPECT(found, ppar_pool_destroy(caller->pool) == PPAR_OK);
  return NULL;
}

static void run_callers(ppar_pool *pool, bool own_pools, const char *text) {
  static struct caller callers[CALLERS];
  struct findings found = {0, NULL};
  for (int c = 0; c < CALLERS; c++) {
    callers[c].random = (uint64_t)c;
    callers[c].pool = pool;
    callers[c].own_pool = own_pools;
    callers[c].loops = (int)scaled(650);
    callers[c].found = &found;
    cr_assert_eq(pthread_create(&callers[c].thread, NULL, call_loops, &callers[c]), 0);
  }
  for (int c = 0; c < CALLERS; c++) pthread_join(callers[c].thread, NULL);
  ASSERT_CLEAN(&found, text);
}

Test(callers, share_one_pool) {
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  run_callers(pool, false, "eight callers on one pool");
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(callers, share_the_default_pool) { run_callers(NULL, false, "eight callers on the default pool"); }

Test(callers, have_a_pool_each) { run_callers(NULL, true, "eight callers, each on its own pool"); }

Test(callers, share_a_pool_of_one_thread) {
  ppar_pool *pool = case_pool(1);
  cr_assert_not_null(pool);
  run_callers(pool, false, "eight callers on a pool of one thread");
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

/* Threads come and go with a loop or two in each, as in a server. */
static void *one_loop(void *arg) {
  struct findings *found = arg;
  uint64_t sum = 0;
  struct array array = {0};
  EXPECT(found,
         ppar_parallel_reduce(0, 100, add_hash, &array, &ppar_sum_u64, &sum, PPAR_OPTIONS(.threads = 4)) == PPAR_OK);
  uint64_t expected = 0;
  for (int64_t i = 0; i < 100; i++) expected += work_hash(i);
  EXPECT(found, sum == expected);
  return NULL;
}

Test(callers, may_be_many_and_short_lived) {
  struct findings found = {0, NULL};
  for (uint64_t round = 0; round < scaled(260); round++) {
    pthread_t threads[CALLERS];
    for (int c = 0; c < CALLERS; c++) cr_assert_eq(pthread_create(&threads[c], NULL, one_loop, &found), 0);
    for (int c = 0; c < CALLERS; c++) pthread_join(threads[c], NULL);
  }
  ASSERT_CLEAN(&found, "short-lived callers");
}

static void count_nothing(const ppar_chunk *chunk, void *arg) {
  (void)chunk;
  (void)arg;
}

static void *run_first_loop(void *arg) {
  *(int *)arg = ppar_parallel_for(0, 1000, count_nothing, NULL, NULL);
  return NULL;
}

/* The process's first loop reads the environment and the CPU budget. */
Test(callers, may_have_the_smallest_stack) {
  enum { SMALLEST = 16 * 1024 };
  pthread_attr_t attributes;
  pthread_t thread;
  int status = -1;
  if (SCALE_THREAD_SANITIZER || SCALE_ADDRESS_SANITIZER || scale_is_small()) cr_skip_test("checkers take more stack");
  cr_assert_eq(pthread_attr_init(&attributes), 0);
  if (pthread_attr_setstacksize(&attributes, SMALLEST) != 0 ||
      pthread_create(&thread, &attributes, run_first_loop, &status) != 0) {
    cr_skip_test("the system's smallest stack is larger");
  }
  pthread_join(thread, NULL);
  pthread_attr_destroy(&attributes);
  cr_assert_eq(status, PPAR_OK);
}

static void count_chunk(const ppar_chunk *chunk, void *arg) { atomic_fetch_add((_Atomic uint64_t *)arg, chunk->count); }

static _Atomic bool came_back;

/* The cancellation waits for the first cancellation point of the thread's own. */
static void *call_while_cancelled(void *arg) {
  ppar_pool *pool = NULL;
  struct findings *found = arg;
  pthread_cancel(pthread_self());
  for (int round = 0; round < 3; round++) {
    _Atomic uint64_t count = 0;
    EXPECT(found, ppar_parallel_for(0, 1000, count_chunk, &count, PPAR_OPTIONS(.threads = 4)) == PPAR_OK);
    EXPECT(found, atomic_exchange(&count, 0) == 1000);
    EXPECT(found, ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 3)) == PPAR_OK);
    EXPECT(found, ppar_parallel_for(0, 1000, count_chunk, &count, PPAR_OPTIONS(.pool = pool)) == PPAR_OK);
    EXPECT(found, count == 1000);
    EXPECT(found, ppar_pool_destroy(pool) == PPAR_OK);
  }
  atomic_store(&came_back, true);
  pthread_testcancel();
  return NULL;
}

Test(callers, may_be_cancelled_while_they_call) {
  struct findings found = {0, NULL};
  pthread_t thread;
  void *result = NULL;
  cr_assert_eq(pthread_create(&thread, NULL, call_while_cancelled, &found), 0);
  pthread_join(thread, &result);
  cr_assert(came_back);
  cr_assert(result == PTHREAD_CANCELED);
  ASSERT_CLEAN(&found, "calls of a cancelled thread");
}

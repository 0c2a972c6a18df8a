/* SPDX-License-Identifier: MIT */
/* pools.c: a pool has the threads that it was asked for, serves any number of users, refuses to end while
 * it is in use, and leaves nothing behind. */
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "../support/cases.h"
#include "../support/children.h"
#include "../support/findings.h"
#include "../support/limits.h"
#include "../support/messages.h"
#include "../support/scale.h"
#include "../support/tasks.h"
#include "../support/work.h"

TestSuite(pools, .timeout = SCALE_TIMEOUT);

static void count_chunk(const ppar_chunk *chunk, void *arg) { atomic_fetch_add((_Atomic uint64_t *)arg, chunk->count); }

static void expect_it_works(ppar_pool *pool, struct findings *found) {
  for (int threads = 0; threads < 6; threads++) {
    _Atomic uint64_t count = 0;
    const ppar_options *options = PPAR_OPTIONS(.pool = pool, .threads = threads, .schedule = ppar_dynamic(1));
    EXPECT(found, ppar_parallel_for(0, 100, count_chunk, &count, options) == PPAR_OK);
    EXPECT(found, count == 100);
  }
}

static void assert_it_works(ppar_pool *pool) {
  struct findings found = {0, NULL};
  expect_it_works(pool, &found);
  ASSERT_CLEAN(&found, "six loops on one pool");
}

Test(pools, have_the_threads_they_were_asked_for_and_end_them) {
  static const int sizes[] = {1, 2, 3, 8, 33};
  if (!TASKS_VISIBLE) cr_skip_test("needs /proc");
  int before = tasks_named("");
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
    ppar_pool *pool = case_pool(sizes[s]);
    cr_assert_not_null(pool);
    cr_assert_eq(ppar_max_threads(pool), sizes[s]);
    cr_assert_eq(tasks_await("ppar/", sizes[s] - 1), sizes[s] - 1);
    for (int worker = 1; worker < sizes[s]; worker++) {
      char name[24];
      snprintf(name, sizeof name, "ppar/%d\n", worker);
      cr_assert_eq(tasks_await(name, 1), 1, "no thread is called ppar/%d", worker);
    }
    assert_it_works(pool);
    cr_assert_eq(tasks_named("ppar/"), sizes[s] - 1);
    cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
    cr_assert_eq(tasks_await("ppar/", 0), 0);
    if (!SCALE_THREAD_SANITIZER) cr_assert_eq(tasks_await("", before), before); /* it has a thread of its own */
  }
}

static pthread_key_t cleaned_key;
static _Atomic int cleaned;

static void clean_up(void *object) {
  (void)object;
  atomic_fetch_add(&cleaned, 1);
}

static void leave_something(ppar_team *team, void *arg) {
  if (ppar_team_thread(team) != 0) pthread_setspecific(cleaned_key, arg);
  ppar_barrier(team);
}

Test(pools, have_cleaned_up_what_bodies_left_on_their_threads_when_they_are_destroyed) {
  ppar_pool *pool = case_pool(4);
  int size = 0;
  cr_assert_not_null(pool);
  cr_assert_eq(pthread_key_create(&cleaned_key, clean_up), 0);
  ppar_parallel(leave_something, &size, PPAR_OPTIONS(.pool = pool, .threads = 4));
  cr_assert_eq(cleaned, 0);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  cr_assert_eq(cleaned, 3);
}

Test(pools, give_their_workers_the_name_asked_for) {
  ppar_pool *pool = NULL;
  if (!TASKS_VISIBLE) cr_skip_test("needs /proc");
  cr_assert_eq(ppar_pool_create(&pool, &(ppar_pool_options){.threads = 3, .name = "rows"}), PPAR_OK);
  cr_assert_eq(tasks_await("rows/1\n", 1), 1);
  cr_assert_eq(tasks_await("rows/2\n", 1), 1);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  cr_assert_eq(ppar_pool_create(&pool, &(ppar_pool_options){.threads = 2, .name = "abcdefghijklmnop"}), PPAR_OK);
  cr_assert_eq(tasks_await("abcdefghij/1\n", 1), 1);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(pools, of_default_size_are_as_large_as_the_default_pool) {
  ppar_pool *pool = NULL;
  int threads = ppar_max_threads(NULL);
  cr_assert(threads >= 1 && threads <= PPAR_MAX_THREADS);
  cr_assert_eq(ppar_max_threads(ppar_pool_default()), threads);
  cr_assert_eq(ppar_pool_create(&pool, NULL), PPAR_OK);
  cr_assert_eq(ppar_max_threads(pool), threads);
  assert_it_works(pool);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  cr_assert_eq(ppar_pool_create(&pool, &(ppar_pool_options){.threads = 0}), PPAR_OK);
  cr_assert_eq(ppar_max_threads(pool), threads);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(pools, null_may_be_destroyed_and_the_default_pool_may_not) {
  cr_assert_eq(ppar_pool_destroy(NULL), PPAR_OK);
  cr_assert_not_null(ppar_pool_default());
  cr_assert_eq(ppar_pool_default(), ppar_pool_default());
  cr_assert_eq(ppar_pool_destroy(ppar_pool_default()), PPAR_EINVAL);
  assert_it_works(NULL);
  cr_assert_eq(ppar_pool_destroy(ppar_pool_default()), PPAR_EINVAL);
  assert_it_works(ppar_pool_default());
}

struct attempt {
  ppar_pool *pool, *other;
  int depth;
  struct findings *found;
};

static void try_to_destroy(const ppar_chunk *chunk, void *arg) {
  const struct attempt *attempt = arg;
  (void)chunk;
  if (attempt->depth > 0) {
    struct attempt inner = *attempt;
    inner.depth--;
    EXPECT(attempt->found,
           ppar_parallel_for(0, 3, try_to_destroy, &inner, PPAR_OPTIONS(.pool = attempt->other)) == PPAR_OK);
  }
  EXPECT(attempt->found, ppar_pool_destroy(attempt->pool) == PPAR_EBUSY);
}

Test(pools, are_not_destroyed_from_inside_their_loops) {
  struct findings found = {0, NULL};
  struct attempt attempt = {case_pool(3), case_pool(2), 0, &found};
  cr_assert(attempt.pool != NULL && attempt.other != NULL);
  for (int threads = 1; threads < 6; threads++) {
    for (attempt.depth = 0; attempt.depth < 3; attempt.depth++) {
      const ppar_options *options = PPAR_OPTIONS(.pool = attempt.pool, .threads = threads);
      cr_assert_eq(ppar_parallel_for(0, 5, try_to_destroy, &attempt, options), PPAR_OK);
    }
  }
  ASSERT_CLEAN(&found, "destroying from inside");
  assert_it_works(attempt.pool);
  cr_assert_eq(ppar_pool_destroy(attempt.pool), PPAR_OK);
  cr_assert_eq(ppar_pool_destroy(attempt.other), PPAR_OK);
}

struct gate {
  ppar_pool *pool;
  _Atomic int entered, open;
};

static void wait_at_gate(const ppar_chunk *chunk, void *arg) {
  struct gate *gate = arg;
  (void)chunk;
  atomic_store(&gate->entered, 1);
  while (!atomic_load(&gate->open)) sched_yield();
}

static void *loop_at_gate(void *arg) {
  struct gate *gate = arg;
  ppar_parallel_for(0, 1, wait_at_gate, gate, PPAR_OPTIONS(.pool = gate->pool));
  return NULL;
}

Test(pools, are_not_destroyed_while_another_thread_runs_a_loop) {
  for (int threads = 1; threads < 4; threads++) {
    pthread_t thread;
    struct gate gate = {.pool = case_pool(threads)};
    cr_assert_not_null(gate.pool);
    cr_assert_eq(pthread_create(&thread, NULL, loop_at_gate, &gate), 0);
    while (!atomic_load(&gate.entered)) sched_yield();
    int status = ppar_pool_destroy(gate.pool);
    atomic_store(&gate.open, 1);
    pthread_join(thread, NULL);
    cr_assert_eq(status, PPAR_EBUSY);
    assert_it_works(gate.pool);
    cr_assert_eq(ppar_pool_destroy(gate.pool), PPAR_OK);
  }
}

/* The moment after a loop's return is the likeliest one for a worker to be still on its way out of it. */
Test(pools, may_be_destroyed_as_soon_as_their_last_loop_has_returned) {
  for (uint64_t cycle = 0; cycle < scaled(1300); cycle++) {
    _Atomic uint64_t count = 0;
    ppar_pool *pool = case_pool(1 + (int)(cycle % 5));
    cr_assert_not_null(pool);
    for (uint64_t loop = 0; loop < cycle % 4; loop++) {
      ppar_parallel_for(0, 20, count_chunk, &count, PPAR_OPTIONS(.pool = pool, .threads = 1 + (int)(cycle % 7)));
    }
    cr_assert_eq(count, 20 * (cycle % 4));
    cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  }
  if (TASKS_VISIBLE) cr_assert_eq(tasks_await("ppar/", 0), 0);
}

static void *use_pool(void *arg) {
  const struct attempt *attempt = arg;
  for (uint64_t round = 0; round < scaled(100); round++) expect_it_works(attempt->pool, attempt->found);
  return NULL;
}

Test(pools, may_be_used_by_several_threads_and_ended_by_another) {
  enum { USERS = 5 };
  struct findings found = {0, NULL};
  for (int size = 1; size < 5; size++) {
    pthread_t threads[USERS];
    struct attempt attempt = {case_pool(size), NULL, 0, &found};
    cr_assert_not_null(attempt.pool);
    for (int u = 0; u < USERS; u++) cr_assert_eq(pthread_create(&threads[u], NULL, use_pool, &attempt), 0);
    for (int u = 0; u < USERS; u++) pthread_join(threads[u], NULL);
    cr_assert_eq(ppar_pool_destroy(attempt.pool), PPAR_OK);
    ASSERT_CLEAN(&found, "five users of a pool");
  }
}

static void *cycle_pools(void *arg) {
  for (uint64_t cycle = 0; cycle < scaled(200); cycle++) {
    struct attempt attempt = {case_pool(1 + (int)(cycle % 4)), NULL, 0, arg};
    expect_it_works(attempt.pool, arg);
    EXPECT(attempt.found, ppar_pool_destroy(attempt.pool) == PPAR_OK);
  }
  return NULL;
}

Test(pools, may_come_and_go_on_many_threads) {
  enum { USERS = 4 };
  pthread_t threads[USERS];
  struct findings found = {0, NULL};
  for (int u = 0; u < USERS; u++) cr_assert_eq(pthread_create(&threads[u], NULL, cycle_pools, &found), 0);
  for (int u = 0; u < USERS; u++) pthread_join(threads[u], NULL);
  ASSERT_CLEAN(&found, "pools that come and go");
}

Test(pools, of_every_policy_work_and_leave_the_caller_unbound) {
  cpu_set_t before, after;
  uint64_t combination = 0;
  cr_assert_eq(sched_getaffinity(0, sizeof before, &before), 0);
  for (int wait = PPAR_WAIT_DEFAULT; wait <= PPAR_WAIT_PASSIVE; wait++) {
    for (int bind = PPAR_BIND_DEFAULT; bind <= PPAR_BIND_SPREAD; bind++) {
      if (!scale_keeps(&combination)) continue;
      ppar_pool *pool = NULL;
      ppar_pool_options options = {.threads = 4, .wait = (ppar_wait_policy)wait, .bind = (ppar_bind_policy)bind};
      cr_assert_eq(ppar_pool_create(&pool, &options), PPAR_OK);
      assert_it_works(pool);
      cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
      cr_assert_eq(sched_getaffinity(0, sizeof after, &after), 0);
      cr_assert(CPU_EQUAL(&before, &after));
    }
  }
}

static const size_t stack_wanted = 24u << 20;

struct stacks {
  pthread_t caller;
  _Atomic int on_workers;
  struct findings *found;
};

static void look_at_stack(const ppar_chunk *chunk, void *arg) {
  struct stacks *stacks = arg;
  pthread_attr_t attributes;
  size_t size = 0;
  (void)chunk;
  work_spin(10000);
  if (pthread_equal(pthread_self(), stacks->caller)) return;
  atomic_fetch_add(&stacks->on_workers, 1);
  EXPECT(stacks->found, pthread_getattr_np(pthread_self(), &attributes) == 0);
  EXPECT(stacks->found, pthread_attr_getstacksize(&attributes, &size) == 0);
  EXPECT(stacks->found, size >= stack_wanted);
  pthread_attr_destroy(&attributes);
}

Test(pools, give_their_workers_the_stack_asked_for) {
  ppar_pool *pool = NULL;
  struct findings found = {0, NULL};
  struct stacks stacks = {pthread_self(), 0, &found};
  cr_assert_eq(ppar_pool_create(&pool, &(ppar_pool_options){.threads = 3, .stack_size = stack_wanted}), PPAR_OK);
  for (int round = 0; round < 200 && stacks.on_workers == 0; round++) {
    ppar_parallel_for(0, 100, look_at_stack, &stacks, PPAR_OPTIONS(.pool = pool, .schedule = ppar_dynamic(1)));
  }
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
  ASSERT_CLEAN(&found, "workers with large stacks");
}

static bool memory_can_be_limited(void) { return TASKS_VISIBLE && limits_work(); }

Test(pools, say_that_they_could_not_have_their_threads_and_leave_none) {
  ppar_pool *const untouched = (ppar_pool *)(void *)&stack_wanted, *pool = untouched;
  if (!memory_can_be_limited()) cr_skip_test("needs a process whose memory can be limited");
  cr_assert(limits_memory(80u << 20));
  for (int round = 0; round < 5; round++) {
    int status = ppar_pool_create(&pool, &(ppar_pool_options){.threads = 64, .stack_size = 16u << 20});
    cr_assert(status == PPAR_EAGAIN || status == PPAR_ENOMEM, "status %d", status);
    cr_assert_eq(pool, untouched);
    cr_assert_eq(tasks_await("ppar/", 0), 0);
  }
  limits_lift();
  cr_assert_eq(ppar_pool_create(&pool, &(ppar_pool_options){.threads = 4}), PPAR_OK);
  assert_it_works(pool);
  cr_assert_eq(ppar_pool_destroy(pool), PPAR_OK);
}

Test(pools, that_cannot_get_threads_or_memory_run_loops_on_fewer) {
  if (!memory_can_be_limited()) cr_skip_test("needs a process whose memory can be limited");
  setenv("PPAR_NUM_THREADS", "64", 1); /* no loop has run in this process: the default pool is yet to be made */
  static const size_t room[] = {64u << 20, 16u << 20, 1u << 20, 64u << 10, 0};
  for (size_t r = 0; r < sizeof room / sizeof room[0]; r++) {
    limits_memory(room[r]);
    for (int threads = 1; threads <= 300; threads = threads * 2 + 1) {
      _Atomic uint64_t count = 0;
      int status = ppar_parallel_for(0, 1000, count_chunk, &count, PPAR_OPTIONS(.threads = threads));
      if (status != PPAR_OK || count != 1000) {
        limits_lift();
        cr_assert_fail("status %d after %d iterations", status, (int)count);
      }
    }
  }
  limits_lift();
  assert_it_works(NULL);
}

/* All memory is in blocks of this size, of which `given` are given back. */
static int create_bound_with(size_t given) {
  enum { SIZE = 496, RIGHT = 0, WRONG = 1 };
  ppar_pool *pool = NULL;
  void **latest = NULL;
  if (!limits_memory(2u << 20)) return WRONG;
  for (void **block; (block = malloc(SIZE)) != NULL; latest = block) *block = latest;
  for (; given > 0 && latest != NULL; given--) {
    void **block = latest;
    latest = *block;
    free(block);
  }
  int status = ppar_pool_create(&pool, PPAR_POOL_OPTIONS(.threads = 1, .bind = PPAR_BIND_TRUE, .places = "cores"));
  return status == PPAR_OK || status == PPAR_ENOMEM ? RIGHT : WRONG;
}

Test(pools, that_are_to_be_bound_without_memory_to_read_the_topology_are_refused) {
  if (!memory_can_be_limited()) cr_skip_test("needs a process whose memory can be limited");
  for (size_t given = 0; given < 200; given++) {
    pid_t child = fork();
    if (child == 0) _exit(create_bound_with(given));
    cr_assert_eq(children_await(child), 0, "%d blocks", (int)given);
  }
}

/* No address space has room for many such stacks. */
#if SIZE_MAX > UINT32_MAX
#define LARGE_STACK "500000G"
#define LARGE_STACK_KIB 524288000000
#else
#define LARGE_STACK "2047M"
#define LARGE_STACK_KIB 2096128
#endif

static void meet(ppar_team *team, void *arg) {
  (void)arg;
  ppar_barrier(team);
}

static void run_regions_without_threads(void *arg) {
  setenv("PPAR_STACKSIZE", LARGE_STACK, 1);
  for (int threads = 1; threads < 9; threads++) ppar_parallel(meet, arg, PPAR_OPTIONS(.threads = threads));
}

/* What the system gives as the reason depends on what looks on. */
Test(pools, regions_that_the_system_gives_too_few_threads_say_so_once) {
  int had = 0, asked = 0;
  long long stack = 0;
  messages told = messages_of(run_regions_without_threads, NULL, NULL);
  cr_assert_eq(told.end, 0);
  cr_assert_eq(
      sscanf(told.text,
             "ppar: a region has %d of the %d threads that it asks for: the system gives no more with stacks of "
             "%lld KiB (no memory",
             &had, &asked, &stack),
      3, "%s", told.text);
  cr_assert(had >= 1 && had == asked - 1 && stack == LARGE_STACK_KIB, "%s", told.text);
  cr_assert_eq(strchr(told.text, '\n') - told.text + 1, (ptrdiff_t)strlen(told.text), "%s", told.text);
}

/* SPDX-License-Identifier: MIT */
/* pool_pool.c: pools from the inside: workers start when they are wanted and end with their pool, at whatever moment
 * that is; a start that fails leaves nothing behind; loops run meanwhile; forked children get workers of their own. */
#include "pool/pool.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ppar/ppar.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/tasks.h"
#include "../support/work.h"
#include "api/sources.h"
#include "loop/caller.h"

TestSuite(pool_pool, .timeout = SCALE_TIMEOUT);

static void begin_pool(ppar_pool *pool, int threads, ppar_wait_policy wait) {
  pp_pool_config config = {
      .threads = threads, .name = "unit", .wait = wait, .destroyable = true, .sources = pp_sources};
  memset(pool, 0, sizeof *pool);
  cr_assert_eq(pp_pool_init(pool, &config), PPAR_OK);
}

static void sum_chunk(const ppar_chunk *chunk, void *arg) {
  atomic_fetch_add((_Atomic uint64_t *)arg, chunk->count * (uint64_t)(chunk->begin + chunk->end - 1) / 2);
}

enum { ITERATIONS = 40 };

/* A loop by slot over a few parts. */
static uint64_t run_loop(ppar_pool *pool, uint32_t parts) {
  _Atomic uint64_t sum = 0;
  pp_loop loop = {.body = sum_chunk, .arg = &sum, .division = {.sharing = PP_BY_SLOT, .slots = parts, .parts = parts}};
  (void)pp_space_make(&loop.division.space, 0, ITERATIONS, 1);
  loop.fp_state = pp_fp_state_get();
  return pp_loop_run(pool, &loop, NULL) == PPAR_OK ? sum : 0;
}

static const uint64_t right_sum = ITERATIONS * (ITERATIONS - 1) / 2;

/* --- Starting and ending ------------------------------------------------------------------------------------------ */

Test(pool_pool, a_new_pool_is_listed_and_has_no_workers_yet) {
  static ppar_pool pools[3];
  for (int p = 0; p < 3; p++) begin_pool(&pools[p], p + 1, PPAR_WAIT_DEFAULT);
  cr_expect_eq(tasks_named("unit/"), 0);
  cr_expect_eq(pp_pools_first(), &pools[2]);
  cr_expect_eq(pools[2].next, &pools[1]);
  for (int p = 0; p < 3; p++) {
    cr_expect_eq(pp_pool_threads(&pools[p]), p + 1);
    cr_expect_eq(pools[p].magic, PP_POOL_MAGIC);
    cr_expect_not(pp_pool_is_busy(&pools[p]));
  }
  pp_pool_finish(&pools[1]);
  cr_expect_eq(pools[2].next, &pools[0]);
  pp_pool_finish(&pools[2]);
  cr_expect_eq(pp_pools_first(), &pools[0]);
  pp_pool_finish(&pools[0]);
  cr_expect_null(pp_pools_first());
  for (int p = 0; p < 3; p++) cr_expect_neq(pools[p].magic, PP_POOL_MAGIC);
}

Test(pool_pool, all_workers_start_at_once_and_end_with_the_pool) {
  static ppar_pool pool;
  if (!TASKS_VISIBLE) cr_skip_test("needs /proc");
  for (int threads = 1; threads <= 33; threads += 8) {
    begin_pool(&pool, threads, PPAR_WAIT_DEFAULT);
    cr_assert_eq(pp_pool_start_workers(&pool, pool.worker_limit), PPAR_OK);
    cr_expect_eq(pp_load_relaxed(&pool.worker_count), (uint32_t)threads - 1);
    cr_expect_eq(tasks_await("unit/", threads - 1), threads - 1);
    pp_pool_finish(&pool);
    cr_expect_eq(tasks_await("unit/", 0), 0);
  }
}

Test(pool_pool, wanted_workers_start_by_and_by_and_no_more_of_them) {
  static ppar_pool pool;
  if (!TASKS_VISIBLE) cr_skip_test("needs /proc");
  begin_pool(&pool, 20, PPAR_WAIT_DEFAULT);
  pp_pool_want_workers(&pool, 1);
  cr_expect_eq(tasks_await("unit/", 1), 1);
  pp_pool_want_workers(&pool, 13);
  cr_expect_eq(tasks_await("unit/", 13), 13);
  pp_pool_want_workers(&pool, 5);
  pp_pool_want_workers(&pool, 13);
  cr_expect_eq(tasks_await("unit/", 13), 13);
  cr_expect_eq(pp_load_relaxed(&pool.worker_count), 13);
  /* A thread has the name of the one that started it until it takes its own. */
  cr_expect_eq(tasks_await("unit/13", 1), 1, "they are numbered from 1");
  pp_pool_finish(&pool);
}

Test(pool_pool, a_loop_starts_the_workers_that_it_can_use) {
  static ppar_pool pool;
  if (!TASKS_VISIBLE) cr_skip_test("needs /proc");
  begin_pool(&pool, 6, PPAR_WAIT_DEFAULT);
  cr_expect_eq(run_loop(&pool, 1), right_sum);
  cr_expect_eq(tasks_named("unit/"), 0);
  cr_expect_eq(run_loop(&pool, 3), right_sum);
  cr_expect_eq(tasks_await("unit/", 2), 2);
  cr_expect_eq(run_loop(&pool, ITERATIONS), right_sum);
  cr_expect_eq(tasks_await("unit/", 5), 5);
  pp_pool_finish(&pool);
}

/* Asleep, spinning, just starting, or in the middle of starting others. */
Test(pool_pool, a_pool_may_end_at_any_moment_of_its_workers_lives) {
  static const ppar_wait_policy waits[] = {PPAR_WAIT_PASSIVE, PPAR_WAIT_ACTIVE, PPAR_WAIT_DEFAULT};
  static ppar_pool pool;
  uint64_t random = 4;
  for (uint64_t round = scaled(300); round != 0; round--) {
    uint64_t r = work_random(&random);
    int threads = 1 + (int)(r % 10);
    begin_pool(&pool, threads, waits[round % 3]);
    if ((r >> 8 & 1) != 0) pp_pool_want_workers(&pool, pool.worker_limit);
    if ((r >> 9 & 1) != 0) cr_assert_eq(pp_pool_start_workers(&pool, pool.worker_limit), PPAR_OK);
    if ((r >> 10 & 1) != 0) cr_assert_eq(run_loop(&pool, 1 + (uint32_t)(r >> 12) % 12), right_sum);
    if ((r >> 16 & 3) == 0) usleep((useconds_t)(r >> 20) % 500);
    pp_pool_finish(&pool);
  }
  if (TASKS_VISIBLE) cr_expect_eq(tasks_await("unit/", 0), 0);
  cr_expect_null(pp_pools_first());
}

/* Workers beyond the limit stand aside; they are woken when it grows again, and when the pool ends. */
Test(pool_pool, a_pool_may_shrink_and_grow_at_any_moment) {
  enum { MOST = 9 };
  for (uint64_t pools = 0; pools < scaled(20); pools++) {
    static ppar_pool pool;
    pp_pool_config config = {
        .threads = 3, .most_threads = MOST, .name = "unit", .destroyable = true, .sources = pp_sources};
    memset(&pool, 0, sizeof pool);
    cr_assert_eq(pp_pool_init(&pool, &config), PPAR_OK);
    for (uint32_t round = 0; round < 60; round++) {
      uint32_t threads = 1 + round * 5 % (MOST + 2);
      pp_pool_resize(&pool, threads);
      cr_expect_eq(pp_pool_threads(&pool), (int)(threads < MOST ? threads : MOST));
      for (uint32_t loop = 0; loop < 5; loop++) cr_expect_eq(run_loop(&pool, MOST), right_sum);
      if (round % 8 == 0) nanosleep(&(struct timespec){0, 1000 * 1000}, NULL); /* some fall asleep */
    }
    cr_expect_lt(pp_load_relaxed(&pool.worker_count), MOST);
    if (pools % 2 == 0) nanosleep(&(struct timespec){0, 2000 * 1000}, NULL);
    pp_pool_finish(&pool);
  }
}

Test(pool_pool, long_names_are_cut_and_numbered) {
  static ppar_pool pool;
  pp_pool_config config = {.threads = 2, .name = "a-name-that-is-far-too-long", .sources = pp_sources};
  if (!TASKS_VISIBLE) cr_skip_test("needs /proc");
  cr_assert_eq(pp_pool_init(&pool, &config), PPAR_OK);
  cr_assert_eq(pp_pool_start_workers(&pool, 1), PPAR_OK);
  cr_expect_eq(tasks_await("a-name-tha/1", 1), 1);
  pp_pool_finish(&pool);
}

Test(pool_pool, impossible_places_are_refused_before_anything_is_made) {
  static ppar_pool pool;
  pp_pool_config config = {.threads = 2, .name = "unit", .bind = PPAR_BIND_CLOSE, .places = "{0"};
  cr_expect_eq(pp_pool_init(&pool, &config), PPAR_EINVAL);
  cr_expect_null(pp_pools_first());
  cr_expect_null(pool.workers);
}

/* --- Starts that fail --------------------------------------------------------------------------------------------- */

/* LeakSanitizer's own, where it is linked. */
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

/* Runs check in a process of its own, whose limits it may lower; and that leaks nothing. */
static void expect_in_a_child(bool (*check)(void)) {
  int status = -1;
  pid_t child = fork();
  if (child == 0) {
    alarm(SCALE_TIMEOUT);
    bool good = check();
    if (__lsan_do_recoverable_leak_check != NULL && __lsan_do_recoverable_leak_check() != 0) good = false;
    _exit(good ? 0 : 1);
  }
  cr_assert_gt(child, 0);
  cr_assert_eq(waitpid(child, &status, 0), child);
  cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %d", status);
}

/* A creation that fails gives this status and leaves the process as it was. */
static bool creation_fails(ppar_pool_options options, int expected) {
  ppar_pool *const none = (ppar_pool *)&options;
  ppar_pool *pool = none;
  bool good = ppar_pool_create(&pool, &options) == expected;
  good = good && pool == none && pp_pools_first() == NULL;
  return good && tasks_await("ppar/", 0) == 0;
}

static bool creation_works(void) {
  ppar_pool *pool = NULL;
  ppar_pool_options options = {.threads = 3};
  if (ppar_pool_create(&pool, &options) != PPAR_OK) return false;
  bool good = run_loop(pool, 5) == right_sum;
  return ppar_pool_destroy(pool) == PPAR_OK && good;
}

static bool absurd_stacks_fail(void) {
  static const size_t sizes[] = {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 3};
  bool good = true;
  for (int i = 0; i < 3; i++)
    good = creation_fails((ppar_pool_options){.threads = 4, .stack_size = sizes[i]}, PPAR_EAGAIN) && good;
  return creation_works() && good;
}

Test(pool_pool, without_stacks_there_is_no_pool_and_nothing_left_of_it) { expect_in_a_child(absurd_stacks_fail); }

/* The process's threads count among its user's, so root becomes a user that has no others. Root itself has no limit. */
static bool limit_threads(rlim_t most) {
  struct rlimit limit;
  if (geteuid() == 0) {
    uid_t user = 1000000u + (uid_t)getpid();
    if (setresuid(user, user, user) != 0) return false;
    (void)prctl(PR_SET_DUMPABLE, 1); /* LeakSanitizer needs it */
  }
  if (getrlimit(RLIMIT_NPROC, &limit) != 0) return false;
  limit.rlim_cur = most;
  return setrlimit(RLIMIT_NPROC, &limit) == 0;
}

static bool forbidden_threads_fail(void) {
  struct rlimit limit;
  if (!limit_threads(0)) return true;
  bool good = creation_fails((ppar_pool_options){.threads = 4}, PPAR_EAGAIN);
  if (getrlimit(RLIMIT_NPROC, &limit) != 0) return false;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NPROC, &limit) != 0) return false;
  return creation_works() && good;
}

Test(pool_pool, without_threads_there_is_no_pool_and_nothing_left_of_it) { expect_in_a_child(forbidden_threads_fail); }

/* Some workers start and start others, then one fails. */
static bool the_ninth_thread_fails(void) {
  bool good = true;
  if (geteuid() != 0) return true; /* how many threads the user has elsewhere is not known */
  if (!limit_threads(8)) return true;
  for (int k = 0; k < 20; k++) good = creation_fails((ppar_pool_options){.threads = 30}, PPAR_EAGAIN) && good;
  return creation_works() && good;
}

Test(pool_pool, without_the_last_threads_there_is_no_pool_either) { expect_in_a_child(the_ninth_thread_fails); }

static bool a_lazy_pool_does_with_fewer(void) {
  static ppar_pool pool;
  pp_pool_config config = {.threads = 30, .name = "few", .sources = pp_sources};
  bool good = limit_threads(geteuid() == 0 ? 5 : 0) && pp_pool_init(&pool, &config) == PPAR_OK;
  for (int k = 0; k < 200 && good; k++) good = run_loop(&pool, 30) == right_sum;
  good = good && pp_load_relaxed(&pool.worker_count) < 8 && pp_load_relaxed(&pool.worker_goal) <= 29;
  pp_pool_finish(&pool);
  return good && pp_pools_first() == NULL;
}

Test(pool_pool, a_pool_that_starts_workers_by_and_by_does_with_fewer) {
  expect_in_a_child(a_lazy_pool_does_with_fewer);
}

/* --- Loops of many threads -----------------------------------------------------------------------------------------
 */

enum { CALLERS = 5 };

typedef struct caller {
  pthread_t thread;
  ppar_pool *pool;
  uint64_t random;
  struct findings *found;
} caller;

static void nest_chunk(const ppar_chunk *chunk, void *arg) {
  caller *c = arg;
  EXPECT(c->found, pp_pool_is_busy(c->pool));
  EXPECT(c->found, run_loop(c->pool, 1 + (uint32_t)chunk->begin % 3) == right_sum);
}

static void *call_loops(void *arg) {
  caller *c = arg;
  for (uint64_t k = 0; k < 60; k++) {
    uint32_t parts = 1 + (uint32_t)work_random(&c->random) % 10;
    EXPECT(c->found, run_loop(c->pool, parts) == right_sum);
    if (k % 8 != 0) continue;
    pp_loop loop = {.body = nest_chunk, .arg = c, .division = {.sharing = PP_BY_SLOT, .slots = parts, .parts = parts}};
    (void)pp_space_make(&loop.division.space, 0, 10, 1);
    loop.fp_state = pp_fp_state_get();
    EXPECT(c->found, pp_loop_run(c->pool, &loop, NULL) == PPAR_OK);
    EXPECT(c->found, ppar_num_threads() == 1 && ppar_thread_num() == 0);
  }
  return NULL;
}

Test(pool_pool, many_threads_run_loops_on_one_pool_and_it_can_end_after_them) {
  static ppar_pool pool;
  struct findings found = {0, NULL};
  for (uint64_t round = scaled(40); round != 0; round--) {
    caller callers[CALLERS];
    begin_pool(&pool, 1 + (int)(round % 4), round % 2 != 0 ? PPAR_WAIT_PASSIVE : PPAR_WAIT_DEFAULT);
    for (int c = 0; c < CALLERS; c++) {
      callers[c] = (caller){.pool = &pool, .random = round + (uint64_t)c, .found = &found};
      cr_assert_eq(pthread_create(&callers[c].thread, NULL, call_loops, &callers[c]), 0);
    }
    for (int c = 0; c < CALLERS; c++) pthread_join(callers[c].thread, NULL);
    cr_assert_not(pp_pool_is_busy(&pool));
    pp_pool_finish(&pool);
    ASSERT_CLEAN(&found, "loops of many threads");
  }
}

/* --- Forked children ------------------------------------------------------------------------------------------------
 */

typedef struct holder {
  ppar_pool *pool;
  pthread_t thread;
  pp_atomic_u32 inside, stop;
} holder;

static void hold_chunk(const ppar_chunk *chunk, void *arg) {
  holder *h = arg;
  (void)chunk;
  pp_store_release(&h->inside, 1);
  while (pp_load_acquire(&h->stop) == 0) usleep(200);
}

static void *hold_a_loop(void *arg) {
  holder *h = arg;
  pp_loop loop = {.body = hold_chunk, .arg = h, .division = {.sharing = PP_BY_SLOT, .slots = 3, .parts = 3}};
  (void)pp_space_make(&loop.division.space, 0, 3, 1);
  loop.fp_state = pp_fp_state_get();
  (void)pp_loop_run(h->pool, &loop, NULL);
  return NULL;
}

static ppar_pool forked_pool;

static bool a_childs_pool_works(void) {
  bool good = pp_load_relaxed(&forked_pool.worker_count) == 0 && !pp_pool_is_busy(&forked_pool);
  uint32_t records = pp_board_count(&forked_pool.board);
  for (int k = 0; k < 50; k++) good = run_loop(&forked_pool, 4) == right_sum && good;
  good = good && pp_board_count(&forked_pool.board) == records; /* those of the threads that are gone serve */
  pp_pool_finish(&forked_pool);
  return good && pp_pools_first() == NULL;
}

Test(pool_pool, a_child_forked_while_others_run_loops_has_a_working_pool) {
  if (SCALE_THREAD_SANITIZER || SCALE_ADDRESS_SANITIZER) cr_skip_test("the sanitizers do not bear such children");
  if (scale_is_emulated()) cr_skip_test("to Valgrind, what threads held that the child does not have is lost");
  static holder h = {.pool = &forked_pool};
  for (int k = 0; k < 10; k++) {
    begin_pool(&forked_pool, 4, PPAR_WAIT_DEFAULT);
    cr_assert_eq(run_loop(&forked_pool, 4), right_sum);
    pp_store_relaxed(&h.inside, 0);
    pp_store_relaxed(&h.stop, 0);
    cr_assert_eq(pthread_create(&h.thread, NULL, hold_a_loop, &h), 0);
    while (pp_load_acquire(&h.inside) == 0) sched_yield();
    expect_in_a_child(a_childs_pool_works);
    pp_store_release(&h.stop, 1);
    pthread_join(h.thread, NULL);
    cr_assert_eq(run_loop(&forked_pool, 4), right_sum);
    pp_pool_finish(&forked_pool);
  }
}

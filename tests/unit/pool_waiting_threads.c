/* SPDX-License-Identifier: MIT */
/* pool_waiting_threads.c: a thread that waits, and others that bring work of its own, loops that are begun inside of
 * what it waits for, and the end. Each waits until what it brought is done before it brings more, so that every wake
 * counts: a lost one shows as a test that does not end. */
#include <pthread.h>
#include <sched.h>

#include <criterion/criterion.h>
#include <ppar/status.h>

#include "../support/scale.h"
#include "claim/parking.h"
#include "pool/pool.h"

TestSuite(pool_waiting_threads, .timeout = SCALE_TIMEOUT);

typedef struct awaiting {
  pp_waiting waiting;
  pp_parking parking;
  pp_atomic_u32 brought, loops, tasks, over; /* To be done; loops and tasks are for whoever helps. */
  uint32_t done, helped, stolen;             /* The waiting thread's. */
  pp_atomic_u32 sleeps;
} awaiting;

static awaiting *awaiting_of(pp_waiting *waiting) { return PP_OWNER_OF(awaiting, waiting, waiting); }

static bool is_over(pp_waiting *waiting) { return pp_load_acquire(&awaiting_of(waiting)->over) != 0; }
static bool find(pp_waiting *waiting) { return pp_load_acquire(&awaiting_of(waiting)->brought) != 0; }

static void run(pp_waiting *waiting) {
  awaiting_of(waiting)->done++;
  pp_store_release(&awaiting_of(waiting)->brought, 0);
}

static bool prepare(pp_waiting *waiting) {
  pp_parking_prepare(&awaiting_of(waiting)->parking);
  return true;
}

static void sleep_on_parking(pp_waiting *waiting) {
  pp_add_relaxed(&awaiting_of(waiting)->sleeps, 1);
  pp_parking_sleep(&awaiting_of(waiting)->parking);
}

static void rise(pp_waiting *waiting) { pp_parking_rise(&awaiting_of(waiting)->parking); }
static void wake(void *waiting) { pp_parking_wake(&awaiting_of(waiting)->parking); }

static const pp_wait_kind kind = {.is_over = is_over,
                                  .find = find,
                                  .run = run,
                                  .prepare = prepare,
                                  .sleep = sleep_on_parking,
                                  .rise = rise,
                                  .wake = wake,
                                  .takes_tasks = true};

static bool help_with_loops(pp_waiting *waiting) {
  awaiting *w = awaiting_of(waiting);
  if (pp_load_acquire(&w->loops) == 0) return false;
  w->helped++;
  pp_store_release(&w->loops, 0);
  return true;
}

static bool may_help_with_tasks(pp_waiting *waiting) { return pp_load_seq_cst(&awaiting_of(waiting)->tasks) != 0; }

static bool help_with_tasks(pp_waiting *waiting) {
  awaiting *w = awaiting_of(waiting);
  if (pp_load_acquire(&w->tasks) == 0) return false;
  w->stolen++;
  pp_store_release(&w->tasks, 0);
  return true;
}

static const pp_work_source nothing = {.help = NULL};
static const pp_work_source tasks = {.help = help_with_tasks, .may_help = may_help_with_tasks};
static const pp_work_source loops = {.help = help_with_loops};
static const pp_work_source *const sources[PP_WORK_KINDS] = {&nothing, &loops, &tasks};

typedef struct game {
  ppar_pool pool;
  awaiting w;
  uint32_t rounds;
} game;

static void await_zero(pp_atomic_u32 *word) {
  while (pp_load_acquire(word) != 0) (void)sched_yield();
}

static void *bring_work(void *arg) {
  game *g = arg;
  for (uint32_t round = 0; round < g->rounds; round++) {
    pp_store_release(&g->w.brought, 1);
    pp_parking_wake(&g->w.parking);
    await_zero(&g->w.brought);
  }
  return NULL;
}

static void *post_loops(void *arg) {
  static const int inner;
  game *g = arg;
  pp_scope outside, scope;
  pp_scope_enter(&outside, NULL, g);
  pp_scope_enter(&scope, &outside, &inner);
  for (uint32_t round = 0; round < g->rounds; round++) {
    pp_store_release(&g->w.loops, 1);
    pp_bell_ring_awake(&g->pool.bell, 0);
    pp_waiters_tell(&g->pool, &scope);
    await_zero(&g->w.loops);
  }
  return NULL;
}

static bool suits(void *arg, const pp_waiter *waiter) { return waiter->ancestor == arg; }

/* Each is the oldest of its queue, and made visible by a seq_cst store (task/queue.h, W1). */
static void *bring_tasks(void *arg) {
  game *g = arg;
  for (uint32_t round = 0; round < g->rounds; round++) {
    pp_store_seq_cst(&g->w.tasks, 1);
    if ((pp_load_seq_cst(&g->pool.task_marks) & pp_scope_mark(g)) != 0) pp_waiters_wake_one(&g->pool, suits, g);
    await_zero(&g->w.tasks);
  }
  return NULL;
}

static void *wait_for_the_end(void *arg) {
  pp_wait(&((game *)arg)->w.waiting);
  return NULL;
}

enum { WORK = 1, LOOPS = 2, TASKS = 4 };

static void play(ppar_wait_policy policy, int kinds) {
  static game g;
  static void *(*const posters[])(void *) = {bring_work, post_loops, bring_tasks};
  pthread_t waiter, threads[3];
  pp_pool_config config = {.threads = 1, .name = "test", .wait = policy, .sources = sources};
  cr_assert_eq(pp_pool_init(&g.pool, &config), PPAR_OK);
  g.rounds = (uint32_t)scaled(3000);
  g.w.waiting = pp_waiting_make(&kind, &g.pool, &g);
  cr_assert_eq(pthread_create(&waiter, NULL, wait_for_the_end, &g), 0);
  for (int k = 0; k < 3; k++) {
    if ((kinds >> k & 1) != 0) cr_assert_eq(pthread_create(&threads[k], NULL, posters[k], &g), 0);
  }
  for (int k = 0; k < 3; k++) {
    if ((kinds >> k & 1) != 0) pthread_join(threads[k], NULL);
  }
  pp_store_release(&g.w.over, 1);
  pp_parking_wake(&g.w.parking);
  pthread_join(waiter, NULL);
  cr_expect_eq(g.w.done, (kinds & WORK) != 0 ? g.rounds : 0);
  cr_expect_eq(g.w.helped, (kinds & LOOPS) != 0 ? g.rounds : 0);
  cr_expect_eq(g.w.stolen, (kinds & TASKS) != 0 ? g.rounds : 0);
  cr_expect_eq(pp_load_relaxed(&g.pool.waiter_count), 0);
  cr_expect_eq(pp_load_relaxed(&g.pool.task_marks), 0);
  if (policy == PPAR_WAIT_PASSIVE) cr_expect_gt(pp_load_relaxed(&g.w.sleeps), 0);
  pp_pool_finish(&g.pool);
}

Test(pool_waiting_threads, no_work_is_slept_through) { play(PPAR_WAIT_PASSIVE, WORK); }
Test(pool_waiting_threads, no_nested_loop_is_slept_through) { play(PPAR_WAIT_PASSIVE, LOOPS); }
Test(pool_waiting_threads, no_task_is_slept_through) { play(PPAR_WAIT_PASSIVE, TASKS); }
Test(pool_waiting_threads, nothing_is_where_all_come_at_once) { play(PPAR_WAIT_PASSIVE, WORK | LOOPS | TASKS); }
Test(pool_waiting_threads, nothing_is_missed_by_who_spins) { play(PPAR_WAIT_DEFAULT, WORK | LOOPS | TASKS); }

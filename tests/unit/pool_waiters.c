/* SPDX-License-Identifier: MIT */
/* pool_waiters.c: what waiting threads are woken for: the list of those that have parked, and loops that are begun
 * inside of what one waits for. */
#include "../support/scale.h"
#include "pool_noted.h"

TestSuite(pool_waiters, .timeout = SCALE_TIMEOUT);

static pp_scope scope_inside(const void *outer) {
  static const int inner;
  pp_scope outside, scope;
  pp_scope_enter(&outside, NULL, outer);
  pp_scope_enter(&scope, &outside, &inner);
  return scope;
}

/* As a thread that posts a loop does. */
static void post_inside(const void *outer) {
  pp_scope scope = scope_inside(outer);
  pp_bell_ring_awake(&pool.bell, 0);
  pp_waiters_tell(&pool, &scope);
}

/* --- The list
 * ------------------------------------------------------------------------------------------------------- */

static void count_wake(void *arg) { ++*(uint32_t *)arg; }

/* Registers those of a set, tells them all, and takes them off in another order. */
static void check_set(uint32_t set, uint32_t first_off) {
  enum { MOST = 4 };
  pp_waiter waiters[MOST];
  uint32_t wakes[MOST] = {0}, count = 0;
  for (uint32_t k = 0; k < MOST; k++) {
    if ((set >> k & 1) == 0) continue;
    waiters[k] = (pp_waiter){.ancestor = &ancestor[k % 2], .wake = count_wake, .arg = &wakes[k]};
    cr_assert(pp_waiters_add(&pool, &waiters[k], pp_waiters_listen(&pool)));
    cr_assert_eq(pp_load_relaxed(&pool.waiter_count), ++count);
  }
  for (uint32_t off = 0; off < MOST; off++) {
    uint32_t k = (first_off + off) % MOST;
    pp_scope scope = scope_inside(&ancestor[0]);
    if ((set >> k & 1) == 0) continue;
    memset(wakes, 0, sizeof wakes);
    pp_waiters_tell(&pool, &scope);
    for (uint32_t w = 0; w < MOST; w++) {
      bool registered = (set >> w & 1) != 0 && (w + MOST - first_off) % MOST >= off;
      cr_assert_eq(wakes[w], registered && w % 2 == 0 ? 1 : 0);
    }
    pp_waiters_remove(&pool, &waiters[k]);
    cr_assert_eq(pp_load_relaxed(&pool.waiter_count), --count);
  }
  cr_assert_null(pool.waiters);
}

Test(pool_waiters, any_number_may_register_and_leave_in_any_order) {
  begin_pool();
  for (uint32_t set = 0; set < 16; set++) {
    for (uint32_t first = 0; first < 4; first++) check_set(set, first);
  }
  pp_pool_finish(&pool);
}

static bool is_ancestor(void *arg, const pp_waiter *waiter) { return waiter->ancestor == arg; }

/* Of those that take tasks, and wait for what the task is inside of. */
Test(pool_waiters, a_task_wakes_one_that_may_take_it) {
  enum { MOST = 6 };
  pp_waiter waiters[MOST];
  uint32_t wakes[MOST] = {0};
  void *of = (void *)(uintptr_t)&ancestor[0];
  begin_pool();
  pp_waiters_wake_one(&pool, is_ancestor, of); /* nobody is there */
  for (uint32_t k = 0; k < MOST; k++) {
    waiters[k] = (pp_waiter){.ancestor = &ancestor[k % 2], .wake = count_wake, .arg = &wakes[k], .takes_tasks = k < 4};
    cr_assert(pp_waiters_add(&pool, &waiters[k], pp_waiters_listen(&pool)));
  }
  for (uint32_t round = 1; round <= 3; round++) {
    uint32_t woken = 0, all = round < 2 ? round : 2; /* each once: it looks for all tasks then */
    pp_waiters_wake_one(&pool, is_ancestor, of);
    for (uint32_t k = 0; k < MOST; k++) woken += wakes[k];
    cr_expect_eq(woken, all);
    cr_expect_eq(wakes[0] + wakes[2], all);
  }
  pp_waiters_remove(&pool, &waiters[0]);
  pp_waiters_remove(&pool, &waiters[2]);
  pp_waiters_wake_one(&pool, is_ancestor, of);
  cr_expect_eq(wakes[0] + wakes[2], 2);
  for (uint32_t k = 0; k < MOST; k++) {
    if (k != 0 && k != 2) pp_waiters_remove(&pool, &waiters[k]);
    if (k % 2 != 0) cr_expect_eq(wakes[k], 0);
  }
  cr_expect_eq(wakes[4], 0, "it takes none");
  pp_pool_finish(&pool);
}

Test(pool_waiters, nobody_registers_who_has_not_heard_the_latest_post) {
  uint32_t wakes = 0;
  pp_waiter waiter = {.ancestor = &ancestor[0], .wake = count_wake, .arg = &wakes};
  begin_pool();
  uint32_t heard = pp_waiters_listen(&pool);
  post_inside(&ancestor[1]);
  cr_expect_neq(pp_waiters_listen(&pool), heard);
  cr_expect_not(pp_waiters_add(&pool, &waiter, heard), "whatever it was for");
  cr_expect_eq(pp_load_relaxed(&pool.waiter_count), 0);
  cr_expect_null(pool.waiters);
  cr_expect(pp_waiters_add(&pool, &waiter, pp_waiters_listen(&pool)));
  pp_waiters_remove(&pool, &waiter);
  pp_pool_finish(&pool);
}

/* --- Waits that park
 * -------------------------------------------------------------------------------------------------- */

static void post_while_it_sleeps(noted *w) {
  cr_expect_eq(pp_load_relaxed(&pool.waiter_count), 1, "a sleeper is registered");
  post_inside(&ancestor[1]);
  cr_expect_eq(w->wakes, 0, "what is begun elsewhere is none of its business");
  post_inside(&ancestor[0]);
  cr_expect_eq(w->wakes, 1);
  post_inside(&ancestor[0]);
  cr_expect_eq(w->wakes, 2);
}

Test(pool_waiters, a_sleeper_is_told_of_loops_that_are_begun_inside_of_what_it_waits_for) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofaltspFOmzu");
  w.on_sleep = post_while_it_sleeps;
  expect_calls(&w, "ofaltspFOmzuo");
  post_inside(&ancestor[0]);
  cr_expect_eq(w.wakes, 2, "afterwards it is told of nothing");
  pp_pool_finish(&pool);
}

/* The post came after the latest look for loops, when the thread was not registered. */
Test(pool_waiters, a_loop_that_is_posted_before_the_thread_registers_keeps_it_awake) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofaltspFOuofaltspFO");
  w.on_prepare = ring;
  expect_calls(&w, "ofaltspFOuofaltspFOuo");
  pp_pool_finish(&pool);
}

static void expect_nobody_registered(noted *w) {
  (void)w;
  cr_expect_eq(pp_load_relaxed(&pool.waiter_count), 0);
}

/* An idle worker, for one: the bell wakes it. */
Test(pool_waiters, who_cannot_be_woken_for_such_work_is_not_registered) {
  static pp_wait_kind deaf;
  begin_pool();
  deaf = all_calls;
  deaf.wake = NULL;
  noted w = a_wait(&deaf, &ancestor[0], "ofaltspFOzu");
  w.on_prepare = ring;
  w.on_sleep = expect_nobody_registered;
  expect_calls(&w, "ofaltspFOzuo");
  w = a_wait(&all_calls, NULL, "ofaspFOzu");
  w.on_sleep = expect_nobody_registered;
  expect_calls(&w, "ofaspFOzuo");
  pp_pool_finish(&pool);
}

Test(pool_waiters, a_thread_takes_what_is_begun_inside_and_where_that_goes_on_only_while_it_waits) {
  static pp_wait_kind goes_on;
  pp_scope inside = scope_inside(&ancestor[0]), elsewhere = scope_inside(&ancestor[1]);
  begin_pool();
  goes_on = all_calls;
  goes_on.has_gone_on = has_gone_on;
  noted w = a_wait(&all_calls, &ancestor[0], "");
  cr_expect(pp_waiting_allows(&w.waiting, &inside));
  cr_expect_not(pp_waiting_allows(&w.waiting, &elsewhere));
  cr_expect(calls_are(&w, ""), "the ancestor cannot end before what is inside of it");
  w = a_wait(&goes_on, &ancestor[0], "g");
  cr_expect_not(pp_waiting_allows(&w.waiting, &elsewhere));
  cr_expect(pp_waiting_allows(&w.waiting, &inside));
  cr_expect(calls_are(&w, "g"), "one look");
  cr_expect_not(pp_waiting_allows(&w.waiting, &inside), "the wait is over");
  cr_expect(calls_are(&w, "gg"));
  cr_expect_not(w.waiting.thorough);
  pp_pool_finish(&pool);
}

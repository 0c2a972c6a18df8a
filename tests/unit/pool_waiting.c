/* SPDX-License-Identifier: MIT */
/* pool_waiting.c: the loop in which threads wait, with a kind of wait that notes each of its calls: in which order they
 * come, when a thread parks, and what it looks at before it sleeps. What it is woken for is in pool_waiters.c. */
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../support/scale.h"
#include "platform/cpuset.h"
#include "pool_noted.h"

TestSuite(pool_waiting, .timeout = SCALE_TIMEOUT);

#define LONG_NS UINT64_C(60000000000)

/* --- The order of the calls -------------------------------------------------------------------------------------- */

Test(pool_waiting, what_is_over_is_not_waited_for) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "");
  expect_calls(&w, "o");
  pp_pool_finish(&pool);
}

/* Loops are looked for once: none has been posted since. */
Test(pool_waiting, a_thread_looks_for_work_asks_helps_and_parks_after_a_last_look) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofaltspFOmzu");
  expect_calls(&w, "ofaltspFOmzuo");
  w = a_wait(&all_calls, &ancestor[0], "ofaltspFOmzuofatspFOmzu");
  expect_calls(&w, "ofaltspFOmzuofatspFOmzuo");
  pp_pool_finish(&pool);
}

Test(pool_waiting, a_thread_without_ancestor_helps_with_nothing) {
  noted w = a_wait(&all_calls, NULL, "ofaspFOzu");
  expect_calls(&w, "ofaspFOzuo");
}

Test(pool_waiting, a_kind_need_not_have_all_calls) {
  begin_pool();
  noted w = a_wait(&few_calls, NULL, "opOzopOz");
  expect_calls(&w, "opOzopOzo");
  w = a_wait(&few_calls, &ancestor[0], "olpOzopOz");
  expect_calls(&w, "olpOzopOzo"); /* and no tasks */
  pp_pool_finish(&pool);
}

Test(pool_waiting, what_is_found_is_run_before_anything_else) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofr");
  w.finds = "o";
  expect_calls(&w, "ofro");
  w = a_wait(&all_calls, &ancestor[0], "ofrofaltspFOmzu");
  w.finds = "o";
  expect_calls(&w, "ofrofaltspFOmzuo");
  pp_pool_finish(&pool);
}

Test(pool_waiting, what_is_found_in_the_last_look_is_run_when_the_thread_is_up) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofaltspFur");
  w.finds = "ofaltsp";
  expect_calls(&w, "ofaltspFuro");
  pp_pool_finish(&pool);
}

Test(pool_waiting, an_end_in_the_last_look_is_not_slept_through) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofaltspF");
  expect_calls(&w, "ofaltspFOuo");
  pp_pool_finish(&pool);
}

Test(pool_waiting, a_task_that_is_there_in_the_last_look_is_not_slept_through) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofaltspFOmuofats");
  w.finds = "ofaltspFO";
  expect_calls(&w, "ofaltspFOmuofatspFOuo");
  pp_pool_finish(&pool);
}

Test(pool_waiting, who_finds_as_it_prepares_that_there_is_no_need_does_not_sleep) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofaltsp");
  w.shut = true;
  expect_calls(&w, "ofaltspo");
  pp_pool_finish(&pool);
}

Test(pool_waiting, a_loop_that_was_helped_with_may_not_be_the_only_one) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofalofaltsp");
  w.finds = "ofa"; /* the first look at loops */
  expect_calls(&w, "ofalofaltspFOuo");
  pp_pool_finish(&pool);
}

Test(pool_waiting, a_task_that_was_helped_with_begins_all_anew) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofaltofatsp");
  w.finds = "ofal";
  expect_calls(&w, "ofaltofatspFOuo");
  pp_pool_finish(&pool);
}

Test(pool_waiting, loops_are_looked_for_again_when_one_was_posted) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofaltspFOmzuofaltsp");
  w.on_sleep = ring;
  expect_calls(&w, "ofaltspFOmzuofaltspFOuo");
  pp_pool_finish(&pool);
}

/* Between two looks at the clock that are less than that apart nobody is asked, and nothing else is looked for. */
Test(pool_waiting, others_are_asked_only_every_so_often) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofaltspFOmzuofspFOmzuofsp");
  w.waiting.ask_ticks = UINT64_MAX / 2;
  expect_calls(&w, "ofaltspFOmzuofspFOmzuofspFOuo");
  pp_pool_finish(&pool);
}

/* A registration would fail, however often it is tried: the thread would neither sleep nor look for what was posted. */
Test(pool_waiting, what_was_posted_since_the_latest_look_is_looked_for_before_parking) {
  begin_pool();
  noted w = a_wait(&all_calls, &ancestor[0], "ofaltspFOmzuofltspFOmzuofl");
  w.waiting.ask_ticks = UINT64_MAX / 2;
  w.on_sleep = ring;
  w.finds = "ofaltspFOmzuofltspFOmzuof"; /* the third time there is some */
  expect_calls(&w, "ofaltspFOmzuofltspFOmzuoflo");
  pp_pool_finish(&pool);
}

/* What most waits are. */
Test(pool_waiting, a_short_wait_asks_once_and_helps_with_nothing) {
  begin_pool();
  pp_atomic_u32 crowded;
  noted w = a_wait(&all_calls, &ancestor[0], "ofaofofof");
  pp_store_relaxed(&crowded, 1);
  w.waiting.crowded = &crowded; /* it does not park for having lost its CPU */
  w.waiting.spin_ticks = w.waiting.ask_ticks = pp_ticks_from_ns(LONG_NS);
  expect_calls(&w, "ofaofofofo");
  pp_pool_finish(&pool);
}

/* --- Spinning ------------------------------------------------------------------------------------------------------
 */

static void lose_the_cpu(noted *w) {
  (void)w;
  usleep(300); /* longer than PP_DESCHEDULED_NS */
}

static void expect_a_reason_to_park(noted *w) {
  const pp_spin *spin = &w->waiting.spin;
  cr_expect(spin->descheduled || spin->last - spin->start >= w->waiting.spin_ticks);
  w->over = ""; /* at once */
}

Test(pool_waiting, a_thread_spins_before_it_parks) {
  begin_pool();
  for (uint64_t ns = 0; ns <= 200000; ns = 2 * ns + 100) {
    noted w = a_wait(&few_calls, NULL, "nothing ends it");
    w.waiting.spin_ticks = pp_ticks_from_ns(ns);
    w.on_prepare = expect_a_reason_to_park;
    w.endless = true;
    pp_wait(&w.waiting);
    cr_expect_eq(w.over[0], 0, "it has come to prepare");
  }
  pp_pool_finish(&pool);
}

Test(pool_waiting, who_has_lost_its_cpu_parks_at_once) {
  begin_pool();
  noted w = a_wait(&all_calls, NULL, "ofaspFOzu");
  w.waiting.spin_ticks = pp_ticks_from_ns(LONG_NS);
  w.on_find = lose_the_cpu;
  expect_calls(&w, "ofaspFOzuo");
  pp_pool_finish(&pool);
}

/* It has given it away itself. */
static void expect_a_yield(noted *w) {
  static uint64_t before;
  if (w->count > 2) cr_expect_eq(w->waiting.spin.yielded, before, "at each look");
  before = w->waiting.spin.last;
  lose_the_cpu(w);
}

Test(pool_waiting, where_threads_are_crowded_the_cpu_is_given_away_at_each_look) {
  begin_pool();
  pp_atomic_u32 crowded;
  noted w = a_wait(&all_calls, NULL, "ofaofaofaofaofaofaofaofa");
  pp_store_relaxed(&crowded, 1);
  w.waiting.spin_ticks = pp_ticks_from_ns(LONG_NS);
  w.waiting.crowded = &crowded;
  w.on_find = expect_a_yield;
  expect_calls(&w, "ofaofaofaofaofaofaofaofao"); /* and it does not park: losing the CPU means nothing */
  pp_store_relaxed(&crowded, 0);
  w = a_wait(&all_calls, NULL, "ofaspFOzu");
  w.waiting.spin_ticks = pp_ticks_from_ns(LONG_NS);
  w.waiting.crowded = &crowded;
  w.on_find = lose_the_cpu;
  expect_calls(&w, "ofaspFOzuo");
  pp_pool_finish(&pool);
}

static void spin_no_more(noted *w) { w->waiting.spin_ticks = 0; }

Test(pool_waiting, work_may_say_how_long_to_spin_from_then_on) {
  begin_pool();
  noted w = a_wait(&all_calls, NULL, "ofrofaspFOzu");
  w.waiting.spin_ticks = pp_ticks_from_ns(LONG_NS);
  w.finds = "o";
  w.on_run = spin_no_more;
  expect_calls(&w, "ofrofaspFOzuo");
  pp_pool_finish(&pool);
}

Test(pool_waiting, waits_spin_as_their_pool_does) {
  begin_pool();
  pool.spin_ticks = 12345;
  cr_expect_eq(pp_waiting_make(&all_calls, &pool, NULL).spin_ticks, 12345);
  cr_expect_eq(pp_waiting_make(&all_calls, NULL, NULL).spin_ticks, 0);
  cr_expect_eq(pp_waiting_make(&all_calls, &pool, &ancestor[0]).ask_ticks, pp_ticks_from_ns(PP_ASK_NS));
  pp_pool_finish(&pool);
}

/* --- Offering the CPU ------------------------------------------------------------------------------------------- */

static uint32_t offers;

/* In the C library's place. */
int sched_yield(void) {
  offers++;
  return (int)syscall(SYS_sched_yield);
}

typedef struct timed {
  pp_waiting waiting;
  uint64_t end;
  bool offers; /* the wait goes on until it has offered its CPU, unless that takes a minute */
} timed;

static bool has_passed(pp_waiting *waiting) {
  const timed *t = PP_OWNER_OF(timed, waiting, waiting);
  uint64_t now = pp_clock_ticks();
  return now >= t->end && (offers != 0 || !t->offers || now - t->end > pp_ticks_from_ns(LONG_NS));
}
static bool never_sleeps(pp_waiting *waiting) {
  (void)waiting;
  return false;
}

static const pp_wait_kind timed_kind = {.is_over = has_passed, .prepare = never_sleeps};

/* awaited: the CPU of whom it waits for, and 1; 0: it is not known. */
static uint32_t offers_to(uint32_t awaited, bool expected) {
  pp_atomic_u32 cpu;
  timed t = {.end = pp_clock_ticks() + pp_ticks_from_ns(30 * PP_YIELD_NS)};
  pp_store_relaxed(&cpu, awaited);
  t.waiting = pp_waiting_make(&timed_kind, NULL, NULL);
  t.waiting.spin_ticks = pp_ticks_from_ns(LONG_NS);
  t.waiting.awaited_cpu = &cpu;
  t.offers = expected;
  offers = 0;
  pp_wait(&t.waiting);
  return offers;
}

/* An offer to somebody who runs elsewhere is an offer to strangers alone. */
Test(pool_waiting, a_thread_offers_its_cpu_only_where_whom_it_waits_for_may_want_it) {
  pp_cpuset *all = pp_cpuset_affinity(), *one = pp_cpuset_copy(all);
  int cpu = pp_cpuset_here();
  pp_clock_init();
  cr_assert(all != NULL && one != NULL);
  if (cpu < 0) cr_skip_test("the system does not tell which CPU it is");
  for (int other = pp_cpuset_next(one, -1); other >= 0; other = pp_cpuset_next(one, other)) {
    if (other != cpu) pp_cpuset_remove(one, other);
  }
  cr_assert_eq(pp_cpuset_bind_thread(one), 0);
  cr_expect_gt(offers_to(0, true), 0);
  if (pp_cpuset_mark() != 0) { /* known at little cost */
    cr_expect_gt(offers_to((uint32_t)cpu + 1, true), 0);
#ifndef PP_DELAYS /* which give the CPU away, too */
    cr_expect_eq(offers_to((uint32_t)cpu + 2, false), 0);
#endif
  }
  cr_expect_eq(pp_cpuset_bind_thread(all), 0);
  pp_cpuset_free(one);
  pp_cpuset_free(all);
}

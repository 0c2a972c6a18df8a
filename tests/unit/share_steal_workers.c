/* SPDX-License-Identifier: MIT */
/* share_steal_workers.c: loops that share by range, with real workers: help comes to the slot whose iterations are
 * slow, and whatever happens each iteration is run once.
 *
 * How soon a worker comes depends on the machine's load. So slow iterations last until enough of the others have been
 * run elsewhere: under dynamic, where one that waits for others holds none of them up, as long as that takes; under
 * auto, where a call of the body may have them all, for longer than a worker needs. */
#include <unistd.h>

#include <ppar/ppar.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "platform/atomics.h"
#include "schedule/tuning.h"

TestSuite(share_steal_workers, .timeout = SCALE_TIMEOUT);

/* A thread that loses its CPU may take a body's calls for dear, and auto then makes one of what it has. It finds out in
 * one of PP_DOUBTED_LOOPS. */
enum { ITERATIONS_MOST = 512, SLOW_US = 500, ROUNDS_MOST = PP_DOUBTED_LOOPS + 16 };

/* How long slow iterations wait for help: under dynamic all of a loop's together, under auto each of them. */
enum { STEP_US = 100, PATIENCE_US = 20000000, PATIENCE_OF_AUTO_US = 5000 };

typedef struct help {
  bool is_auto;
  pp_atomic_u32 came, given_up; /* came: iterations run elsewhere */
} help;

static void await_help(help *h, uint32_t wanted) {
  const int patience_us = h->is_auto ? PATIENCE_OF_AUTO_US : PATIENCE_US;
  for (int us = 0; pp_load_relaxed(&h->came) < wanted && pp_load_relaxed(&h->given_up) == 0; us += STEP_US) {
    if (us >= patience_us && h->is_auto) return;
    if (us >= patience_us) pp_store_relaxed(&h->given_up, 1);
    usleep(STEP_US);
  }
}

/* The first half of the loop is the part of slot 0, the caller's. It is slow there from iteration `slow_from` on. */
typedef struct race {
  int64_t half, slow_from;
  _Atomic unsigned char runs[ITERATIONS_MOST];
  help help; /* those of the first half that others run */
  struct findings found;
} race;

static void count_runs(const ppar_chunk *chunk, race *r) {
  for (int64_t i = chunk->begin; i < chunk->end; i++) {
    EXPECT(&r->found, atomic_fetch_add(&r->runs[i], 1) == 0);
    if (i < r->half && chunk->thread != 0) pp_add_relaxed(&r->help.came, 1);
  }
}

static void run_race(const ppar_chunk *chunk, void *arg) {
  race *r = arg;
  if (r == NULL) return;
  for (int64_t i = chunk->begin; i < chunk->end && i < r->half; i++) {
    if (chunk->thread != 0 || i < r->slow_from) continue;
    usleep(SLOW_US);
    if (chunk->end < r->half) await_help(&r->help, 1); /* else there is nothing that others could take */
  }
  count_runs(chunk, r);
}

typedef struct owner {
  ppar_schedule schedule;
  int threads;       /* of the pool; the loop has two slots */
  int64_t slow_from; /* iteration */
  bool was_fast;     /* the body was, in the loop before */
  bool rested;       /* the workers may have gone to sleep */
} owner;

/* Under auto help is nobody's right, but after so many loops some will have come. */
static void expect_help(owner o) {
  const int rounds = o.schedule.kind == PPAR_SCHEDULE_AUTO ? ROUNDS_MOST : 1;
  bool helped = false;
  ppar_options options = {.schedule = o.schedule, .threads = 2};
  ppar_pool *pool = case_pool(o.threads);
  cr_assert_not_null(pool);
  options.pool = pool;
  for (int round = 0; round < rounds && !helped; round++) {
    static race r;
    memset(&r, 0, sizeof r);
    r.half = 32;
    r.help.is_auto = o.schedule.kind == PPAR_SCHEDULE_AUTO;
    r.slow_from = o.slow_from;
    if (o.was_fast) cr_assert_eq(ppar_parallel_for(0, 1000000, run_race, NULL, &options), PPAR_OK);
    if (o.rested) usleep(20000);
    cr_assert_eq(ppar_parallel_for(0, 2 * r.half, run_race, &r, &options), PPAR_OK);
    for (int64_t i = 0; i < 2 * r.half; i++) EXPECT(&r.found, r.runs[i] == 1);
    ASSERT_CLEAN(&r.found, "a slow owner");
    helped = pp_load_relaxed(&r.help.came) != 0;
  }
  cr_expect(helped, "in none of %d loops did anyone help", rounds);
  ppar_pool_destroy(pool);
}

/* Where each call of a body takes as long as much work does (scale_is_slow), auto makes one call of what seemed to take
 * no time, and nobody can help inside of that: so it is for bodies that were fast. */

Test(share_steal_workers, a_slow_owners_range_is_stolen_from) {
  expect_help((owner){.schedule = ppar_dynamic(1), .threads = 2});
  expect_help((owner){.schedule = ppar_auto(), .threads = 2});
}

Test(share_steal_workers, of_more_workers_than_slots_one_helps) {
  expect_help((owner){.schedule = ppar_dynamic(1), .threads = 5});
}

Test(share_steal_workers, an_owner_of_a_body_that_was_fast_is_helped) {
  expect_help((owner){.schedule = ppar_dynamic(1), .threads = 2, .was_fast = true});
  if (!scale_is_slow()) expect_help((owner){.schedule = ppar_auto(), .threads = 2, .was_fast = true});
}

Test(share_steal_workers, sleepers_help_an_owner_of_a_body_that_was_fast) {
  expect_help((owner){.schedule = ppar_dynamic(1), .threads = 2, .was_fast = true, .rested = true});
  if (!scale_is_slow()) expect_help((owner){.schedule = ppar_auto(), .threads = 2, .was_fast = true, .rested = true});
}

Test(share_steal_workers, an_owner_that_turns_slow_within_the_loop_is_helped) {
  expect_help((owner){.schedule = ppar_dynamic(1), .threads = 2, .slow_from = 2, .was_fast = true});
  if (!scale_is_slow()) expect_help((owner){.schedule = ppar_auto(), .threads = 2, .slow_from = 2, .was_fast = true});
}

Test(share_steal_workers, sleepers_help_an_owner_that_turns_slow_within_the_loop) {
  expect_help((owner){.schedule = ppar_dynamic(1), .threads = 2, .slow_from = 2, .was_fast = true, .rested = true});
  if (!scale_is_slow())
    expect_help((owner){.schedule = ppar_auto(), .threads = 2, .slow_from = 2, .was_fast = true, .rested = true});
}

/* A loop whose last iterations are slow, all in the part of the last slot. One that has run half of them waits until
 * the others have run a tenth. */
enum { TAIL_LOOP = 800, TAIL = 60, SLOTS_MOST = 8 };

typedef struct tail {
  pp_atomic_u32 by[SLOTS_MOST]; /* slow iterations by slot */
  help help[SLOTS_MOST];        /* those that others than this slot run */
} tail;

static void run_tail(const ppar_chunk *chunk, void *arg) {
  tail *t = arg;
  for (int64_t i = chunk->begin; i < chunk->end; i++) {
    if (i < TAIL_LOOP - TAIL) continue;
    usleep(SLOW_US);
    if (chunk->end < TAIL_LOOP && pp_load_relaxed(&t->by[chunk->thread]) >= TAIL / 2)
      await_help(&t->help[chunk->thread], TAIL / 10);
    pp_add_relaxed(&t->by[chunk->thread], 1);
    for (int s = 0; s < SLOTS_MOST; s++) {
      if (s != chunk->thread) pp_add_relaxed(&t->help[s].came, 1);
    }
  }
}

/* No slot has nearly all of the tail: under auto, in at least one of some loops. */
static void expect_shared_tail(ppar_schedule schedule, int threads) {
  const bool is_auto = schedule.kind == PPAR_SCHEDULE_AUTO;
  uint32_t least = TAIL;
  ppar_pool *pool = case_pool(threads);
  cr_assert_not_null(pool);
  for (int round = 0; round < (is_auto ? ROUNDS_MOST : 1) && least > TAIL * 9 / 10; round++) {
    tail t = {.by = {0}};
    uint32_t most = 0, all = 0;
    ppar_options options = {.schedule = schedule, .pool = pool};
    for (int k = 0; k < SLOTS_MOST; k++) t.help[k].is_auto = is_auto;
    cr_assert_eq(ppar_parallel_for(0, TAIL_LOOP, run_tail, &t, &options), PPAR_OK);
    for (int k = 0; k < threads; k++) {
      const uint32_t ran = pp_load_relaxed(&t.by[k]);
      all += ran;
      if (ran > most) most = ran;
    }
    cr_assert_eq(all, TAIL);
    if (most < least) least = most;
  }
  cr_expect_leq(least, TAIL * 9 / 10, "one of %d slots ran %u of %d slow iterations", threads, least, TAIL);
  ppar_pool_destroy(pool);
}

Test(share_steal_workers, a_slow_end_of_a_fast_loop_of_chunks_is_shared) {
  expect_shared_tail(ppar_dynamic(1), 2);
  expect_shared_tail(ppar_dynamic(1), 6);
}

Test(share_steal_workers, a_slow_end_of_a_fast_loop_of_any_pieces_is_shared) {
  if (scale_is_slow()) cr_skip_test("calls take as long as iterations here");
  expect_shared_tail(ppar_auto(), 2);
  expect_shared_tail(ppar_auto(), 6);
}

/* Iterations of all lengths, so that everything above happens, at any moment. */
static void run_uneven(const ppar_chunk *chunk, void *arg) {
  race *r = arg;
  for (int64_t i = chunk->begin; i < chunk->end; i++) {
    EXPECT(&r->found, atomic_fetch_add(&r->runs[i], 1) == 0);
    if (i % 37 == 0) usleep(50);
  }
}

Test(share_steal_workers, uneven_iterations_are_run_once_each) {
  static const ppar_schedule_kind kinds[] = {PPAR_SCHEDULE_DYNAMIC, PPAR_SCHEDULE_AUTO};
  ppar_pool *pool = case_pool(4);
  cr_assert_not_null(pool);
  for (uint64_t round = scaled(100); round != 0; round--) {
    static race r;
    int threads = 2 + (int)(round % 19);
    int64_t n = ITERATIONS_MOST - (int64_t)round;
    ppar_options options = {.schedule = {kinds[round % 2], PPAR_ORDER_DEFAULT, 0}, .threads = threads, .pool = pool};
    memset(&r, 0, sizeof r);
    cr_assert_eq(ppar_parallel_for(0, n, run_uneven, &r, &options), PPAR_OK);
    for (int64_t i = 0; i < n; i++) EXPECT(&r.found, r.runs[i] == 1);
    ASSERT_CLEAN(&r.found, "uneven iterations");
  }
  ppar_pool_destroy(pool);
}

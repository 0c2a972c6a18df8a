/* SPDX-License-Identifier: MIT */
/* share_steal_workers.c: loops that share by range, with real workers: help comes to the slot whose iterations are
 * slow, and whatever happens each iteration is run once. */
#include <unistd.h>

#include <ppar/ppar.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "platform/atomics.h"

TestSuite(share_steal_workers, .timeout = SCALE_TIMEOUT);

enum { ITERATIONS_MOST = 512, SLOW_US = 500, ROUNDS_MOST = 25 };

/* The first half of the loop is the part of slot 0, the caller's. It is slow there from iteration `slow_from` on. */
typedef struct race {
  int64_t half, slow_from;
  _Atomic unsigned char runs[ITERATIONS_MOST];
  pp_atomic_u32 helped; /* iterations of the first half that others ran */
  struct findings found;
} race;

static void count_runs(const ppar_chunk *chunk, race *r) {
  for (int64_t i = chunk->begin; i < chunk->end; i++) {
    EXPECT(&r->found, atomic_fetch_add(&r->runs[i], 1) == 0);
    if (i < r->half && chunk->thread != 0) pp_add_relaxed(&r->helped, 1);
  }
}

static void run_race(const ppar_chunk *chunk, void *arg) {
  race *r = arg;
  if (r == NULL) return;
  for (int64_t i = chunk->begin; i < chunk->end && i < r->half; i++) {
    if (chunk->thread == 0 && i >= r->slow_from) usleep(SLOW_US);
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

/* Help is nobody's right, on a busy machine least of all, but after so many loops some will have come. */
static void expect_help(owner o) {
  bool helped = false;
  ppar_options options = {.schedule = o.schedule, .threads = 2};
  ppar_pool *pool = case_pool(o.threads);
  cr_assert_not_null(pool);
  options.pool = pool;
  for (int round = 0; round < ROUNDS_MOST && !helped; round++) {
    static race r;
    memset(&r, 0, sizeof r);
    r.half = 32;
    r.slow_from = o.slow_from;
    if (o.was_fast) cr_assert_eq(ppar_parallel_for(0, 1000000, run_race, NULL, &options), PPAR_OK);
    if (o.rested) usleep(20000);
    cr_assert_eq(ppar_parallel_for(0, 2 * r.half, run_race, &r, &options), PPAR_OK);
    for (int64_t i = 0; i < 2 * r.half; i++) EXPECT(&r.found, r.runs[i] == 1);
    ASSERT_CLEAN(&r.found, "a slow owner");
    helped = pp_load_relaxed(&r.helped) != 0;
  }
  cr_expect(helped, "in none of %d loops did anyone help", ROUNDS_MOST);
  ppar_pool_destroy(pool);
}

/* Where each call of a body takes as long as much work does, auto makes one call of what seemed to take no time, and
 * nobody can help inside of that: under checkers and emulators that is so for bodies that were fast. */
static bool calls_are_slow(void) { return scale_is_emulated(); }

Test(share_steal_workers, a_slow_owners_range_is_stolen_from) {
  expect_help((owner){.schedule = ppar_dynamic(1), .threads = 2});
  expect_help((owner){.schedule = ppar_auto(), .threads = 2});
}

Test(share_steal_workers, of_more_workers_than_slots_one_helps) {
  expect_help((owner){.schedule = ppar_dynamic(1), .threads = 5});
}

Test(share_steal_workers, an_owner_of_a_body_that_was_fast_is_helped) {
  expect_help((owner){.schedule = ppar_dynamic(1), .threads = 2, .was_fast = true});
  if (!calls_are_slow()) expect_help((owner){.schedule = ppar_auto(), .threads = 2, .was_fast = true});
}

Test(share_steal_workers, sleepers_help_an_owner_of_a_body_that_was_fast) {
  expect_help((owner){.schedule = ppar_dynamic(1), .threads = 2, .was_fast = true, .rested = true});
  if (!calls_are_slow()) expect_help((owner){.schedule = ppar_auto(), .threads = 2, .was_fast = true, .rested = true});
}

Test(share_steal_workers, an_owner_that_turns_slow_within_the_loop_is_helped) {
  expect_help((owner){.schedule = ppar_dynamic(1), .threads = 2, .slow_from = 2, .was_fast = true});
  if (!calls_are_slow()) expect_help((owner){.schedule = ppar_auto(), .threads = 2, .slow_from = 2, .was_fast = true});
}

Test(share_steal_workers, sleepers_help_an_owner_that_turns_slow_within_the_loop) {
  expect_help((owner){.schedule = ppar_dynamic(1), .threads = 2, .slow_from = 2, .was_fast = true, .rested = true});
  if (!calls_are_slow())
    expect_help((owner){.schedule = ppar_auto(), .threads = 2, .slow_from = 2, .was_fast = true, .rested = true});
}

/* A loop whose last iterations are slow, all in the part of the last slot. */
enum { TAIL_LOOP = 800, TAIL = 60 };

static void run_tail(const ppar_chunk *chunk, void *arg) {
  pp_atomic_u32 *by = arg; /* slow iterations by slot */
  for (int64_t i = chunk->begin; i < chunk->end; i++) {
    if (i < TAIL_LOOP - TAIL) continue;
    usleep(SLOW_US);
    pp_add_relaxed(&by[chunk->thread], 1);
  }
}

/* In at least one of some loops no slot has nearly all of the tail. */
static void expect_shared_tail(ppar_schedule schedule, int threads) {
  uint32_t least = TAIL;
  ppar_pool *pool = case_pool(threads);
  cr_assert_not_null(pool);
  for (int round = 0; round < ROUNDS_MOST && least > TAIL * 9 / 10; round++) {
    pp_atomic_u32 by[8] = {0};
    uint32_t most = 0, all = 0;
    ppar_options options = {.schedule = schedule, .pool = pool};
    cr_assert_eq(ppar_parallel_for(0, TAIL_LOOP, run_tail, by, &options), PPAR_OK);
    for (int t = 0; t < threads; t++) {
      all += by[t];
      if (by[t] > most) most = by[t];
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
  if (calls_are_slow()) cr_skip_test("calls take as long as iterations here");
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

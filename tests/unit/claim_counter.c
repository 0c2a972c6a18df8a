/* SPDX-License-Identifier: MIT */
/* claim_counter.c: the shared counter: its claims are the serial loop's chunks, whoever makes them. */
#include "claim/counter.h"

#include <pthread.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(claim_counter, .timeout = SCALE_TIMEOUT);

Test(claim_counter, an_empty_loop_gives_nothing) {
  pp_counter counter = {0};
  uint64_t first = 99;
  cr_expect_eq(pp_counter_take(&counter, 0, 1, &first), 0);
  cr_expect_eq(pp_counter_take_guided(&counter, 0, 4, 1, &first), 0);
  cr_expect_eq(first, 99);
}

Test(claim_counter, chunks_follow_each_other_and_the_last_may_be_smaller) {
  for (uint64_t count = 1; count <= 60; count++) {
    for (uint64_t chunk = 1; chunk <= 65; chunk++) {
      pp_counter counter = {0};
      uint64_t next = 0, first = 0;
      while (next < count) {
        cr_assert(pp_load_relaxed(&counter.next) < count);
        cr_assert_eq(pp_counter_take(&counter, count, chunk, &first), chunk < count - next ? chunk : count - next);
        cr_assert_eq(first, next);
        next += chunk < count - next ? chunk : count - next;
      }
      for (int again = 0; again < 3; again++) cr_assert_eq(pp_counter_take(&counter, count, chunk, &first), 0);
      cr_assert(pp_load_relaxed(&counter.next) >= count);
    }
  }
}

Test(claim_counter, guided_claims_are_the_serial_loops_chunks) {
  for (uint64_t count = 1; count <= 200; count += 3) {
    for (uint64_t slots = 1; slots <= 9; slots++) {
      for (uint64_t chunk = 1; chunk <= 20; chunk++) {
        pp_counter counter = {0};
        uint64_t next = 0, first = 0;
        while (next < count) {
          uint64_t expected = pp_guided_chunk(count - next, slots, chunk);
          cr_assert_eq(pp_counter_take_guided(&counter, count, slots, chunk, &first), expected);
          cr_assert_eq(first, next);
          next += expected;
        }
        cr_assert_eq(next, count);
        cr_assert_eq(pp_counter_take_guided(&counter, count, slots, chunk, &first), 0);
        cr_assert(pp_load_relaxed(&counter.next) >= count);
      }
    }
  }
}

Test(claim_counter, the_longest_loop_ends_without_wrapping) {
  const uint64_t most = UINT64_MAX, half = (uint64_t)1 << 63;
  uint64_t first = 0;
  pp_counter counter = {0};
  cr_expect_eq(pp_counter_take(&counter, most, half, &first), half);
  cr_expect_eq(pp_counter_take(&counter, most, half, &first), half - 1);
  cr_expect_eq(first, half);
  for (int again = 0; again < 3; again++) cr_expect_eq(pp_counter_take(&counter, most, half, &first), 0);
  counter = (pp_counter){most - 1};
  cr_expect_eq(pp_counter_take(&counter, most, most, &first), 1);
  cr_expect_eq(first, most - 1);
  counter = (pp_counter){most - 3};
  cr_expect_eq(pp_counter_take_guided(&counter, most, 2, 1, &first), 2);
  cr_expect_eq(pp_counter_take_guided(&counter, most, 2, most, &first), 1);
  cr_expect(pp_load_relaxed(&counter.next) >= most);
}

/* Small chunks are added, which may carry the counter past the end: by far less than would wrap it. */
Test(claim_counter, claims_behind_the_end_give_nothing_however_many_they_are) {
  for (uint32_t count_bits = 60; count_bits <= 64; count_bits++) {
    for (uint32_t chunk_bits = 18; chunk_bits <= 22; chunk_bits++) {
      uint64_t count = count_bits == 64 ? UINT64_MAX : (uint64_t)1 << count_bits;
      uint64_t chunk = (uint64_t)1 << chunk_bits, first = 0;
      pp_counter counter = {count - 3};
      cr_expect_not(pp_counter_is_used_up(&counter, count));
      cr_expect_eq(pp_counter_take(&counter, count, chunk, &first), 3);
      cr_expect_eq(first, count - 3);
      for (int again = 0; again < 1000; again++) cr_expect_eq(pp_counter_take(&counter, count, chunk, &first), 0);
      cr_expect_eq(pp_counter_take(&counter, count, UINT64_MAX, &first), 0);
      cr_expect(pp_counter_is_used_up(&counter, count));
      cr_expect_eq(first, count - 3);
    }
  }
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { MEMBERS_MOST = 6, ITERATIONS = 5000 };

typedef struct game {
  pp_counter counter;
  uint64_t slots, chunk; /* slots: 0: not guided */
  struct findings found;
  uint64_t taken[ITERATIONS]; /* by the claim that starts there; not atomic: one claim for each */
} game;

static void *play(void *arg) {
  game *g = arg;
  uint64_t past = 0, first = 0;
  for (;;) {
    uint64_t taken = g->slots != 0 ? pp_counter_take_guided(&g->counter, ITERATIONS, g->slots, g->chunk, &first)
                                   : pp_counter_take(&g->counter, ITERATIONS, g->chunk, &first);
    if (taken == 0) break;
    EXPECT(&g->found, first >= past); /* a member's claims rise */
    EXPECT(&g->found, first < ITERATIONS && taken <= ITERATIONS - first && g->taken[first] == 0);
    g->taken[first] = taken;
    past = first + taken;
  }
  EXPECT(&g->found, pp_load_relaxed(&g->counter.next) >= ITERATIONS);
  return NULL;
}

static void play_round(uint32_t members, uint64_t slots, uint64_t chunk) {
  static game g;
  pthread_t threads[MEMBERS_MOST];
  g = (game){.slots = slots, .chunk = chunk};
  for (uint32_t m = 0; m < members; m++) cr_assert_eq(pthread_create(&threads[m], NULL, play, &g), 0);
  for (uint32_t m = 0; m < members; m++) pthread_join(threads[m], NULL);
  for (uint64_t next = 0; next < ITERATIONS;) {
    uint64_t left = ITERATIONS - next, expected = slots != 0 ? pp_guided_chunk(left, slots, chunk) : chunk;
    EXPECT(&g.found, g.taken[next] == (expected < left ? expected : left));
    for (uint64_t k = 1; k < expected && k < left; k++) EXPECT(&g.found, g.taken[next + k] == 0);
    next += expected;
  }
  ASSERT_CLEAN(&g.found, "a round of claims");
}

Test(claim_counter, members_claim_the_serial_loops_chunks_once_and_rising) {
  uint64_t random = 5;
  for (uint64_t round = scaled(600); round != 0; round--) {
    uint64_t r = work_random(&random);
    uint32_t members = 2 + (uint32_t)r % (MEMBERS_MOST - 1);
    play_round(members, (r >> 8 & 1) != 0 ? 1 + (r >> 9) % 64 : 0, 1 + (r >> 16) % 5);
  }
}

/* SPDX-License-Identifier: MIT */
/* claim_cancel.c: of several failures the lowest counts, with its status, whoever fails when. */
#include "claim/cancel.h"

#include <pthread.h>

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(claim_cancel, .timeout = SCALE_TIMEOUT);

static bool is(pp_cancel *cancel, uint64_t lowest, int status) {
  return pp_load_relaxed(&cancel->lowest) == lowest && cancel->status == status && pp_load_relaxed(&cancel->lock) == 0;
}

Test(claim_cancel, without_a_failure_nothing_is_skipped) {
  static const uint64_t places[] = {0, 1, 12345, UINT64_MAX - 2, UINT64_MAX - 1};
  pp_cancel cancel = {0};
  pp_cancel_reset(&cancel);
  cr_expect(is(&cancel, PP_CANCEL_NONE, 0));
  for (int i = 0; i < 5; i++) {
    cr_expect_not(pp_cancel_skips(&cancel, places[i]));
    cr_expect_not(pp_cancel_reaches(&cancel, places[i]));
  }
}

Test(claim_cancel, chunks_after_the_failed_one_are_skipped_and_those_before_are_not) {
  static const uint64_t places[] = {0, 1, 1000, UINT64_MAX - 1};
  for (int i = 0; i < 4; i++) {
    pp_cancel cancel = {0};
    pp_cancel_reset(&cancel);
    pp_cancel_lower(&cancel, places[i], 3);
    for (int j = 0; j < 4; j++) {
      cr_expect_eq(pp_cancel_skips(&cancel, places[j]), j > i);
      cr_expect_eq(pp_cancel_reaches(&cancel, places[j]), j >= i);
    }
  }
}

Test(claim_cancel, only_a_lower_failure_changes_the_status) {
  pp_cancel cancel = {0};
  pp_cancel_reset(&cancel);
  pp_cancel_lower(&cancel, 50, 1);
  cr_expect(is(&cancel, 50, 1));
  pp_cancel_lower(&cancel, 70, 2);
  cr_expect(is(&cancel, 50, 1));
  pp_cancel_lower(&cancel, 50, 3);
  cr_expect(is(&cancel, 50, 1), "the first failure of a chunk counts");
  pp_cancel_lower(&cancel, 49, -4);
  cr_expect(is(&cancel, 49, -4));
  pp_cancel_lower(&cancel, 0, 5);
  cr_expect(is(&cancel, 0, 5));
  pp_cancel_lower(&cancel, 0, 6);
  cr_expect(is(&cancel, 0, 5));
}

Test(claim_cancel, the_last_possible_chunk_can_fail) {
  pp_cancel cancel = {0};
  pp_cancel_reset(&cancel);
  pp_cancel_lower(&cancel, UINT64_MAX - 1, 9);
  cr_expect(is(&cancel, UINT64_MAX - 1, 9));
}

Test(claim_cancel, the_next_loop_knows_nothing_of_it) {
  pp_cancel cancel = {0};
  pp_cancel_reset(&cancel);
  pp_cancel_lower(&cancel, 0, 5);
  pp_cancel_reset(&cancel);
  cr_expect(is(&cancel, PP_CANCEL_NONE, 0));
  cr_expect_not(pp_cancel_skips(&cancel, UINT64_MAX - 1));
  pp_cancel_lower(&cancel, 7, 8);
  cr_expect(is(&cancel, 7, 8));
}

/* --- Several threads -------------------------------------------------------------------------------------- */

enum { MEMBERS = 4, FAILURES = 1000 };

typedef struct game {
  pp_cancel cancel;
  pthread_barrier_t barrier;
  uint64_t rounds;
  struct findings found;
} game;

typedef struct member {
  game *g;
  uint64_t random;
  uint64_t lowest; /* of its own failures in this round */
  pthread_t thread;
} member;

/* The status that goes with a place, so that a mixture of two failures shows. */
static int status_of(uint64_t first) { return (int)(work_hash((int64_t)first) & 0x7fffffff); }

/* Places that mostly fall, so that nearly every failure is the lowest so far. */
static void fail(member *m) {
  game *g = m->g;
  uint64_t seen = PP_CANCEL_NONE;
  m->lowest = PP_CANCEL_NONE;
  for (uint64_t k = FAILURES; k != 0; k--) {
    uint64_t first = k * 100 + work_random(&m->random) % 300, now;
    pp_cancel_lower(&g->cancel, first, status_of(first));
    if (first < m->lowest) m->lowest = first;
    now = pp_load_acquire(&g->cancel.lowest);
    EXPECT(&g->found, now <= seen && now <= m->lowest); /* it only falls */
    EXPECT(&g->found, pp_cancel_reaches(&g->cancel, first) && pp_cancel_skips(&g->cancel, first + 1));
    seen = now;
  }
}

static void *fail_rounds(void *arg) {
  member *m = arg;
  for (uint64_t round = 0; round < m->g->rounds; round++) {
    (void)pthread_barrier_wait(&m->g->barrier); /* the cancel state has been reset */
    fail(m);
    (void)pthread_barrier_wait(&m->g->barrier);
  }
  return NULL;
}

Test(claim_cancel, the_lowest_of_many_threads_failures_remains_with_its_status) {
  static game g;
  member members[MEMBERS];
  g.rounds = scaled(1500);
  (void)pthread_barrier_init(&g.barrier, NULL, MEMBERS + 1);
  for (uint64_t i = 0; i < MEMBERS; i++) {
    members[i] = (member){.g = &g, .random = i};
    cr_assert_eq(pthread_create(&members[i].thread, NULL, fail_rounds, &members[i]), 0);
  }
  for (uint64_t round = 0; round < g.rounds; round++) {
    uint64_t lowest = PP_CANCEL_NONE;
    pp_cancel_reset(&g.cancel);
    (void)pthread_barrier_wait(&g.barrier);
    (void)pthread_barrier_wait(&g.barrier);
    for (int i = 0; i < MEMBERS; i++) lowest = members[i].lowest < lowest ? members[i].lowest : lowest;
    EXPECT(&g.found, is(&g.cancel, lowest, status_of(lowest)));
  }
  for (int i = 0; i < MEMBERS; i++) pthread_join(members[i].thread, NULL);
  (void)pthread_barrier_destroy(&g.barrier);
  ASSERT_CLEAN(&g.found, "concurrent failures");
}

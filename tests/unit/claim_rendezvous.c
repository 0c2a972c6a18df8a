/* SPDX-License-Identifier: MIT */
/* Two that want to begin at the same time: the steps of each, and what becomes of them when the other one gives up. */
#include <criterion/criterion.h>
#include <pthread.h>

#include "claim/rendezvous.h"

Test(claim_rendezvous, two_meet_by_a_call_and_an_answer) {
  pp_rendezvous r;
  uint32_t first = 0, second = 0;
  pp_rendezvous_reset(&r);
  cr_assert_eq(pp_rendezvous_come(&r, &first), PP_RENDEZVOUS_FIRST);
  cr_assert(!pp_rendezvous_call(&r, first));
  cr_assert_eq(pp_rendezvous_come(&r, &second), PP_RENDEZVOUS_SECOND);
  cr_assert(!pp_rendezvous_answer(&r, second, 5));
  cr_assert(pp_rendezvous_call(&r, first));
  cr_assert(!pp_rendezvous_is_answered(&r, first));
  cr_assert(pp_rendezvous_answer(&r, second, 7));
  cr_assert(pp_rendezvous_is_answered(&r, first));
  cr_assert(!pp_rendezvous_call_off(&r, first));
  cr_assert_eq(pp_rendezvous_start(&r), 7);
  cr_assert_eq(pp_rendezvous_come(&r, &first), PP_RENDEZVOUS_FIRST, "the next pair");
}

Test(claim_rendezvous, either_may_give_up_and_the_other_one_meets_the_next) {
  pp_rendezvous r;
  uint32_t first = 0, second = 0, third = 0;
  pp_rendezvous_reset(&r);
  cr_assert_eq(pp_rendezvous_come(&r, &first), PP_RENDEZVOUS_FIRST);
  cr_assert(pp_rendezvous_give_up(&r, first));
  cr_assert_eq(pp_rendezvous_come(&r, &first), PP_RENDEZVOUS_FIRST);
  cr_assert_eq(pp_rendezvous_come(&r, &second), PP_RENDEZVOUS_SECOND);
  cr_assert(!pp_rendezvous_give_up(&r, first), "somebody waits for it");
  cr_assert_eq(pp_rendezvous_come(&r, &third), PP_RENDEZVOUS_NONE);
  cr_assert(pp_rendezvous_call(&r, first));
  cr_assert(!pp_rendezvous_give_up(&r, second), "it is called");
  cr_assert(pp_rendezvous_call_off(&r, first));
  cr_assert(!pp_rendezvous_answer(&r, second, 9));
  cr_assert(pp_rendezvous_give_up(&r, second));
  cr_assert_eq(pp_rendezvous_come(&r, &third), PP_RENDEZVOUS_SECOND);
  cr_assert(pp_rendezvous_call(&r, first));
  cr_assert(pp_rendezvous_answer(&r, third, 11));
  cr_assert(pp_rendezvous_is_answered(&r, first));
}

Test(claim_rendezvous, comers_are_counted_up_to_a_limit) {
  pp_rendezvous r;
  uint32_t before;
  pp_rendezvous_reset(&r);
  for (uint32_t k = 0; k < 3; k++) cr_assert(pp_rendezvous_counts(&r, 3, &before) && before == k);
  cr_assert(!pp_rendezvous_counts(&r, 3, &before));
  cr_assert_eq(before, 3);
  cr_assert_eq(pp_rendezvous_comers(&r), 3);
}

Test(claim_rendezvous, who_is_on_the_others_cpu_is_told) {
  pp_rendezvous r;
  pp_rendezvous_reset(&r);
  cr_assert(!pp_rendezvous_is_at(&r, PP_RENDEZVOUS_FIRST, 3));
  cr_assert(!pp_rendezvous_is_at(&r, PP_RENDEZVOUS_SECOND, 2));
  cr_assert(pp_rendezvous_is_at(&r, PP_RENDEZVOUS_SECOND, 3));
  cr_assert(!pp_rendezvous_is_at(&r, PP_RENDEZVOUS_SECOND, -1));
  cr_assert(!pp_rendezvous_is_at(&r, PP_RENDEZVOUS_FIRST, -1), "where the system does not tell");
}

/* Threads that come again and again: who has met has met one other thread, so their number is even. */
enum { THREADS = 4, ROUNDS = 2000 };
static pp_rendezvous shared;
static pp_atomic_u64 met;

/* The first of two, which has called. */
static bool is_answered(uint32_t word) {
  for (int waits = 0; !pp_rendezvous_is_answered(&shared, word); waits++) {
    if (waits > 100 && pp_rendezvous_call_off(&shared, word)) return false;
    pp_pause();
  }
  return true;
}

static bool meets(void) {
  uint32_t word = 0;
  pp_rendezvous_role role = pp_rendezvous_come(&shared, &word);
  for (int tries = 0; role != PP_RENDEZVOUS_NONE; tries++) {
    if (role == PP_RENDEZVOUS_FIRST && pp_rendezvous_call(&shared, word) && is_answered(word)) return true;
    if (role == PP_RENDEZVOUS_SECOND && pp_rendezvous_answer(&shared, word, 1)) return true;
    if (tries > 200 && pp_rendezvous_give_up(&shared, word)) return false;
    pp_pause();
  }
  return false;
}

static void *come_often(void *arg) {
  for (int k = 0; k < ROUNDS; k++) (void)pp_add_relaxed(&met, meets());
  return arg;
}

Test(claim_rendezvous, nobody_meets_alone, .timeout = 60) {
  pthread_t threads[THREADS];
  pp_rendezvous_reset(&shared);
  for (int t = 0; t < THREADS; t++) cr_assert_eq(pthread_create(&threads[t], NULL, come_often, NULL), 0);
  for (int t = 0; t < THREADS; t++) pthread_join(threads[t], NULL);
  cr_assert_eq(pp_load_relaxed(&met) % 2, 0);
  cr_assert_eq(pp_load_relaxed(&met) / 2, pp_load_relaxed(&shared.word) / 4);
  cr_assert_eq(pp_load_relaxed(&shared.word) & PP_RENDEZVOUS_STATE, 0, "nobody is left behind");
}

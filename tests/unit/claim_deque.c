/* SPDX-License-Identifier: MIT */
/* claim_deque.c: a deque on one thread: the owner's end is last-in first-out, the thieves' first-in first-out, whatever
 * its length and however it grew. */
#include "claim/deque.h"

#include "../support/findings.h"
#include "../support/scale.h"
#include "../support/work.h"

TestSuite(claim_deque, .timeout = SCALE_TIMEOUT);

/* Every word says which entry it is of. */
static pp_entry entry_of(uint64_t number) {
  pp_entry entry;
  for (uint32_t w = 0; w < PP_ENTRY_WORDS; w++) entry.word[w] = number * PP_ENTRY_WORDS + w;
  return entry;
}

static bool is_entry(const pp_entry *entry, uint64_t number) {
  for (uint32_t w = 0; w < PP_ENTRY_WORDS; w++) {
    if (entry->word[w] != number * PP_ENTRY_WORDS + w) return false;
  }
  return true;
}

static pp_push push(pp_deque *deque, uint64_t number) {
  pp_entry entry = entry_of(number);
  return pp_deque_push(deque, &entry, PP_ENTRY_WORDS);
}

static bool pops(pp_deque *deque, uint64_t number) {
  pp_entry entry;
  return pp_deque_pop(deque, &entry) && is_entry(&entry, number);
}

static bool steals(pp_deque *deque, uint64_t number) {
  pp_entry entry;
  uint64_t top;
  return pp_deque_look(deque, &top) && pp_deque_steal(deque, top, &entry) && is_entry(&entry, number);
}

Test(claim_deque, an_empty_one_gives_nothing) {
  pp_deque deque;
  pp_entry entry;
  uint64_t top;
  cr_assert(pp_deque_init(&deque, PP_DEQUE_FIRST_SIZE));
  for (int round = 0; round < 5; round++) {
    cr_expect_not(pp_deque_pop(&deque, &entry));
    cr_expect_not(pp_deque_look(&deque, &top));
    cr_expect_eq(push(&deque, 7), PP_PUSH_OLDEST);
    cr_expect(round % 2 == 0 ? pops(&deque, 7) : steals(&deque, 7));
  }
  pp_deque_free(&deque);
}

Test(claim_deque, a_push_says_whether_it_is_the_oldest) {
  pp_deque deque;
  cr_assert(pp_deque_init(&deque, PP_DEQUE_FIRST_SIZE));
  cr_expect_eq(push(&deque, 1), PP_PUSH_OLDEST);
  cr_expect_eq(push(&deque, 2), PP_PUSH_ABOVE);
  cr_expect(steals(&deque, 1));
  cr_expect_eq(push(&deque, 3), PP_PUSH_ABOVE);
  cr_expect(steals(&deque, 2));
  cr_expect(pops(&deque, 3));
  cr_expect_eq(push(&deque, 4), PP_PUSH_OLDEST);
  pp_deque_free(&deque);
}

Test(claim_deque, a_look_that_is_out_of_date_steals_nothing) {
  pp_deque deque;
  pp_entry entry;
  uint64_t top;
  cr_assert(pp_deque_init(&deque, PP_DEQUE_FIRST_SIZE));
  push(&deque, 1);
  push(&deque, 2);
  cr_assert(pp_deque_look(&deque, &top));
  cr_expect(steals(&deque, 1));
  cr_expect_not(pp_deque_steal(&deque, top, &entry));
  cr_assert(pp_deque_look(&deque, &top));
  cr_expect(pops(&deque, 2));
  push(&deque, 3);
  cr_expect_not(pp_deque_steal(&deque, top, &entry), "an index is never used again once it was at the top");
  cr_expect(pops(&deque, 3));
  pp_deque_free(&deque);
}

Test(claim_deque, any_mix_agrees_with_a_plain_list) {
  enum { MOST = 20000 };
  static uint64_t list[MOST];
  for (uint64_t seed = 0; seed < scaled(60); seed++) {
    uint64_t random = seed, first = 0, past = 0, bias = 4 + seed % 4;
    pp_deque deque;
    pp_entry entry;
    uint64_t top;
    cr_assert(pp_deque_init(&deque, PP_DEQUE_FIRST_SIZE));
    for (uint64_t step = 0; step < MOST; step++) {
      uint64_t r = work_random(&random);
      if (r % 10 < bias) {
        cr_assert_eq(push(&deque, step), past == first ? PP_PUSH_OLDEST : PP_PUSH_ABOVE);
        list[past++] = step;
      } else if (r % 10 < 8) {
        if (past == first) {
          cr_assert_not(pp_deque_pop(&deque, &entry));
        } else {
          cr_assert(pops(&deque, list[--past]));
        }
      } else if (past == first) {
        cr_assert_not(pp_deque_look(&deque, &top));
      } else {
        cr_assert(steals(&deque, list[first++]));
      }
    }
    pp_deque_free(&deque);
  }
}

/* In a forked child: the owner was making it larger, and the ring is not what the pointer to it says. */
Test(claim_deque, a_deque_without_its_owner_is_empty_and_has_its_first_ring) {
  static pp_ring torn = {.size = 0, .smaller = &torn};
  pp_deque deque;
  cr_assert(pp_deque_init(&deque, PP_DEQUE_FIRST_SIZE));
  push(&deque, 1);
  cr_assert(steals(&deque, 1));
  for (uint64_t k = 2; k < 9; k++) push(&deque, k);
  pp_store_relaxed(&deque.ring, &torn);
  deque.largest = &torn;
  pp_deque_forget(&deque);
  cr_expect_not(pops(&deque, 8));
  for (uint64_t k = 0; k < 2 * PP_DEQUE_FIRST_SIZE; k++)
    cr_assert_eq(push(&deque, k), k == 0 ? PP_PUSH_OLDEST : PP_PUSH_ABOVE);
  for (uint64_t k = 2 * PP_DEQUE_FIRST_SIZE; k-- > 0;) cr_assert(pops(&deque, k));
  pp_deque_free(&deque);
}

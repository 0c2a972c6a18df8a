/* SPDX-License-Identifier: MIT */
/* claim_slots.c: a group's slots: each transition of its word, and random histories beside a plain model of it. What
 * threads do with them at the same time is in claim_slots_threads.c. */
#include "claim/slots.h"

#include <criterion/criterion.h>

#include "../support/scale.h"
#include "../support/work.h"

TestSuite(claim_slots, .timeout = SCALE_TIMEOUT);

enum { SLOTS = PP_GROUP_SLOTS };

static uint64_t word_of(pp_group *group) { return pp_load_relaxed(&group->word); }
static uint32_t joined_of(pp_group *group) { return pp_group_field(word_of(group), PP_JOINED_SHIFT); }
static uint32_t taken_of(pp_group *group) { return pp_group_field(word_of(group), PP_TAKEN_SHIFT); }
static uint32_t worked_of(pp_group *group) { return pp_group_field(word_of(group), PP_WORKED_SHIFT); }
static uint64_t done_of(pp_group *group) { return word_of(group) & PP_DONE_MASK; }

Test(claim_slots, an_opened_group_shows_its_absent_slots_and_the_callers_own) {
  for (uint32_t slots = 1; slots <= SLOTS; slots++) {
    for (int kind = 0; kind < 8; kind++) {
      bool first = (kind & 1) != 0, sharing = (kind & 2) != 0, pooled = (kind & 4) != 0;
      uint32_t absent = 0xffu << slots & 0xffu, own = first ? 1 : 0;
      pp_group group = {.word = PP_CLOSED, .preset = 0};
      pp_group_open(&group, slots, first, sharing, pooled);
      cr_assert_eq(done_of(&group), 0);
      cr_assert_eq(joined_of(&group), sharing ? absent | own : absent);
      cr_assert_eq(group.preset, joined_of(&group));
      cr_assert_eq(taken_of(&group), pooled ? 0xffu : absent | own);
      cr_assert_eq(worked_of(&group), own);
      cr_assert_eq((word_of(&group) & PP_SHARING) != 0, sharing);
      cr_assert_eq(word_of(&group) & (PP_WAITER | PP_CLOSED), 0);
      cr_assert(pp_group_is_valid(word_of(&group)));
    }
  }
}

Test(claim_slots, each_slot_that_is_there_is_joined_once_with_its_part) {
  for (uint32_t slots = 1; slots <= SLOTS; slots++) {
    for (int sharing = 0; sharing < 2; sharing++) {
      for (uint32_t preferred = 0; preferred < SLOTS; preferred++) {
        uint32_t seen = 0;
        pp_group group = {.word = PP_CLOSED, .preset = 0};
        pp_group_open(&group, slots, false, sharing != 0, false);
        for (uint32_t k = 0; k < slots; k++) {
          pp_join join = pp_group_join(&group, preferred, false);
          cr_assert(join.slot >= 0 && join.slot < (int)slots && join.part && join.anew);
          cr_assert_eq(seen >> join.slot & 1u, 0);
          if (k == 0) cr_assert_eq(join.slot, preferred < slots ? (int)preferred : 0);
          seen |= 1u << join.slot;
        }
        cr_assert_lt(pp_group_join(&group, preferred, true).slot, 0);
        cr_assert_eq(joined_of(&group), 0xff);
        cr_assert_eq(taken_of(&group), 0xff);
      }
    }
  }
}

Test(claim_slots, the_preferred_slot_comes_first_and_then_those_that_follow_it) {
  static const int order[] = {5, 6, 7, 0, 1, 2, 3, 4};
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  pp_group_open(&group, SLOTS, false, false, false);
  for (int k = 0; k < SLOTS; k++) cr_expect_eq(pp_group_join(&group, 5, false).slot, order[k]);
}

Test(claim_slots, nobody_joins_the_callers_slot) {
  for (int sharing = 0; sharing < 2; sharing++) {
    for (int pooled = 0; pooled < 2; pooled++) {
      pp_group group = {.word = PP_CLOSED, .preset = 0};
      pp_group_open(&group, 1, true, sharing != 0, pooled != 0);
      cr_expect_lt(pp_group_join(&group, 0, false).slot, 0);
      cr_expect_lt(pp_group_join(&group, 0, true).slot, 0);
    }
  }
}

Test(claim_slots, without_sharing_a_left_slot_stays_empty) {
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  pp_group_open(&group, 2, true, false, false);
  cr_assert_eq(pp_group_join(&group, 1, false).slot, 1);
  pp_group_leave(&group, 1, 1, true);
  cr_expect_lt(pp_group_join(&group, 1, false).slot, 0);
  cr_expect_lt(pp_group_join(&group, 1, true).slot, 0);
  cr_expect_eq(taken_of(&group), 0xff);
}

Test(claim_slots, with_sharing_a_left_slot_is_for_thieves) {
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  pp_group_open(&group, 2, true, true, false);
  cr_assert_eq(pp_group_join(&group, 1, false).slot, 1);
  cr_expect_lt(pp_group_join(&group, 1, true).slot, 0, "in use");
  pp_group_leave(&group, 1, 1, true);
  cr_expect_lt(pp_group_join(&group, 1, false).slot, 0, "has no part");
  pp_join join = pp_group_join(&group, 0, true);
  cr_expect(join.slot == 1 && !join.part && !join.anew);
}

Test(claim_slots, a_thief_takes_a_part_where_there_is_one) {
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  uint32_t first;
  pp_group_open(&group, 3, true, true, false);
  cr_assert_eq(pp_group_adopt(&group, 1, &first), 1);
  cr_assert_eq(first, 1);
  pp_join join = pp_group_join(&group, 1, true);
  cr_expect(join.slot == 2 && join.part && join.anew, "slot 1 is free, but has no part any more");
  join = pp_group_join(&group, 1, true);
  cr_expect(join.slot == 1 && !join.part && join.anew);
}

Test(claim_slots, a_pooled_group_is_for_members_without_parts) {
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  uint32_t first;
  pp_group_open(&group, 4, true, true, true);
  cr_expect_lt(pp_group_join(&group, 0, false).slot, 0);
  cr_expect_eq(pp_group_adopt(&group, SLOTS, &first), 0);
  for (int slot = 1; slot < 4; slot++) {
    pp_join join = pp_group_join(&group, (uint32_t)slot, true);
    cr_expect(join.slot == slot && !join.part && join.anew);
  }
  cr_expect_lt(pp_group_join(&group, 0, true).slot, 0);
}

Test(claim_slots, a_slot_is_new_until_somebody_has_worked_under_it) {
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  pp_group_open(&group, 2, true, true, true);
  for (int k = 0; k < 3; k++) {
    cr_assert(pp_group_join(&group, 1, true).anew);
    pp_group_leave(&group, 1, 0, false);
    cr_assert_eq(worked_of(&group), 1);
  }
  cr_assert(pp_group_join(&group, 1, true).anew);
  pp_group_leave(&group, 1, 5, true);
  cr_expect_eq(worked_of(&group), 3);
  cr_expect_not(pp_group_join(&group, 1, true).anew);
  pp_group_leave(&group, 1, 2, false);
  cr_expect_eq(worked_of(&group), 3);
  cr_expect_eq(done_of(&group), 7);
}

Test(claim_slots, all_units_of_the_largest_loop_fit_the_word) {
  const uint64_t most = (uint64_t)1 << 31;
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  pp_group_open(&group, SLOTS, false, false, false);
  for (uint32_t slot = 0; slot < SLOTS; slot++) {
    uint64_t units = slot == 0 ? most - (SLOTS - 1) : 1;
    cr_assert_eq(pp_group_join(&group, slot, false).slot, (int)slot);
    pp_group_leave(&group, slot, units, true);
  }
  cr_expect_eq(done_of(&group), most);
  cr_expect_eq(joined_of(&group), 0);
  cr_expect_eq(taken_of(&group), 0xff);
  cr_expect_eq(worked_of(&group), 0xff);
  cr_expect_eq(word_of(&group) >> 57, 0);
}

Test(claim_slots, adopting_takes_neighbours_up_to_a_gap_or_the_limit) {
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  uint32_t first = 99;
  pp_group_open(&group, 7, true, true, false);
  cr_assert_eq(pp_group_join(&group, 4, false).slot, 4);
  cr_expect_eq(pp_group_adopt(&group, 2, &first), 2);
  cr_expect_eq(first, 1);
  cr_expect_eq(pp_group_adopt(&group, SLOTS, &first), 1);
  cr_expect_eq(first, 3);
  cr_expect_eq(pp_group_adopt(&group, SLOTS, &first), 2);
  cr_expect_eq(first, 5);
  cr_expect_eq(pp_group_adopt(&group, SLOTS, &first), 0);
  cr_expect_eq(joined_of(&group), 0x80u | 0x10u | 1u, "adoption uses no slot");
}

Test(claim_slots, eight_parts_are_adopted_at_once) {
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  uint32_t first = 99;
  pp_group_open(&group, SLOTS, false, false, false);
  cr_expect_eq(pp_group_adopt(&group, SLOTS, &first), SLOTS);
  cr_expect_eq(first, 0);
  cr_expect(pp_group_is_quiet(&group, word_of(&group)));
}

Test(claim_slots, a_closed_group_can_be_left_but_not_joined) {
  uint32_t first;
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  pp_group_open(&group, 4, true, true, false);
  cr_assert_eq(pp_group_join(&group, 2, false).slot, 2);
  uint64_t before = word_of(&group);
  cr_expect_eq(pp_group_close(&group), before);
  cr_expect_lt(pp_group_join(&group, 1, false).slot, 0);
  cr_expect_lt(pp_group_join(&group, 1, true).slot, 0);
  cr_expect_eq(pp_group_adopt(&group, SLOTS, &first), 0);
  cr_expect_not(pp_group_is_quiet(&group, word_of(&group)));
  pp_group_leave(&group, 2, 3, true);
  cr_expect(pp_group_is_quiet(&group, word_of(&group)));
  cr_expect_eq(done_of(&group), 3);
}

Test(claim_slots, only_leavers_after_the_wait_are_told_to_wake_the_caller) {
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  pp_group_open(&group, 3, true, false, false);
  cr_assert_eq(pp_group_join(&group, 1, false).slot, 1);
  cr_assert_eq(pp_group_join(&group, 2, false).slot, 2);
  cr_expect_not(pp_group_leave(&group, 1, 1, true));
  uint64_t after = pp_group_announce(&group);
  cr_expect_eq(after, word_of(&group));
  cr_expect_eq(after & PP_DONE_MASK, 1);
  cr_expect(pp_group_leave(&group, 2, 1, true));
  pp_group_open(&group, 3, true, false, false);
  cr_assert_eq(pp_group_join(&group, 1, false).slot, 1);
  cr_expect_not(pp_group_leave(&group, 1, 1, true), "the next loop's caller is awake");
}

Test(claim_slots, seizing_shuts_a_group_that_nobody_is_in) {
  uint32_t first;
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  pp_group_open(&group, 4, true, true, false);
  cr_assert_eq(pp_group_adopt(&group, SLOTS, &first), 3);
  cr_assert_eq(pp_group_join(&group, 2, true).slot, 2);
  uint64_t before = word_of(&group);
  cr_expect_not(pp_group_seize(&group));
  cr_expect_eq(word_of(&group), before, "a failed attempt changes nothing");
  pp_group_leave(&group, 2, 0, false);
  cr_expect_not(pp_group_is_quiet(&group, word_of(&group)), "a thief could still come");
  cr_expect(pp_group_seize(&group));
  cr_expect(pp_group_is_quiet(&group, word_of(&group)));
  before = word_of(&group);
  cr_expect(pp_group_seize(&group));
  cr_expect_eq(word_of(&group), before);
  cr_expect_lt(pp_group_join(&group, 2, true).slot, 0);
}

Test(claim_slots, a_loop_without_sharing_is_quiet_after_its_last_leave) {
  uint32_t first;
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  pp_group_open(&group, 3, true, false, false);
  cr_assert_eq(pp_group_join(&group, 2, false).slot, 2);
  cr_expect_not(pp_group_is_quiet(&group, word_of(&group)));
  cr_assert_eq(pp_group_adopt(&group, SLOTS, &first), 1);
  cr_expect_not(pp_group_is_quiet(&group, word_of(&group)));
  pp_group_leave(&group, 2, 1, true);
  cr_expect(pp_group_is_quiet(&group, word_of(&group)));
}

Test(claim_slots, a_part_that_came_with_the_slot_is_free_again_after_a_withdrawal) {
  for (int sharing = 0; sharing < 2; sharing++) {
    pp_group group = {.word = PP_CLOSED, .preset = 0};
    pp_group_open(&group, 4, true, sharing != 0, false);
    uint64_t before = word_of(&group);
    pp_join join = pp_group_join(&group, 2, false);
    cr_assert(join.slot == 2 && join.part);
    cr_expect_not(pp_group_withdraw(&group, 2, join.part));
    cr_expect_eq(word_of(&group), before);
    join = pp_group_join(&group, 2, false);
    cr_expect(join.slot == 2 && join.part && join.anew);
  }
}

Test(claim_slots, a_thief_that_withdraws_leaves_the_part_where_it_is) {
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  uint32_t first;
  pp_group_open(&group, 2, true, true, false);
  cr_assert_eq(pp_group_adopt(&group, SLOTS, &first), 1);
  pp_join join = pp_group_join(&group, 1, true);
  cr_assert(join.slot == 1 && !join.part);
  cr_expect_not(pp_group_withdraw(&group, 1, join.part));
  cr_expect_eq(taken_of(&group), 0xff);
  cr_expect_eq(pp_group_adopt(&group, SLOTS, &first), 0);
}

Test(claim_slots, whoever_withdraws_wakes_the_caller_as_a_leaver_does) {
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  pp_group_open(&group, 2, true, false, false);
  cr_assert_eq(pp_group_join(&group, 1, false).slot, 1);
  (void)pp_group_announce(&group);
  cr_expect(pp_group_withdraw(&group, 1, true));
}

Test(claim_slots, validity_means_that_slots_in_use_have_taken_parts) {
  cr_expect(pp_group_is_valid(0));
  cr_expect(pp_group_is_valid(pp_group_bits(0x81, PP_JOINED_SHIFT) | pp_group_bits(0xc1, PP_TAKEN_SHIFT)));
  cr_expect_not(pp_group_is_valid(pp_group_bits(0x81, PP_JOINED_SHIFT) | pp_group_bits(0x41, PP_TAKEN_SHIFT)));
}

/* --- A model and random histories ------------------------------------------------------------------------- */

typedef struct model {
  uint32_t joined, taken, worked, preset, in, part; /* in: the workers' among joined; part: those that came with one */
  uint64_t done;
  bool sharing, waiter, closed;
} model;

static uint64_t model_word(const model *m) {
  return m->done | (uint64_t)m->joined << 33 | (uint64_t)m->taken << 41 | (uint64_t)m->worked << 49 |
         (uint64_t)m->sharing << 57 | (uint64_t)m->waiter << 58 | (uint64_t)m->closed << 59;
}

static bool model_is_quiet(const model *m) { return m->in == 0 && (m->closed || (!m->sharing && m->taken == 0xff)); }

static void open_both(pp_group *group, model *m, uint64_t random) {
  uint32_t slots = 1 + (uint32_t)(random % SLOTS);
  bool first = (random >> 8 & 1) != 0, sharing = (random >> 9 & 1) != 0, pooled = sharing && (random >> 10 & 3) == 0;
  *m = (model){.sharing = sharing};
  for (uint32_t s = slots; s < SLOTS; s++) m->taken |= 1u << s;
  m->joined = m->taken;
  if (first) m->taken |= 1;
  if (first) m->worked |= 1;
  if (first && sharing) m->joined |= 1;
  m->preset = m->joined;
  if (pooled) m->taken = 0xff;
  pp_group_open(group, slots, first, sharing, pooled);
}

static void join_both(pp_group *group, model *m, uint32_t preferred, bool as_thief) {
  pp_join join = pp_group_join(group, preferred, as_thief);
  int expected = -1;
  bool part = false;
  for (int want_part = 1; want_part >= 0 && expected < 0 && !m->closed; want_part--) {
    if (want_part == 0 && !(as_thief && m->sharing)) break;
    for (uint32_t k = 0; k < SLOTS && expected < 0; k++) {
      uint32_t slot = (preferred + k) % SLOTS;
      if (((want_part != 0 ? m->taken : m->joined) >> slot & 1u) == 0) expected = (int)slot;
      part = want_part != 0;
    }
  }
  cr_assert_eq(join.slot, expected);
  if (expected < 0) return;
  cr_assert_eq(join.part, part);
  cr_assert_eq(join.anew, (m->worked >> expected & 1u) == 0);
  m->joined |= 1u << expected;
  m->taken |= 1u << expected;
  m->in |= 1u << expected;
  m->part = part ? m->part | 1u << expected : m->part & ~(1u << expected);
}

static void adopt_both(pp_group *group, model *m, uint32_t most) {
  uint32_t first = 99, slot = 0, expected = 0, count = pp_group_adopt(group, most, &first);
  while (slot < SLOTS && (m->taken >> slot & 1u) != 0) slot++;
  while (!m->closed && expected < most && slot + expected < SLOTS && (m->taken >> (slot + expected) & 1u) == 0) {
    m->taken |= 1u << (slot + expected);
    expected++;
  }
  cr_assert_eq(count, expected);
  if (count != 0) cr_assert_eq(first, slot);
}

static void leave_both(pp_group *group, model *m, uint32_t slot, uint64_t units, bool works) {
  bool worked = works && (m->worked >> slot & 1u) == 0;
  cr_assert_eq(pp_group_leave(group, slot, works ? units : 0, worked), m->waiter);
  if (works) m->done += units;
  if (works) m->worked |= 1u << slot;
  m->joined &= ~(1u << slot);
  m->in &= ~(1u << slot);
}

static void withdraw_both(pp_group *group, model *m, uint32_t slot) {
  bool part = (m->part >> slot & 1u) != 0;
  cr_assert_eq(pp_group_withdraw(group, slot, part), m->waiter);
  if (part) m->taken &= ~(1u << slot);
  m->joined &= ~(1u << slot);
  m->in &= ~(1u << slot);
}

static void seize_both(pp_group *group, model *m) {
  bool expected = m->in == 0;
  if (expected && !model_is_quiet(m)) m->closed = true;
  cr_assert_eq(pp_group_seize(group), expected);
}

static void wait_both(pp_group *group, model *m) {
  m->waiter = true;
  cr_assert_eq(pp_group_announce(group), model_word(m));
}

static void close_both(pp_group *group, model *m) {
  cr_assert_eq(pp_group_close(group), model_word(m));
  m->closed = true;
}

/* One of the transitions, those that end a loop less often. */
static void step_both(pp_group *group, model *m, uint64_t r) {
  uint32_t kind = (uint32_t)r % 32, slot = (uint32_t)(r >> 8) % SLOTS;
  if (kind < 10) {
    join_both(group, m, slot, (r >> 12 & 1) != 0);
  } else if (kind < 14) {
    adopt_both(group, m, 1 + slot);
  } else if (kind == 14) {
    wait_both(group, m);
  } else if (kind == 15) {
    close_both(group, m);
  } else if (kind < 18) {
    seize_both(group, m);
  } else if ((m->in >> slot & 1u) != 0 && kind < 20) {
    withdraw_both(group, m, slot);
  } else if ((m->in >> slot & 1u) != 0) {
    leave_both(group, m, slot, r >> 40, (r >> 12 & 1) != 0);
  }
}

Test(claim_slots, random_histories_agree_with_a_plain_model) {
  uint64_t random = 1;
  pp_group group = {.word = PP_CLOSED, .preset = 0};
  model m = {.closed = true};
  for (uint64_t step = scaled(400000); step != 0; step--) {
    uint64_t r = work_random(&random);
    step_both(&group, &m, r);
    cr_assert_eq(word_of(&group), model_word(&m));
    cr_assert(pp_group_is_valid(word_of(&group)));
    cr_assert_eq(pp_group_is_quiet(&group, word_of(&group)), model_is_quiet(&m));
    if (model_is_quiet(&m) && (r >> 13 & 1) != 0) open_both(&group, &m, r >> 20);
  }
}

/* SPDX-License-Identifier: MIT */
/* share_steal.c: where a thread whose range is empty finds more: parts that nobody has, its own group's first; halves
 * of others' ranges, the next one's first; and whom it asks when there is nothing. */
#include "share/steal.h"

#include <sys/resource.h>

#include "../support/scale.h"
#include "../support/work.h"
#include "share_owner.h"

TestSuite(share_steal, .timeout = SCALE_TIMEOUT);

static shared s;

/* As many units to each part as its number says, so that parts are told by their units: part p has 10 * p ... 10 * p
 * + 9. */
static void begin(uint32_t parts) { begin_shared(&s, 10 * (uint64_t)parts, 1, parts, false); }

static void take_part(uint32_t slot) {
  pp_atomic_u64 *word = &s.groups[slot / PP_GROUP_SLOTS].word;
  (void)pp_or_acq_rel(word, pp_group_bits(1u << slot % PP_GROUP_SLOTS, PP_TAKEN_SHIFT));
}

/* Its part is taken, too. */
static pp_claimer join(uint32_t slot) {
  pp_atomic_u64 *word = &s.groups[slot / PP_GROUP_SLOTS].word;
  take_part(slot);
  (void)pp_or_acq_rel(word, pp_group_bits(1u << slot % PP_GROUP_SLOTS, PP_JOINED_SHIFT));
  return claimer_in(&s, slot, false, false);
}

/* Takes away what it has found. */
static pp_span found(pp_claimer *claimer) {
  pp_span span = range_of_slot(&s, claimer->number);
  pp_range_put(&s.slots[claimer->number].range, (pp_span){0, 0});
  return span;
}

/* --- Parts that nobody has -----------------------------------------------------------------------------------------
 */

Test(share_steal, parts_of_the_own_group_come_first_and_then_those_of_the_next) {
  begin(24);
  pp_claimer thief = join(12);
  take_part(10);
  cr_assert(pp_claim_find(&thief));
  cr_expect(is_span(found(&thief), 80, 100), "slots 8 and 9");
  cr_assert(pp_claim_find(&thief));
  cr_expect(is_span(found(&thief), 110, 120));
  cr_assert(pp_claim_find(&thief));
  cr_expect(is_span(found(&thief), 130, 160));
  cr_assert(pp_claim_find(&thief));
  cr_expect(is_span(found(&thief), 160, 240));
  cr_assert(pp_claim_find(&thief));
  cr_expect(is_span(found(&thief), 0, 80), "and around");
  cr_expect_not(pp_claim_find(&thief));
}

/* Whoever finds them, and whichever are gone: all that are there, each once, in runs that are as long as they
 * can be. */
Test(share_steal, every_part_is_found_once) {
  uint64_t random = 3;
  for (uint64_t round = scaled(3000); round != 0; round--) {
    uint32_t parts = 1 + (uint32_t)(work_random(&random) % OWNER_SLOTS), number;
    uint32_t expected = 0, finds[OWNER_SLOTS] = {0}, taken = (uint32_t)work_random(&random);
    begin(parts);
    number = (uint32_t)(work_random(&random) % parts);
    for (uint32_t p = 0; p < parts; p++) {
      if ((taken >> p & 1) != 0) take_part(p);
    }
    pp_claimer thief = join(number);
    for (uint32_t p = 0; p < parts; p++) expected += (taken >> p & 1) == 0 && p != number;
    while (pp_claim_find(&thief)) {
      pp_span span = found(&thief);
      cr_assert(span.first % 10 == 0 && span.past % 10 == 0 && span.first < span.past);
      cr_assert_eq(span.first / 10 / PP_GROUP_SLOTS, (span.past / 10 - 1) / PP_GROUP_SLOTS, "of one group");
      for (uint32_t p = span.first / 10; p < span.past / 10; p++) {
        cr_assert((taken >> p & 1) == 0 && p != number && finds[p] == 0);
        finds[p]++;
        expected--;
      }
    }
    cr_assert_eq(expected, 0);
  }
}

/* --- Others' ranges
 * -------------------------------------------------------------------------------------------------- */

/* Joins all slots; each has its part as its range but the thief. */
static pp_claimer all_join_but(uint32_t parts, uint32_t number) {
  pp_claimer thief = {.kind = PP_CLAIM_NOTHING};
  begin(parts);
  for (uint32_t p = 0; p < parts; p++) {
    pp_claimer claimer = join(p);
    if (p == number) {
      thief = claimer;
    } else {
      pp_claim_own(&claimer, pp_division_parts(&s.division, p, 1));
    }
  }
  return thief;
}

Test(share_steal, the_back_half_of_the_next_ones_range_is_stolen) {
  for (uint32_t parts = 2; parts <= OWNER_SLOTS; parts++) {
    for (uint32_t number = 0; number < parts; number++) {
      pp_claimer thief = all_join_but(parts, number);
      uint32_t base = number / PP_GROUP_SLOTS * PP_GROUP_SLOTS;
      uint32_t slots = pp_group_slots(parts, number / PP_GROUP_SLOTS);
      uint32_t victim = base + (number - base + 1) % slots;
      if (slots == 1) victim = (base + 1) % parts == 0 ? 0 : base + 1; /* alone in its group: the first of the next */
      cr_assert(pp_claim_find(&thief));
      cr_assert(is_span(range_of_slot(&s, number), 10 * victim + 5, 10 * victim + 10));
      cr_assert(is_span(range_of_slot(&s, victim), 10 * victim, 10 * victim + 5));
    }
  }
}

Test(share_steal, whoever_has_some_is_found_and_nobody_else) {
  for (uint32_t parts = 2; parts <= OWNER_SLOTS; parts++) {
    for (uint32_t number = 0; number < parts; number++) {
      for (uint32_t victim = 0; victim < parts; victim++) {
        if (victim == number) continue;
        pp_claimer thief = all_join_but(parts, number);
        for (uint32_t p = 0; p < parts; p++)
          pp_range_put(&s.slots[p].range, p == victim ? (pp_span){20, 29} : (pp_span){0, 0});
        thief.undivided = 100; /* so it takes all */
        cr_assert(pp_claim_find(&thief));
        cr_assert(is_span(found(&thief), 20, 29));
        cr_assert_not(pp_claim_find(&thief));
      }
    }
  }
}

Test(share_steal, what_is_short_is_not_divided) {
  pp_claimer thief = all_join_but(2, 0);
  thief.undivided = 9;
  cr_assert(pp_claim_find(&thief));
  cr_expect(is_span(found(&thief), 15, 20));
  cr_assert(pp_claim_find(&thief));
  cr_expect(is_span(found(&thief), 10, 15), "all that was left");
  cr_expect_not(pp_claim_find(&thief));
}

/* What is in it may be another loop's; the last ones the loop does not have at all. */
Test(share_steal, a_slot_that_nobody_uses_is_not_looked_into) {
  begin(20);
  for (uint32_t p = 0; p < 20; p++) take_part(p);
  pp_claimer thief = join(3);
  for (uint32_t p = 0; p < 24; p++) {
    if (p != 3) pp_range_put(&s.slots[p].range, (pp_span){1, 9});
  }
  cr_expect_not(pp_claim_find(&thief));
  pp_claim_beg(&thief);
  for (uint32_t p = 0; p < 24; p++) cr_expect_eq(pp_load_relaxed(&s.slots[p].alert), 0);
}

/* --- Begging
 * --------------------------------------------------------------------------------------------------------- */

static uint32_t alerted(void) {
  uint32_t count = 0;
  for (uint32_t p = 0; p < OWNER_SLOTS; p++) count += pp_load_relaxed(&s.slots[p].alert);
  return count;
}

Test(share_steal, all_are_asked_where_the_program_has_chosen_the_chunks) {
  pp_claimer thief = all_join_but(24, 5);
  pp_claim_beg(&thief);
  cr_expect_eq(alerted(), 23);
  cr_expect_eq(pp_load_relaxed(&s.slots[5].alert), 0, "never itself");
}

Test(share_steal, who_comes_to_units_tells_those_who_have_found_none) {
  pp_claimer owner = all_join_but(24, 5);
  uint32_t before = s.offers;
  pp_claim_own(&owner, (pp_span){0, 10});
  cr_expect_eq(s.offers, before, "nobody has asked");
  pp_range_put(&s.slots[5].range, (pp_span){0, 0});
  pp_store_relaxed(&s.slots[5].alert, 1);
  pp_claim_own(&owner, (pp_span){0, 10});
  cr_expect_eq(s.offers, before + 1);
  pp_range_put(&s.slots[5].range, (pp_span){0, 0});
  pp_claim_own(&owner, (pp_span){0, 1});
  cr_expect_eq(s.offers, before + 1, "a single unit is its own");
}

Test(share_steal, nobody_leaves_for_good_while_units_are_on_their_way) {
  pp_claimer thief = all_join_but(24, 5);
  while (pp_claim_find(&thief)) (void)found(&thief);
  cr_expect_not(pp_claim_find_for_good(&thief));
  cr_expect_not(thief.pending, "there is nothing");
  pp_move_begin(&s.slots[17]);
  cr_expect_not(pp_claim_find_for_good(&thief));
  cr_expect(thief.pending, "slot 17 may put some somewhere");
  pp_range_put(&s.slots[17].range, (pp_span){0, 2});
  pp_move_end(&s.slots[17]);
  cr_expect(pp_claim_find_for_good(&thief));
  cr_expect(is_span(found(&thief), 1, 2));
  pp_range_put(&s.slots[17].range, (pp_span){0, 0});
  cr_expect_not(pp_claim_find_for_good(&thief));
  cr_expect_not(thief.pending);
  for (uint32_t p = 0; p < 24; p++)
    cr_expect_eq(pp_load_relaxed(&s.slots[p].moves) % 2, 0, "a look ends what it begins");
}

Test(share_steal, a_few_are_asked_at_once_and_none_twice) {
  pp_claimer thief = all_join_but(24, 5);
  s.division.adaptive = true;
  pp_claim_beg(&thief);
  cr_expect_eq(alerted(), PP_BEGGED);
  cr_expect_eq(pp_load_relaxed(&s.slots[6].alert), 1, "the next one first");
  cr_expect_eq(pp_load_relaxed(&s.slots[5].alert), 0, "never itself");
  pp_claim_beg(&thief);
  cr_expect_eq(alerted(), 2 * PP_BEGGED, "others, while the first have not looked");
  pp_claim_beg(&thief);
  cr_expect_eq(alerted(), 23, "all that there are");
  pp_claim_beg(&thief);
  cr_expect_eq(alerted(), 23);
  cr_expect_eq(pp_load_relaxed(&s.slots[5].alert), 0);
}

/* --- Rests of batches --------------------------------------------------------------------------------------- */

/* Another thief may have asked since this one looked at the clock, and two processors' clocks may differ. */
Test(share_steal, an_owner_that_was_asked_a_moment_ago_by_whatever_clock_has_time_to_answer) {
  pp_clock_init();
  pp_claimer thief = all_join_but(3, 0);
  pp_slot *victim = &s.slots[1];
  for (uint32_t p = 0; p < 3; p++) pp_range_put(&s.slots[p].range, (pp_span){0, 0});
  pp_rest_open(&victim->rest, &victim->begun, 12, 20, false);
  pp_store_relaxed(&victim->alert, 1);
  pp_store_relaxed(&victim->asked, pp_clock_ticks() + pp_ticks_from_ns(1000000000));
  cr_expect_not(pp_claim_find(&thief));
  cr_expect(thief.pending);
  cr_expect_eq(pp_load_relaxed(&victim->rest.word), pp_rest_pack(false, 0, 20));
}

#if defined(__linux__)

/* How often the thread has given its CPU away to sleep. */
static long sleeps(void) {
  struct rusage usage;
  cr_assert_eq(getrusage(RUSAGE_THREAD, &usage), 0);
  return usage.ru_nvcsw;
}

/* The thief that has claimed it may wait for this one's CPU, and never get it from a higher priority that only looks
 * again. */
Test(share_steal, who_finds_a_rest_claimed_for_long_lets_others_have_the_cpu) {
  const uint32_t claimant = 3;
  pp_claimer thief = all_join_but(3, 0);
  pp_slot *victim = &s.slots[1];
  for (uint32_t p = 0; p < 3; p++) pp_range_put(&s.slots[p].range, (pp_span){0, 0});
  pp_rest_open(&victim->rest, &victim->begun, 12, 20, false);
  pp_store_relaxed(&victim->rest.word, pp_rest_pack(false, claimant, 20));
  pp_store_relaxed(&victim->alert, 1);
  pp_store_relaxed(&victim->asked, pp_clock_ticks() - pp_ticks_from_ns(100 * PP_STUCK_NS));
  const long before = sleeps();
  cr_expect_not(pp_claim_find(&thief));
  cr_expect(thief.pending);
  cr_expect_gt(sleeps(), before);
  cr_expect_eq(pp_load_relaxed(&victim->rest.word), pp_rest_pack(false, claimant, 20));
  pp_store_relaxed(&victim->rest.word, pp_rest_pack(false, 0, 20));
  cr_assert(pp_claim_find(&thief), "it is nobody's any more");
  cr_expect(is_span(found(&thief), 16, 20));
}

#endif

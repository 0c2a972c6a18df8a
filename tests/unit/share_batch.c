/* SPDX-License-Identifier: MIT */
/* share_batch.c: what an owner takes from its range at once: how large batches and bursts are, what the time that
 * they take makes of the next ones, and what is handed back to whoever begs, or put back. Time is the test's to say:
 * it sets back when a batch began. */
#include "share/batch.h"

#include "../support/scale.h"
#include "share_owner.h"

TestSuite(share_batch, .timeout = SCALE_TIMEOUT);

static shared s;

/* An owner of all units in one part. full: units in a full batch. */
static pp_claimer an_owner(uint32_t units, uint64_t size, uint32_t full, bool by_burst) {
  pp_claimer owner;
  pp_clock_init();
  begin_shared(&s, units * size, size, 1, by_burst);
  owner = claimer_in(&s, 0, by_burst, false);
  pp_claim_own(&owner, (pp_span){0, units});
  pp_batch_start(&owner, full * size);
  return owner;
}

/* As if what has been done since the batch began had taken so long, and a little more. */
static void takes_ns(pp_claimer *owner, uint64_t ns) { owner->start = pp_clock_ticks() - pp_ticks_from_ns(ns); }

static pp_piece next_piece(pp_claimer *owner) {
  pp_piece piece = {0};
  cr_assert(pp_claim_next(owner, &piece));
  return piece;
}

/* A thief begs; then the owner asks for its next piece, which it does not run. */
static void heeds(pp_claimer *owner) {
  pp_piece piece = {0};
  bool before = owner->alerted;
  pp_store_relaxed(owner->alert, 1);
  owner->fresh = false;
  cr_assert(pp_claim_next(owner, &piece) && owner->alerted);
  owner->alerted = before;
  pp_claim_return(owner, &piece, pp_piece_chunks(&piece));
}

/* --- Sizes -------------------------------------------------------------------------------------------------------- */

Test(share_batch, a_full_batch_is_what_the_pace_says_or_a_part_of_the_range_for_a_start) {
  pp_claimer owner = an_owner(1000, 5, 0, false);
  cr_expect_eq(owner.full, pp_batch_first(1000));
  cr_expect_eq(pp_batch_pace(&owner), owner.full * 5);
  for (uint64_t pace = 1; pace < 100; pace++) {
    pp_batch_start(&owner, pace);
    cr_expect_eq(owner.full, pace / 5 != 0 ? pace / 5 : 1);
    cr_expect_eq(owner.undivided, pp_batch_undivided(owner.full));
  }
  pp_batch_start(&owner, UINT64_MAX);
  cr_expect_eq(owner.full, PP_UNITS_MAX);
  begin_shared(&s, 7, 1, 1, false);
  owner = claimer_in(&s, 0, false, false);
  cr_expect_eq(pp_batch_pace(&owner), 0, "nothing is known");
}

/* Bursts: all of a batch's pieces but its last are equally long. */
Test(share_batch, by_burst_a_batch_comes_in_pieces_of_a_burst) {
  for (uint32_t full = 1; full < 3000; full += 1 + full / 5) {
    pp_claimer owner = an_owner(4000, 3, full, true);
    while (pp_claim_has_rest(&owner) || pp_span_length(range_of_slot(&s, 0)) != 0) {
      pp_piece piece = next_piece(&owner);
      uint32_t length = pp_span_length(owner.batch);
      uint64_t burst = pp_batch_burst(length, 4000, 1) * 3;
      cr_assert_eq(piece.size, piece.past - piece.first, "as one chunk");
      cr_assert_eq(piece.past - piece.first < burst, !pp_claim_has_rest(&owner) && length * 3 % burst != 0);
      cr_assert_leq(piece.past - piece.first, burst);
      owner.start = 0;   /* its time changes nothing */
      owner.batches = 0; /* nor does it try other pieces */
    }
  }
}

Test(share_batch, a_batch_of_chunks_is_one_piece) {
  pp_claimer owner = an_owner(4000, 3, 100, false);
  pp_piece piece = next_piece(&owner);
  cr_expect(piece.first == 0 && piece.past == 300 && piece.size == 3);
  cr_expect(is_span(range_of_slot(&s, 0), 100, 4000));
  cr_expect_not(pp_claim_has_rest(&owner));
}

/* Three grains, which a batch has that is to tell what calls cost, are more than 32 bits can number, by a few units. */
Test(share_batch, no_grain_is_so_large_that_nothing_is_taken) {
  for (uint32_t more = 0; more < 100; more++) {
    pp_claimer owner = an_owner(PP_UNITS_MAX, 1, PP_UNITS_MAX, true);
    pp_piece piece;
    owner.call = (pp_call_cost){1, 1};
    owner.doubts = true;
    owner.grain = owner.undivided = UINT32_MAX / 3 + more;
    cr_assert(pp_claim_next(&owner, &piece), "a grain of %u units", (unsigned)owner.grain);
    cr_assert_eq(pp_span_length(owner.batch), PP_UNITS_MAX / 2, "as much as may be taken at once");
  }
}

/* --- Pace --------------------------------------------------------------------------------------------------------- */

/* Of a batch of 64 units, which took so long. */
static uint32_t full_after(uint64_t ns) {
  pp_claimer owner = an_owner(100000, 1, 64, false);
  (void)next_piece(&owner);
  cr_assert_eq(pp_span_length(owner.batch), 64);
  takes_ns(&owner, ns);
  (void)next_piece(&owner);
  cr_expect_geq(owner.worked, pp_ticks_from_ns(ns));
  cr_expect_eq(owner.done, 64);
  return owner.full;
}

Test(share_batch, batches_are_as_long_as_they_should_be_by_the_time_of_the_one_before) {
  uint32_t slow = full_after(64 * 10000); /* 10 us each: 6 are a batch's time */
  cr_expect(slow >= 1 && slow <= 6, "%u", slow);
  cr_expect_eq(full_after(UINT64_C(1000000000)), 1, "never less than one");
  uint32_t even = full_after(64000 * 2);
  cr_expect(even >= 1 && even <= 32, "%u", even);
  cr_expect_leq(full_after(0), 64 * PP_GROWTH, "and not much more than before");
}

/* It says more about the clock than about the body. */
Test(share_batch, a_short_time_lowers_nothing) {
  for (int k = 0; k < 100; k++) {
    pp_claimer owner = an_owner(1, 1, 640, false);
    pp_piece piece = next_piece(&owner);
    takes_ns(&owner, PP_SHORT_NS / 2);
    cr_assert_not(pp_claim_next(&owner, &piece));
    /* It is no short time where the thread has lost its CPU meanwhile. */
    cr_expect(owner.full >= 640 || owner.worked >= pp_ticks_from_ns(PP_SHORT_NS));
  }
}

Test(share_batch, the_latest_batch_is_counted_when_there_is_no_more) {
  pp_claimer owner = an_owner(5, 1, 64, false);
  pp_piece piece = next_piece(&owner);
  cr_expect(piece.first == 0 && piece.past >= 3);
  while (pp_claim_next(&owner, &piece)) continue;
  cr_expect_eq(owner.done, 5);
  cr_expect_eq(pp_span_length(owner.batch), 0);
  cr_expect_not(pp_claim_next(&owner, &piece));
  cr_expect_eq(owner.done, 5, "once");
}

/* --- What calls cost -----------------------------------------------------------------------------------------------
 */

/* A thread that lost its CPU may have taken calls for dear. One probe says that they cost nothing, and so does the one
 * of the next loop. */
Test(share_batch, what_two_probes_agree_on_is_remembered) {
  const pp_call_cost before = {5000, 0};
  pp_claimer owner = an_owner(100, 1, 64, true);
  cr_expect_eq(pp_batch_learned(&owner, before).known, 5000, "it has begun with nothing, and nothing has told");
  pp_batch_remember(&owner, before, true);
  cr_expect_eq(pp_batch_learned(&owner, before).known, 5000, "nothing has told");
  (void)pp_call_cost_learn(&owner.call, 0);
  cr_expect_eq(pp_batch_learned(&owner, before).known, 0);
}

/* --- Loops for which nobody was woken ------------------------------------------------------------------------------
 */

static pp_claimer a_spared_owner(void) {
  pp_claimer owner;
  pp_clock_init();
  begin_shared(&s, 1000, 1, 1, false);
  owner = claimer_in(&s, 0, false, true);
  pp_claim_own(&owner, (pp_span){0, 1000});
  pp_batch_start(&owner, 64);
  return owner;
}

Test(share_batch, a_spared_loop_begins_with_one_unit) {
  pp_claimer owner = a_spared_owner();
  pp_piece piece = next_piece(&owner);
  cr_expect(piece.first == 0 && piece.past == 1);
  cr_expect_neq(owner.start, 0, "which is timed");
}

Test(share_batch, a_spared_loop_whose_first_unit_is_fast_is_not_offered) {
  for (int k = 0; k < 100; k++) {
    pp_claimer owner = a_spared_owner();
    (void)next_piece(&owner);
    (void)next_piece(&owner);
    if (owner.worked >= pp_ticks_from_ns(PP_SHORT_NS)) continue; /* the thread has lost its CPU meanwhile */
    cr_expect_eq(s.offers, 0);
    cr_expect(owner.spared);
    cr_expect(pp_claim_has_rest(&owner), "it comes by burst, to look at the clock in between");
  }
}

Test(share_batch, a_spared_loop_whose_first_unit_is_slow_is_offered) {
  pp_claimer owner = a_spared_owner();
  (void)next_piece(&owner);
  takes_ns(&owner, PP_SHORT_NS);
  cr_expect_eq(s.offers, 0);
  (void)next_piece(&owner);
  cr_expect_eq(s.offers, 1);
  cr_expect_not(owner.spared);
  cr_expect_eq(pp_span_length(owner.batch), 1, "the pace that was known is no more");
  takes_ns(&owner, PP_SHORT_NS);
  (void)next_piece(&owner);
  cr_expect_eq(s.offers, 1, "once");
}

Test(share_batch, a_spared_loop_that_is_late_is_offered) {
  pp_claimer owner = a_spared_owner();
  takes_ns(&owner, PP_SHORT_NS);
  cr_expect(pp_batch_is_late(&owner));
  pp_batch_end_sparing(&owner);
  cr_expect_eq(s.offers, 1);
  cr_expect_not(owner.spared);
}

/* --- Handing back --------------------------------------------------------------------------------------------------
 */

/* An owner with a batch of `batch` units, of which `run` are run, that took so long; nothing else is in its range. */
static pp_claimer in_a_batch(uint32_t batch, uint32_t run, uint64_t ns) {
  pp_claimer owner = an_owner(batch, 2, 4 * batch, false);
  pp_piece piece;
  owner.undivided = batch; /* all of it */
  piece = next_piece(&owner);
  cr_assert(is_span(owner.batch, 0, batch) && pp_piece_chunks(&piece) == batch);
  if (run != batch) pp_claim_return(&owner, &piece, batch - run);
  takes_ns(&owner, ns);
  return owner;
}

Test(share_batch, the_latter_half_of_what_is_left_is_handed_back) {
  for (uint32_t batch = 1; batch <= 40; batch++) {
    for (uint32_t run = 1; run < batch; run++) {
      pp_claimer owner = in_a_batch(batch, run, run * (uint64_t)PP_KEEP_NS);
      uint32_t left = batch - run, given = left < 2 ? 0 : left - left / 2;
      heeds(&owner);
      cr_assert_geq(s.offers, given != 0 ? 1u : 0u);
      cr_assert_eq(pp_span_length(range_of_slot(&s, 0)), given);
      cr_assert(is_span(owner.batch, 0, batch - given));
      cr_assert_eq(owner.past, 2 * (batch - given));
      cr_assert_eq(owner.first, 2 * run);
      if (given != 0) cr_assert(is_span(range_of_slot(&s, 0), batch - given, batch));
    }
  }
}

Test(share_batch, what_takes_less_than_a_thief_does_to_come_is_kept) {
  pp_claimer owner = in_a_batch(1000000, 999998, 0);
  heeds(&owner);
  cr_expect_eq(s.offers, 1, "the rest, which is not begun, is told of");
  cr_expect(is_span(owner.batch, 0, 1000000));
}

Test(share_batch, before_the_first_unit_is_run_nothing_is_handed_back) {
  pp_claimer owner = in_a_batch(100, 0, 1000000);
  heeds(&owner);
  cr_expect_eq(s.offers, 1, "the rest, which is not begun, is told of");
  cr_expect(is_span(owner.batch, 0, 100));
}

Test(share_batch, where_the_range_has_some_whoever_begs_has_only_to_come) {
  pp_claimer owner = in_a_batch(100, 10, 100000);
  pp_range_put(&s.slots[0].range, (pp_span){200, 300}); /* as stolen from somewhere */
  heeds(&owner);
  cr_expect_eq(s.offers, 1);
  cr_expect(is_span(owner.batch, 0, 100));
  cr_expect(is_span(range_of_slot(&s, 0), 200, 300));
}

/* It is timed from here on, and the alert is up for the next look. */
Test(share_batch, a_batch_that_was_not_timed_shows_its_pace_first) {
  pp_claimer owner = in_a_batch(100, 10, 0);
  owner.start = 0;
  heeds(&owner);
  cr_expect_eq(s.offers, 1, "the rest, which is not begun, is told of");
  cr_expect_neq(owner.start, 0);
  cr_expect_eq(owner.timed_from, 10);
  cr_expect_eq(pp_exchange_acquire(owner.alert, 0), 1);
  owner.first += 2 * 10;
  takes_ns(&owner, 1000000);
  heeds(&owner);
  cr_expect_eq(s.offers, 2);
  cr_expect(is_span(owner.batch, 0, 60), "of 20 ... 99");
  cr_expect(is_span(range_of_slot(&s, 0), 60, 100));
}

/* --- Putting back --------------------------------------------------------------------------------------------------
 */

/* Left after so many pieces; before that a thief took half of what is in the range, or nothing. */
static void check_put_back(uint32_t units, uint32_t full, uint32_t pieces, bool stolen) {
  pp_claimer owner = an_owner(units, 3, full, true);
  pp_span loot = {0, 0}, left;
  pp_piece piece = {.past = 0};
  uint32_t run;
  for (uint32_t k = 0; k < pieces && pp_claim_next(&owner, &piece); k++) owner.start = 0;
  if (stolen) loot = pp_range_steal(&s.slots[0].range, 0);
  run = (uint32_t)(piece.past / 3);
  pp_batch_put_back(&owner);
  left = range_of_slot(&s, 0);
  cr_assert_eq(owner.done, run);
  cr_assert_eq(run + pp_span_length(left) + pp_span_length(loot), units);
  if (pp_span_length(left) != 0) cr_assert_eq(left.first, run, "it lies at the front");
  cr_assert_not(pp_claim_has_rest(&owner));
  cr_assert_eq(pp_span_length(owner.batch), 0);
  if (pp_span_length(left) != 0) cr_assert_eq(next_piece(&owner).first, 3 * run, "and may be taken again");
}

Test(share_batch, what_is_left_of_a_batch_is_put_back) {
  for (uint32_t units = 1; units <= 60; units++) {
    for (uint32_t full = 1; full <= units; full += 1 + full / 3) {
      for (uint32_t pieces = 0; pieces <= 12; pieces++) {
        check_put_back(units, full, pieces, false);
        check_put_back(units, full, pieces, true);
      }
    }
  }
}

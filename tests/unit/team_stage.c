/* SPDX-License-Identifier: MIT */
/* team_stage.c: the chain of stages that a team's threads walk along, each at its own pace: all come to the same
 * stage for a prange, as it was prepared, and a stage is used again once nobody can look at it any more, and not
 * earlier. All on one thread; with several: team_stage_threads.c. */
#include "../support/scale.h"
#include "team_company.h"

TestSuite(team_stage, .timeout = SCALE_TIMEOUT);

static pp_stage *walk(pp_seat *seat, uint64_t p, bool nowait) {
  pp_division division = prange(seat->head.size, p, PP_BY_RANGE);
  seat->nowait = nowait;
  cr_assert(pp_stage_walk_on(seat, &division, "a prange"));
  return seat->puller.stage;
}

static void walk_all(company *c, uint32_t size, uint64_t p, bool nowait) {
  for (uint32_t t = 0; t < size; t++) (void)walk(&c->seats[t], p, nowait);
}

/* The closing barrier of the prange that all are at. */
static void settle_all(company *c, uint32_t size) {
  for (uint32_t t = 0; t < size; t++) c->seats[t].puller.settled = c->seats[t].puller.stage->index;
}

/* --- One after the other ----------------------------------------------------------------------------------------- */

Test(team_stage, the_first_that_comes_appends_and_the_others_follow) {
  static company c;
  begin_region(&c, 3, 1);
  for (uint64_t p = 1; p <= 6; p++) {
    pp_stage *stage = NULL;
    for (uint32_t k = 0; k < 3; k++) {
      pp_seat *seat = &c.seats[(p + k) % 3];
      pp_stage *came_to = walk(seat, p, false);
      if (stage == NULL) stage = came_to;
      cr_assert_eq(came_to, stage);
    }
    cr_expect_eq(stage->index, p);
    cr_expect_eq(stage->region, 1);
    cr_expect_eq(stage->division.space.count, p);
    cr_expect_eq(stage->share.division, &stage->division);
    cr_expect_eq(stage->share.counter, &stage->counter);
    cr_expect_eq(stage->team, &c.team);
    cr_expect_str_eq(stage->name, "a prange");
    cr_expect_geq(stage->capacity, 3);
  }
  for (uint32_t t = 0; t < 3; t++) cr_expect_eq(stages_of(&c.seats[t]), 2, "each has appended two");
  end_company(&c);
}

Test(team_stage, a_thread_may_be_any_number_of_pranges_ahead) {
  static company c;
  pp_stage *stages[40];
  begin_region(&c, 2, 1);
  for (uint64_t p = 1; p < 40; p++) stages[p] = walk(&c.seats[0], p, true);
  for (uint64_t p = 1; p < 40; p++) {
    for (uint64_t q = 1; q < p; q++) cr_assert_neq(stages[q], stages[p]);
    cr_assert_eq(walk(&c.seats[1], p, true), stages[p]);
    cr_assert_eq(stages[p]->division.space.count, p);
  }
  end_company(&c);
}

/* T1: without closing barrier, when all have walked on from it. */
Test(team_stage, a_stage_serves_again_when_all_have_walked_on_from_it) {
  static company c;
  begin_region(&c, 3, 1);
  pp_stage *first = walk(&c.seats[0], 1, true), *second = walk(&c.seats[0], 2, true);
  cr_assert_neq(walk(&c.seats[0], 3, true), first, "two are still to come to it");
  (void)walk(&c.seats[1], 1, true);
  (void)walk(&c.seats[2], 1, true);
  (void)walk(&c.seats[1], 2, true);
  cr_assert_neq(walk(&c.seats[0], 4, true), first, "one is still at it");
  cr_expect_eq(first->index, 1);
  (void)walk(&c.seats[2], 2, true);
  cr_expect_eq(walk(&c.seats[0], 5, true), first);
  cr_expect_eq(first->index, 5);
  cr_expect_eq(pp_load_relaxed(&first->passed), 0);
  cr_assert_neq(walk(&c.seats[0], 6, true), second);
  end_company(&c);
}

Test(team_stage, threads_in_step_need_two_stages) {
  static company c;
  begin_region(&c, 3, 1);
  for (uint64_t p = 1; p <= 50; p++) walk_all(&c, 3, p, true);
  cr_expect_eq(stages_of(&c.seats[0]), 2);
  end_company(&c);
}

/* T2: with closing barriers those before the latest that had one. */
Test(team_stage, a_stage_serves_again_after_a_later_ones_closing_barrier) {
  static company c;
  begin_region(&c, 3, 1);
  walk_all(&c, 3, 1, false);
  pp_stage *first = c.seats[0].puller.stage;
  settle_all(&c, 3);
  walk_all(&c, 3, 2, false);
  pp_stage *second = c.seats[0].puller.stage;
  cr_expect_neq(second, first, "others may have been on their way from it");
  settle_all(&c, 3);
  walk_all(&c, 3, 3, false);
  cr_expect_eq(c.seats[0].puller.stage, first);
  for (uint64_t p = 4; p <= 50; p++) {
    settle_all(&c, 3);
    walk_all(&c, 3, p, false);
  }
  cr_expect_eq(stages_of(&c.seats[0]), 2);
  end_company(&c);
}

Test(team_stage, a_closing_barrier_frees_what_was_left_without_one_before_it) {
  static company c;
  begin_region(&c, 3, 1);
  pp_stage *firsts[8];
  for (uint64_t p = 1; p <= 8; p++) firsts[p - 1] = walk(&c.seats[0], p, true);
  for (uint64_t p = 1; p <= 8; p++) {
    for (uint32_t t = 1; t < 3; t++) (void)walk(&c.seats[t], p, true);
  }
  for (uint32_t k = 1; k <= 3; k++) (void)walk(&c.seats[k % 3], 9, false);
  settle_all(&c, 3);
  for (uint64_t p = 10; p < 18; p++) cr_expect_eq(walk(&c.seats[0], p, true), firsts[p - 10], "the oldest first");
  cr_expect_eq(stages_of(&c.seats[0]), 8);
  end_company(&c);
}

/* T3 */
Test(team_stage, another_region_has_all_stages_of_those_before) {
  static company c;
  pp_stage *before[3];
  begin_region(&c, 3, 7);
  for (uint64_t p = 1; p <= 3; p++) before[p - 1] = walk(&c.seats[0], p, p % 2 != 0); /* and nobody else comes */
  for (uint32_t epoch = 8; epoch < 12; epoch++) {
    begin_region(&c, 3, epoch);
    for (uint64_t p = 1; p <= 3; p++) {
      pp_stage *stage = walk(&c.seats[0], p, true);
      cr_assert_eq(stage, before[p - 1]);
      cr_assert(stage->index == p && stage->region == epoch);
      cr_assert_eq(walk(&c.seats[1], p, true), stage);
    }
  }
  cr_expect_eq(stages_of(&c.seats[0]), 3);
  end_company(&c);
}

Test(team_stage, a_larger_team_gets_a_larger_stage) {
  static company c;
  begin_region(&c, 2, 1);
  cr_expect_eq(walk(&c.seats[0], 1, true)->capacity, 8);
  begin_region(&c, 12, 2);
  cr_expect_eq(walk(&c.seats[0], 1, true)->capacity, 16);
  cr_expect_eq(stages_of(&c.seats[0]), 1, "the small one is gone");
  begin_region(&c, 3, 3);
  cr_expect_eq(walk(&c.seats[0], 1, true)->capacity, 16, "a large one serves a small team");
  end_company(&c);
}

/* --- Slots -------------------------------------------------------------------------------------------------------- */

Test(team_stage, each_thread_joins_with_its_part_unless_another_has_adopted_that) {
  for (uint32_t size = 2; size <= SEATS; size++) {
    for (uint32_t adopted = 0; adopted <= size; adopted++) { /* size: none */
      static company c;
      uint32_t first = 0;
      begin_region(&c, size, 1);
      pp_stage *stage = walk(&c.seats[0], 100, true);
      for (uint32_t t = 0; t < adopted && adopted < size; t++) {
        cr_assert_eq(pp_group_adopt(&stage->share.groups[t / PP_GROUP_SLOTS], 1, &first), 1);
        cr_assert_eq(first, t % PP_GROUP_SLOTS);
      }
      for (uint32_t t = 0; t < size; t++) {
        pp_slot *slot = &stage->share.slots[t];
        pp_range_put(&slot->range, (pp_span){3, 9}); /* as another prange has left it */
        pp_store_relaxed(&slot->alert, 1);
        pp_store_relaxed(&slot->done, 77);
        cr_assert_eq(pp_stage_join(stage, t), adopted == size || t >= adopted);
        cr_assert_eq(pp_span_length(pp_range_peek(&slot->range)), 0);
        cr_assert_eq(pp_load_relaxed(&slot->alert), 0);
        cr_assert_eq(pp_load_relaxed(&slot->done), 0);
      }
      for (uint32_t g = 0; g < pp_groups_for(size); g++)
        cr_assert_eq(pp_group_adopt(&stage->share.groups[g], PP_GROUP_SLOTS, &first), 0, "every part is somebody's");
      end_company(&c);
    }
  }
}

/* Slots that nobody has joined may have anything in them. */
Test(team_stage, is_complete_when_those_who_have_joined_have_finished_all_units) {
  static company c;
  for (uint32_t size = 2; size <= SEATS; size++) {
    begin_region(&c, size, size);
    pp_stage *stage = walk(&c.seats[0], 100, true);
    for (uint32_t t = 0; t < stage->capacity; t++) pp_store_relaxed(&stage->share.slots[t].done, 100);
    cr_assert_not(pp_stage_is_complete(stage));
    for (uint32_t t = size; t-- > 1;) {
      (void)pp_stage_join(stage, t);
      cr_assert_not(pp_stage_is_complete(stage));
      pp_store_seq_cst(&stage->share.slots[t].done, 100 / size);
    }
    cr_assert_not(pp_stage_is_complete(stage));
    (void)pp_stage_join(stage, 0);
    cr_assert_not(pp_stage_is_complete(stage));
    pp_store_seq_cst(&stage->share.slots[0].done, 100 - (size - 1) * (100 / size));
    cr_assert(pp_stage_is_complete(stage));
  }
  end_company(&c);
}

Test(team_stage, an_offer_wakes_who_is_hungry) {
  static company c;
  begin_region(&c, 2, 1);
  pp_stage *stage = walk(&c.seats[0], 9, true);
  uint32_t beat = pp_pulse_prepare(&c.team.hungry);
  stage->share.offer(&stage->share);
  pp_pulse_park(&c.team.hungry, beat); /* returns */
  pp_pulse_done(&c.team.hungry);
  cr_expect_neq(pp_load_relaxed(&c.team.hungry.beat), beat);
  end_company(&c);
}

Test(team_stage, the_counter_of_another_prange_begins_anew) {
  static company c;
  pp_division division = prange(2, 50, PP_BY_COUNTER);
  for (uint32_t epoch = 1; epoch < 4; epoch++) {
    begin_region(&c, 2, epoch);
    cr_assert(pp_stage_walk_on(&c.seats[0], &division, NULL));
    cr_expect_eq(pp_load_relaxed(&c.seats[0].puller.stage->counter.next), 0);
    pp_store_relaxed(&c.seats[0].puller.stage->counter.next, 50);
  }
  cr_expect_eq(stages_of(&c.seats[0]), 1);
  end_company(&c);
}

/* --- At all paces ------------------------------------------------------------------------------------------------- */

/* Threads that move in any order: whatever stage a thread is at is that of its prange. */
static void walk_at_random(company *c, uint32_t size, uint64_t region, uint64_t *random) {
  uint64_t at[SEATS] = {0}, moves = 0;
  begin_region(c, size, (uint32_t)region);
  while (moves < size * PRANGES) {
    uint32_t t = (uint32_t)(work_random(random) % size), behind = 0;
    pp_seat *seat = &c->seats[t];
    if (at[t] == PRANGES) continue;
    if (at[t] != 0 && !is_nowait(region, at[t])) { /* its closing barrier */
      for (uint32_t other = 0; other < size; other++) behind += at[other] < at[t];
      if (behind != 0) continue;
      seat->puller.settled = seat->puller.stage->index;
    }
    at[t]++;
    moves++;
    (void)walk(seat, at[t], is_nowait(region, at[t]));
    for (uint32_t other = 0; other < size; other++) {
      const pp_stage *stage = c->seats[other].puller.stage;
      if (at[other] == 0) continue;
      cr_assert(stage->index == at[other] && stage->division.space.count == at[other]);
      cr_assert_eq(stage->region, region);
      if (at[other] == at[t]) cr_assert_eq(stage, seat->puller.stage);
    }
  }
}

Test(team_stage, every_thread_is_at_its_pranges_stage_whatever_the_pace) {
  static company c;
  uint64_t random = 5;
  for (uint64_t region = 1; region <= scaled(300); region++)
    walk_at_random(&c, 2 + (uint32_t)(region % (SEATS - 1)), region, &random);
  end_company(&c);
}

/* SPDX-License-Identifier: MIT */
/* loop_record.c: loop records: who gets which, what opening them makes of their groups, and that none is given to a
 * new loop while somebody is in the old one. */
#include "../support/scale.h"
#include "loop_records.h"
#include "platform/memory.h"

TestSuite(loop_record, .timeout = SCALE_TIMEOUT);

/* --- Which record ------------------------------------------------------------------------------------------ */

Test(loop_record, a_new_record_is_quiet_and_has_room) {
  static const int threads[] = {1, 2, 7, 8, 9, 64};
  static const uint32_t parts[] = {1, 2, 8, 9, 17, 300};
  for (int t = 0; t < 6; t++) {
    ppar_pool *pool = pp_memory_zalloc(sizeof *pool);
    begin_pool(pool, threads[t]);
    for (int p = 0; p < 6; p++) {
      pp_record *record = acquire(pool, parts[p]);
      cr_assert_not_null(record);
      cr_expect_geq(record->capacity, parts[p]);
      cr_expect_geq(record->capacity, (uint32_t)threads[t], "any loop of the pool's own size fits");
      cr_expect_eq(record->capacity % PP_GROUP_SLOTS, 0);
      cr_expect_eq(pp_load_relaxed(&record->owned.busy), 1);
      cr_expect(is_quiet(record));
      cr_expect_eq(record->control.share, &record->share);
      cr_expect_eq(record->share.division, &record->loop.division);
      cr_expect_eq(pp_board_at(&pool->board, record->number), record, "the board shows it");
      for (uint32_t s = 0; s < record->capacity; s++) {
        cr_assert_eq(pp_span_length(pp_range_peek(&record->share.slots[s].range)), 0);
        cr_assert_eq((uintptr_t)&record->share.slots[s] % PP_CACHE_LINE, 0);
      }
      pp_record_release(record);
    }
    pp_pool_finish(pool);
    pp_memory_free(pool);
  }
}

Test(loop_record, a_released_record_serves_the_next_loop) {
  static ppar_pool pool;
  begin_pool(&pool, 4);
  pp_record *record = acquire(&pool, 4);
  for (int k = 0; k < 10; k++) {
    pp_record_release(record);
    cr_expect_eq(acquire(&pool, 1 + (uint32_t)k % 8), record);
  }
  cr_expect_eq(pp_board_count(&pool.board), 1);
  pp_record_release(record);
  pp_pool_finish(&pool);
}

Test(loop_record, loops_inside_loops_have_records_of_their_own) {
  enum { DEPTH = 150 }; /* more than a segment of the board */
  static ppar_pool pool;
  pp_record *records[DEPTH];
  begin_pool(&pool, 2);
  for (int d = 0; d < DEPTH; d++) {
    records[d] = acquire(&pool, 2);
    cr_assert_not_null(records[d]);
    cr_assert_eq(records[d]->number, (uint32_t)d);
  }
  for (int d = 0; d < DEPTH; d++) cr_assert_eq(pp_board_at(&pool.board, (uint32_t)d), records[d]);
  cr_expect(pp_pool_is_busy(&pool));
  for (int d = 0; d < DEPTH; d++) pp_record_release(records[d]);
  cr_expect_not(pp_pool_is_busy(&pool));
  for (int d = 0; d < DEPTH; d++) cr_assert_not_null(acquire(&pool, 2));
  cr_expect_eq(pp_board_count(&pool.board), DEPTH);
  pp_pool_finish(&pool);
}

Test(loop_record, a_loop_of_many_parts_gets_a_larger_record) {
  static ppar_pool pool;
  begin_pool(&pool, 2);
  pp_record *small = acquire(&pool, 2);
  pp_record_release(small);
  pp_record *large = acquire(&pool, small->capacity + 1);
  cr_assert_neq(large, small);
  cr_expect_gt(large->capacity, small->capacity);
  pp_record_release(large);
  cr_expect_eq(acquire(&pool, large->capacity), large);
  cr_expect_eq(acquire(&pool, 2), small);
  pp_record_release(large);
  pp_record_release(small);
  pp_pool_finish(&pool);
}

Test(loop_record, pools_do_not_share_records) {
  static ppar_pool pools[2];
  begin_pool(&pools[0], 2);
  begin_pool(&pools[1], 2);
  pp_record *one = acquire(&pools[0], 2);
  pp_record_release(one);
  pp_record *other = acquire(&pools[1], 2);
  cr_expect_neq(other, one);
  cr_expect_eq(pp_load_relaxed(&other->owned.pool), &pools[1]);
  cr_expect_not(pp_pool_is_busy(&pools[0]));
  pp_record_release(other);
  pp_pool_finish(&pools[0]);
  pp_pool_finish(&pools[1]);
}

/* --- What opening makes of the groups ----------------------------------------------------------------------- */

Test(loop_record, an_opened_loop_has_a_place_for_each_part_but_the_callers) {
  static ppar_pool pool;
  static const pp_sharing ways[] = {PP_BY_SLOT, PP_BY_RANGE, PP_BY_COUNTER};
  begin_pool(&pool, 40);
  for (int way = 0; way < 3; way++) {
    for (uint32_t parts = 2; parts <= 40; parts++) {
      pp_record *record = acquire(&pool, parts);
      uint32_t joined = 0, groups = pp_groups_for(parts);
      bool as_thief = ways[way] == PP_BY_COUNTER;
      open_loop(record, ways[way], parts);
      cr_assert_eq(pp_load_relaxed(&record->open_groups), groups);
      cr_assert_eq(pp_load_relaxed(&record->active), 1);
      for (uint32_t g = 0; g < groups; g++) {
        for (int slot; (slot = join(record, g, as_thief)) >= 0; joined++) {
          cr_assert_lt(g * PP_GROUP_SLOTS + (uint32_t)slot, parts);
          cr_assert_neq(g * PP_GROUP_SLOTS + (uint32_t)slot, 0);
        }
      }
      cr_assert_eq(joined, parts - 1);
      for (uint32_t s = 1; s < parts; s++) {
        pp_group_leave(&record->share.groups[s / PP_GROUP_SLOTS], s % PP_GROUP_SLOTS, 1, true);
      }
      pp_record_release(record);
    }
  }
  cr_expect_eq(pp_board_count(&pool.board), 1, "all have left, so one record served all");
  pp_pool_finish(&pool);
}

Test(loop_record, groups_beyond_a_small_loop_stay_shut) {
  static ppar_pool pool;
  begin_pool(&pool, 32);
  pp_record *record = acquire(&pool, 32);
  open_loop(record, PP_BY_RANGE, 32);
  pp_record_release(record);
  cr_assert_eq(acquire(&pool, 3), record);
  open_loop(record, PP_BY_RANGE, 3);
  for (uint32_t g = 1; g < 4; g++) cr_expect_lt(join(record, g, true), 0);
  cr_expect_eq(join(record, 0, false), 1);
  pp_group_leave(&record->share.groups[0], 1, 1, true);
  pp_record_release(record);
  pp_pool_finish(&pool);
}

/* --- Stragglers ---------------------------------------------------------------------------------------------- */

Test(loop_record, a_record_with_a_straggler_in_any_group_is_left_alone) {
  static ppar_pool pool;
  begin_pool(&pool, 32);
  for (uint32_t g = 0; g < 4; g++) {
    pp_record *record = acquire(&pool, 32);
    open_loop(record, PP_BY_RANGE, 32);
    int slot = join(record, g, false);
    cr_assert_geq(slot, 0);
    pp_store_relaxed(&record->active, 0);
    pp_record_release(record); /* the loop is over for its caller */
    pp_record *other = acquire(&pool, 32);
    cr_assert_not_null(other);
    cr_expect_neq(other, record);
    pp_group_leave(&record->share.groups[g], (uint32_t)slot, 0, false);
    pp_record *again[8];
    int count = 0;
    while (count < 8 && (again[count] = acquire(&pool, 32)) != record) count++;
    cr_expect_lt(count, 8, "once the straggler has left, the record serves again");
    release_all();
  }
  pp_pool_finish(&pool);
}

Test(loop_record, nobody_joins_the_old_loop_once_the_record_serves_another) {
  static const pp_sharing ways[] = {PP_BY_SLOT, PP_BY_RANGE, PP_BY_COUNTER};
  static ppar_pool pool;
  begin_pool(&pool, 16);
  for (int way = 0; way < 3; way++) {
    uint32_t first;
    pp_record *record = acquire(&pool, 16);
    open_loop(record, ways[way], 16); /* and nobody ever came: its parts were adopted, or are pooled */
    for (uint32_t g = 0; g < 2; g++) (void)pp_group_adopt(&record->share.groups[g], PP_GROUP_SLOTS, &first);
    pp_record_release(record);
    cr_assert_eq(acquire(&pool, 16), record);
    for (uint32_t g = 0; g < 2; g++) {
      cr_expect_lt(join(record, g, false), 0);
      cr_expect_lt(join(record, g, true), 0);
    }
    pp_record_release(record);
  }
  pp_pool_finish(&pool);
}

/* --- Alerts, offers ----------------------------------------------------------------------------------------------*/

Test(loop_record, a_cancellation_alerts_every_part) {
  static ppar_pool pool;
  begin_pool(&pool, 16);
  pp_record *record = acquire(&pool, 11);
  open_loop(record, PP_BY_SLOT, 11);
  pp_control_cancel(&record->control, 3, 7);
  for (uint32_t s = 0; s < 11; s++) cr_expect_eq(pp_load_relaxed(&record->share.slots[s].alert), 1);
  for (uint32_t s = 11; s < record->capacity; s++) cr_expect_eq(pp_load_relaxed(&record->share.slots[s].alert), 0);
  cr_expect(pp_control_is_canceled(&record->control));
  cr_expect_eq(record->control.cancel.status, 7);
  pp_record_release(record);
  pp_pool_finish(&pool);
}

/* An offer rings for those who are awake, and wakes the caller if it sleeps. */
Test(loop_record, an_offer_rings_and_wakes_the_caller) {
  static ppar_pool pool;
  begin_pool(&pool, 4);
  pp_record *first = acquire(&pool, 4), *record = acquire(&pool, 4);
  uint64_t before = pp_bell_look(&pool.bell);
  pp_parking_prepare(&record->parking);
  record->share.offer(&record->share);
  cr_expect_eq(pp_bell_epoch(pp_bell_look(&pool.bell)), pp_bell_epoch(before) + 1);
  cr_expect_eq(pp_bell_post(pp_bell_look(&pool.bell)), record->number);
  cr_expect_not(pp_parking_is_used(&record->parking));
  pp_record_release(first);
  pp_record_release(record);
  pp_pool_finish(&pool);
}

/* --- In a forked child -------------------------------------------------------------------------------------------- */

static void renew(pp_record *record, bool own, bool torn) { record->owned.type->renew(&record->owned, own, torn); }

static void expect_as_new(pp_record *record) {
  cr_expect(is_quiet(record));
  cr_expect_eq(pp_load_relaxed(&record->active), 0);
  cr_expect_eq(pp_load_relaxed(&record->open_groups), 0);
  cr_expect_not(pp_parking_is_used(&record->parking));
  cr_expect_eq(pp_load_relaxed(&record->control.cancel.lock), 0);
  for (uint32_t s = 0; s < record->capacity; s++)
    cr_assert_eq(pp_span_length(pp_range_peek(&record->share.slots[s].range)), 0);
}

/* Whoever was in it, and whosever it was: `own` that of the thread that forked. */
static void expect_renewal(bool own) {
  static ppar_pool pool;
  memset(&pool, 0, sizeof pool);
  begin_pool(&pool, 16);
  pp_record *record = acquire(&pool, 16);
  open_loop(record, PP_BY_RANGE, 16);
  cr_assert_geq(join(record, 1, false), 0);
  pp_range_put(&record->share.slots[9].range, (pp_span){3, 8});
  pp_parking_prepare(&record->parking);
  pp_store_relaxed(&record->control.cancel.lock, 1);
  if (own) pp_record_release(record);
  renew(record, own, !own);
  expect_as_new(record);
  pp_record_release(record);
  cr_expect_eq(acquire(&pool, 16), record);
  pp_record_release(record);
  pp_pool_finish(&pool);
}

Test(loop_record, a_renewed_record_is_quiet_whoever_was_in_it) { expect_renewal(true); }
Test(loop_record, a_record_of_a_thread_that_is_gone_is_as_new) { expect_renewal(false); }

Test(loop_record, nobody_joins_the_loop_in_which_a_thread_forks) {
  static ppar_pool pool;
  begin_pool(&pool, 16);
  pp_record *record = acquire(&pool, 16);
  open_loop(record, PP_BY_RANGE, 16);
  pp_range_put(&record->share.slots[0].range, (pp_span){3, 8});
  renew(record, true, false);
  for (uint32_t g = 0; g < 2; g++) cr_expect_lt(join(record, g, true), 0);
  cr_expect_eq(pp_span_length(pp_range_peek(&record->share.slots[0].range)), 5, "the body that forked may go on");
  pp_record_release(record);
  cr_expect_eq(acquire(&pool, 16), record);
  pp_record_release(record);
  pp_pool_finish(&pool);
}

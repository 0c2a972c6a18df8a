/* SPDX-License-Identifier: MIT */
/* loop_share.c: loops that share by range: two members on one thread, so that who does what when is the test's to say:
 * adopting, stealing, begging, handing back, stopping after a failure. With workers: pool_share_workers.c. */
#include <pthread.h>
#include <unistd.h>

#include <ppar/ppar.h>

#include "../support/cases.h"
#include "../support/findings.h"
#include "../support/scale.h"
#include "loop/member.h"

TestSuite(loop_share, .timeout = SCALE_TIMEOUT);

/* --- Parts ----------------------------------------------------------------------------------------------------- */

static pp_loop loop_of(uint32_t units, uint32_t parts) {
  return (pp_loop){.units = {units, 1, units}, .parts = parts, .slots = parts};
}

Test(loop_share, parts_tile_the_units_larger_ones_first) {
  static const uint32_t counts[] = {1, 2, 7, 8, 9, 100, 1000003, PP_UNITS_MAX};
  for (int c = 0; c < 8; c++) {
    for (uint32_t parts = 1; parts <= 40 && parts <= counts[c]; parts++) {
      pp_loop loop = loop_of(counts[c], parts);
      uint32_t next = 0, longest = 0, length = 0;
      for (uint32_t part = 0; part < parts; part++) {
        pp_span span = pp_loop_parts(&loop, part, 1);
        cr_assert_eq(span.first, next);
        length = pp_span_length(span);
        if (part == 0) longest = length;
        cr_assert(length == longest || length == longest - 1);
        cr_assert_geq(length, 1);
        next = span.past;
      }
      cr_assert_eq(next, counts[c]);
    }
  }
}

Test(loop_share, neighbouring_parts_are_one_span) {
  for (uint32_t parts = 1; parts <= 20; parts++) {
    pp_loop loop = loop_of(137, parts);
    for (uint32_t first = 0; first < parts; first++) {
      for (uint32_t count = 1; first + count <= parts; count++) {
        pp_span span = pp_loop_parts(&loop, first, count);
        cr_assert_eq(span.first, pp_loop_parts(&loop, first, 1).first);
        cr_assert_eq(span.past, pp_loop_parts(&loop, first + count - 1, 1).past);
      }
    }
  }
}

/* --- Two members on one thread ---------------------------------------------------------------------------------- */

enum { ITERATIONS_MOST = 512 };

typedef struct stage {
  ppar_pool pool;
  pp_record *record;
  pp_member caller, thief;             /* slots 0 and 1 */
  signed char runner[ITERATIONS_MOST]; /* the slot that ran it; -1: not run */
  bool twice;
  void (*act)(struct stage *s, const ppar_chunk *chunk); /* within the body, before it counts */
  int64_t fails_at;                                      /* iteration; -1: none */
  int64_t failed_past;                                   /* where its chunk ends */
} stage;

static void note(const ppar_chunk *chunk, void *arg) {
  stage *s = arg;
  if (s->act != NULL) s->act(s, chunk);
  for (int64_t i = chunk->begin; i < chunk->end; i++) {
    if (s->runner[i] >= 0) s->twice = true;
    s->runner[i] = (signed char)chunk->thread;
    if (i != s->fails_at) continue;
    s->failed_past = chunk->end;
    ppar_cancel(chunk, 5);
  }
}

/* Not inlined: gcc 12's check for NULL misreads the address of a thread's own variable. */
static __attribute__((noinline)) pp_self *this_thread(void) { return pp_self_get(); }

/* Opens a loop of chunks of one iteration, or adaptive, with this many parts; the caller is in it. */
static void begin_stage(stage *s, uint32_t iterations, uint32_t parts, bool adaptive) {
  pp_pool_config config = {.threads = 1, .name = "test", .destroyable = true};
  cr_assert_eq(pp_pool_init(&s->pool, &config), PPAR_OK);
  s->record = pp_record_acquire(&s->pool, this_thread(), parts);
  cr_assert_not_null(s->record);
  s->record->loop = loop_of(iterations, parts);
  (void)pp_space_make(&s->record->loop.space, 0, iterations, 1);
  s->record->loop.body = note;
  s->record->loop.arg = s;
  s->record->loop.sharing = PP_BY_RANGE;
  s->record->loop.adaptive = adaptive;
  s->record->loop.chunk = adaptive ? 0 : 1;
  s->record->loop.depth = 1;
  pp_cancel_reset(&s->record->control.cancel);
  memset(s->runner, -1, sizeof s->runner);
  s->fails_at = -1;
  pp_record_open(s->record);
  pp_member_enter(&s->caller, &s->record->loop, &s->record->control, this_thread());
  s->caller.alert = &s->record->slots[0].alert;
  pp_member_use_slot(&s->caller, 0, true);
}

/* A worker joins as slot 1, with that slot's part or after it has gone. */
static bool join_stage(stage *s) {
  pp_join join = pp_group_join(&s->record->groups[0], 1, true);
  cr_assert_eq(join.slot, 1);
  pp_member_enter(&s->thief, &s->record->loop, &s->record->control, this_thread());
  s->thief.alert = &s->record->slots[1].alert;
  pp_member_use_slot(&s->thief, 1, join.anew);
  return join.part;
}

static void leave_stage(stage *s) {
  pp_member_exit(&s->thief);
  (void)pp_group_leave(&s->record->groups[0], 1, s->thief.done, true);
}

static uint32_t done_units(stage *s) {
  return (uint32_t)(s->caller.done + (pp_load_relaxed(&s->record->groups[0].word) & PP_DONE_MASK));
}

static void end_stage(stage *s) {
  pp_member_exit(&s->caller);
  pp_record_release(s->record);
  pp_pool_finish(&s->pool);
}

static uint32_t run_by(stage *s, int slot, uint32_t first, uint32_t past) {
  uint32_t count = 0;
  for (uint32_t i = first; i < past; i++) count += s->runner[i] == slot;
  return count;
}

static pp_span range_of(stage *s, uint32_t slot) { return pp_range_peek(&s->record->slots[slot].range); }

static void expect_all_run_once(stage *s, uint32_t iterations) {
  cr_expect_not(s->twice);
  cr_expect_eq(run_by(s, -1, 0, iterations), 0);
}

Test(loop_share, a_member_runs_its_range_once_and_counts_it) {
  for (int adaptive = 0; adaptive < 2; adaptive++) {
    for (uint32_t n = 1; n <= 300; n += 7) {
      static stage s;
      memset(&s, 0, sizeof s);
      begin_stage(&s, n, 1, adaptive != 0);
      pp_member_own(&s.caller, pp_loop_parts(&s.record->loop, 0, 1));
      pp_member_run_range(&s.caller);
      expect_all_run_once(&s, n);
      cr_expect_eq(s.caller.done, n);
      cr_expect_eq(pp_span_length(range_of(&s, 0)), 0);
      cr_expect_not(pp_member_find_work(&s.caller));
      cr_expect_gt(pp_member_pace(&s.caller), 0);
      end_stage(&s);
    }
  }
}

Test(loop_share, parts_that_nobody_has_are_adopted_together) {
  static stage s;
  begin_stage(&s, 80, 8, false);
  cr_assert(join_stage(&s));
  pp_member_own(&s.caller, pp_loop_parts(&s.record->loop, 0, 1));
  pp_member_run_range(&s.caller);
  cr_assert(pp_member_find_work(&s.caller));
  cr_expect_eq(range_of(&s, 0).first, 20, "slot 1 has its part");
  cr_expect_eq(range_of(&s, 0).past, 80);
  pp_member_run_range(&s.caller);
  cr_expect_not(pp_member_find_work(&s.caller));
  pp_member_own(&s.thief, pp_loop_parts(&s.record->loop, 1, 1));
  pp_member_run_range(&s.thief);
  leave_stage(&s);
  expect_all_run_once(&s, 80);
  cr_expect_eq(run_by(&s, 1, 10, 20), 10);
  cr_expect_eq(done_units(&s), 80);
  end_stage(&s);
}

Test(loop_share, parts_beyond_the_first_group_are_adopted_too) {
  static stage s;
  begin_stage(&s, 200, 20, false);
  pp_member_own(&s.caller, pp_loop_parts(&s.record->loop, 0, 1));
  do {
    pp_member_run_range(&s.caller);
  } while (pp_member_find_work(&s.caller));
  expect_all_run_once(&s, 200);
  cr_expect_eq(s.caller.done, 200);
  end_stage(&s);
}

Test(loop_share, the_back_half_of_anothers_range_is_stolen) {
  static stage s;
  begin_stage(&s, 101, 2, false);
  cr_assert(join_stage(&s));
  pp_member_own(&s.caller, pp_loop_parts(&s.record->loop, 0, 1)); /* 0 ... 50 */
  pp_member_own(&s.thief, pp_loop_parts(&s.record->loop, 1, 1));
  pp_member_run_range(&s.thief);
  s.thief.all_below = 0; /* as with slow iterations */
  cr_assert(pp_member_find_work(&s.thief));
  cr_expect_eq(range_of(&s, 1).first, 25);
  cr_expect_eq(range_of(&s, 1).past, 51);
  cr_expect_eq(range_of(&s, 0).past, 25);
  pp_member_run_range(&s.caller);
  s.caller.all_below = 0;
  cr_assert(pp_member_find_work(&s.caller), "and what was stolen can be stolen back");
  cr_expect_eq(range_of(&s, 0).first, 38);
  pp_member_run_range(&s.caller);
  pp_member_run_range(&s.thief);
  cr_expect_not(pp_member_find_work(&s.thief));
  leave_stage(&s);
  expect_all_run_once(&s, 101);
  cr_expect_eq(done_units(&s), 101);
  end_stage(&s);
}

Test(loop_share, a_thief_may_use_a_slot_whose_part_has_gone) {
  static stage s;
  begin_stage(&s, 60, 2, false);
  pp_member_own(&s.caller, pp_loop_parts(&s.record->loop, 0, 1));
  pp_member_run_range(&s.caller);
  cr_assert(pp_member_find_work(&s.caller)); /* slot 1's part */
  cr_expect_not(join_stage(&s));
  cr_assert(pp_member_find_work(&s.thief));
  pp_member_run_range(&s.thief);
  pp_member_run_range(&s.caller);
  leave_stage(&s);
  expect_all_run_once(&s, 60);
  cr_expect_eq(run_by(&s, 1, 45, 60), 15);
  cr_expect_eq(done_units(&s), 60);
  end_stage(&s);
}

Test(loop_share, begging_alerts_another_member_once) {
  static stage s;
  begin_stage(&s, 60, 2, false);
  cr_assert(join_stage(&s));
  pp_member_beg(&s.thief);
  cr_expect_eq(pp_load_relaxed(&s.record->slots[0].alert), 1);
  cr_expect_eq(pp_load_relaxed(&s.record->slots[1].alert), 0);
  cr_expect_not(pp_member_heed(&s.caller), "hunger is no cancellation");
  cr_expect_eq(pp_load_relaxed(&s.record->slots[0].alert), 0);
  pp_member_beg(&s.caller);
  cr_expect_eq(pp_load_relaxed(&s.record->slots[1].alert), 1);
  cr_expect_eq(pp_load_relaxed(&s.record->slots[0].alert), 0);
  leave_stage(&s);
  end_stage(&s);
}

/* In the caller's slow batch: a thief takes all that the caller's range has left, begs for some of the batch, and takes
 * what it is given. */
static void beg_then_steal(stage *s, const ppar_chunk *chunk) {
  if (chunk->thread != 0) return;
  usleep(200); /* slow enough to be worth handing back */
  if (chunk->begin == 0) {
    while (pp_member_find_work(&s->thief)) pp_member_run_range(&s->thief);
    pp_member_beg(&s->thief);
  } else if (pp_span_length(range_of(s, 1)) == 0) {
    (void)pp_member_find_work(&s->thief);
  }
}

static void hand_back_to_a_beggar(bool adaptive) {
  static stage s;
  begin_stage(&s, 256, 2, adaptive);
  cr_assert(join_stage(&s));
  pp_member_own(&s.thief, pp_loop_parts(&s.record->loop, 1, 1));
  pp_member_run_range(&s.thief);
  s.act = beg_then_steal;
  s.caller.batch = 64;
  s.caller.all_below = 0;
  pp_member_own(&s.caller, pp_loop_parts(&s.record->loop, 0, 1));
  pp_member_run_range(&s.caller);
  pp_member_run_range(&s.thief);
  leave_stage(&s);
  expect_all_run_once(&s, 256);
  cr_expect_eq(run_by(&s, 1, 64, 256), 192, "the rest of the range went to the thief");
  cr_expect_gt(run_by(&s, 1, 0, 64), 0, "and part of the batch");
  cr_expect_gt(run_by(&s, 0, 0, 64), 0);
  cr_expect_eq(done_units(&s), 256);
  end_stage(&s);
}

Test(loop_share, a_slow_batch_of_chunks_is_handed_back_to_a_beggar) { hand_back_to_a_beggar(false); }
Test(loop_share, a_slow_batch_of_any_sizes_is_handed_back_to_a_beggar) { hand_back_to_a_beggar(true); }

/* --- A failure -----------------------------------------------------------------------------------------------------
 */

/* A member that has no companions runs its range in order: nothing comes after the failure. */
static void fail_at(uint32_t n, int64_t failing, uint32_t batch, bool adaptive) {
  static stage s;
  memset(&s, 0, sizeof s);
  begin_stage(&s, n, 1, adaptive);
  s.fails_at = failing;
  s.caller.batch = batch;
  s.caller.all_below = 0;
  pp_member_own(&s.caller, pp_loop_parts(&s.record->loop, 0, 1));
  pp_member_run_range(&s.caller);
  uint32_t past = (uint32_t)s.failed_past, late = run_by(&s, 0, past, n);
  cr_assert_eq(run_by(&s, -1, 0, past), 0, "all before the failure are run");
  cr_assert(adaptive || past == (uint32_t)failing + 1);
  cr_assert_eq(late, 0, "%u run after %d of %u failed, first batch %u", late, (int)failing, n, batch);
  cr_assert_eq(s.caller.done, n, "what is skipped counts as done");
  cr_assert_eq(s.record->control.cancel.status, 5);
  end_stage(&s);
}

Test(loop_share, chunks_after_a_failed_one_are_skipped) {
  static const uint32_t batches[] = {1, 2, 3, 8, 64};
  for (int b = 0; b < 5; b++) {
    for (int64_t failing = 0; failing < 64; failing++) fail_at(64, failing, batches[b], false);
  }
}

Test(loop_share, pieces_after_a_failed_one_are_skipped) {
  static const uint32_t batches[] = {1, 2, 3, 8, 64};
  for (int b = 0; b < 5; b++) {
    for (int64_t failing = 0; failing < 64; failing++) fail_at(64, failing, batches[b], true);
  }
}

Test(loop_share, a_failure_does_not_reach_the_chunks_before_it) {
  static stage s;
  begin_stage(&s, 64, 2, false);
  cr_assert(join_stage(&s));
  s.fails_at = 40;
  pp_member_own(&s.thief, pp_loop_parts(&s.record->loop, 1, 1));
  pp_member_run_range(&s.thief); /* 32 ... 63 */
  pp_member_own(&s.caller, pp_loop_parts(&s.record->loop, 0, 1));
  pp_member_run_range(&s.caller);
  leave_stage(&s);
  cr_expect_eq(run_by(&s, 0, 0, 32), 32);
  cr_expect_eq(run_by(&s, 1, 32, 41), 9);
  cr_expect_eq(done_units(&s), 64);
  end_stage(&s);
}

/* SPDX-License-Identifier: MIT */
/* loop_member.c: members of loops that share by range: two of them on one thread, so that who does what when is the
 * test's to say: adopting, stealing, begging, handing back, stopping after a failure. With workers:
 * share_steal_workers.c. */
#include "loop/member.h"

#include <unistd.h>

#include <ppar/ppar.h>

#include "../support/scale.h"
#include "loop_records.h"
#include "share/batch.h"
#include "share/steal.h"

TestSuite(loop_member, .timeout = SCALE_TIMEOUT);

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

/* The member is in the loop, under this slot. */
static void enter(stage *s, pp_member *member, uint32_t slot, bool anew) {
  pp_record *record = s->record;
  pp_member_enter(member, &record->loop, &record->control, this_thread(), &record->scope, &s->pool);
  pp_claim_enter(&member->claimer, &record->loop.division, &record->share, slot, &record->share.slots[slot].alert);
  pp_claim_enter_range(&member->claimer, record->loop.division.adaptive, false);
  pp_member_use_slot(member, slot, anew);
}

/* Opens a loop of chunks of one iteration, or adaptive, with this many parts; the caller is in it. */
static void begin_stage(stage *s, uint32_t iterations, uint32_t parts, bool adaptive) {
  begin_pool(&s->pool, 1);
  s->record = acquire(&s->pool, parts);
  cr_assert_not_null(s->record);
  s->record->loop = (pp_loop){.body = note, .arg = s, .depth = 1};
  s->record->loop.division = (pp_division){.sharing = PP_BY_RANGE,
                                           .adaptive = adaptive,
                                           .chunk = adaptive ? 0 : 1,
                                           .units = {iterations, 1, iterations},
                                           .parts = parts,
                                           .slots = parts};
  (void)pp_space_make(&s->record->loop.division.space, 0, iterations, 1);
  memset(s->runner, -1, sizeof s->runner);
  s->fails_at = -1;
  pp_record_open(s->record);
  enter(s, &s->caller, 0, true);
}

/* A worker joins as slot 1, with that slot's part or after it has gone. */
static bool join_stage(stage *s) {
  pp_join join = pp_group_join(&s->record->share.groups[0], 1, true);
  cr_assert_eq(join.slot, 1);
  enter(s, &s->thief, 1, join.anew);
  return join.part;
}

/* The member has the part of its slot as its range. */
static void own_part(pp_member *member) {
  pp_claimer *claimer = &member->claimer;
  pp_claim_own(claimer, pp_division_parts(claimer->division, claimer->number, 1));
  if (claimer->full == 0) pp_batch_start(claimer, 0);
}

static void run_part(pp_member *member) {
  own_part(member);
  pp_member_run(member);
}

static bool find_work(pp_member *member) {
  if (!pp_claim_find(&member->claimer)) return false;
  if (member->claimer.full == 0) pp_batch_start(&member->claimer, 0);
  return true;
}

static void leave_stage(stage *s) {
  pp_member_exit(&s->thief);
  (void)pp_group_leave(&s->record->share.groups[0], 1, s->thief.claimer.done, true);
}

static uint32_t done_units(stage *s) {
  return (uint32_t)(s->caller.claimer.done + (pp_load_relaxed(&s->record->share.groups[0].word) & PP_DONE_MASK));
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

static pp_span range_of(stage *s, uint32_t slot) { return pp_range_peek(&s->record->share.slots[slot].range); }

static void expect_all_run_once(stage *s, uint32_t iterations) {
  cr_expect_not(s->twice);
  cr_expect_eq(run_by(s, -1, 0, iterations), 0);
}

Test(loop_member, a_member_runs_its_range_once_and_counts_it) {
  for (int adaptive = 0; adaptive < 2; adaptive++) {
    for (uint32_t n = 1; n <= 300; n += 7) {
      static stage s;
      memset(&s, 0, sizeof s);
      begin_stage(&s, n, 1, adaptive != 0);
      run_part(&s.caller);
      expect_all_run_once(&s, n);
      cr_expect_eq(s.caller.claimer.done, n);
      cr_expect_eq(pp_span_length(range_of(&s, 0)), 0);
      cr_expect_not(find_work(&s.caller));
      cr_expect_gt(pp_batch_pace(&s.caller.claimer), 0);
      end_stage(&s);
    }
  }
}

Test(loop_member, parts_that_nobody_has_are_adopted_together) {
  static stage s;
  begin_stage(&s, 80, 8, false);
  cr_assert(join_stage(&s));
  run_part(&s.caller);
  cr_assert(find_work(&s.caller));
  cr_expect_eq(range_of(&s, 0).first, 20, "slot 1 has its part");
  cr_expect_eq(range_of(&s, 0).past, 80);
  pp_member_run(&s.caller);
  cr_expect_not(find_work(&s.caller));
  run_part(&s.thief);
  leave_stage(&s);
  expect_all_run_once(&s, 80);
  cr_expect_eq(run_by(&s, 1, 10, 20), 10);
  cr_expect_eq(done_units(&s), 80);
  end_stage(&s);
}

Test(loop_member, parts_beyond_the_first_group_are_adopted_too) {
  static stage s;
  begin_stage(&s, 200, 20, false);
  own_part(&s.caller);
  do {
    pp_member_run(&s.caller);
  } while (find_work(&s.caller));
  expect_all_run_once(&s, 200);
  cr_expect_eq(s.caller.claimer.done, 200);
  end_stage(&s);
}

Test(loop_member, the_back_half_of_anothers_range_is_stolen) {
  static stage s;
  begin_stage(&s, 101, 2, false);
  cr_assert(join_stage(&s));
  own_part(&s.caller); /* 0 ... 50 */
  run_part(&s.thief);
  s.thief.claimer.undivided = 0; /* as with slow iterations */
  cr_assert(find_work(&s.thief));
  cr_expect_eq(range_of(&s, 1).first, 25);
  cr_expect_eq(range_of(&s, 1).past, 51);
  cr_expect_eq(range_of(&s, 0).past, 25);
  pp_member_run(&s.caller);
  s.caller.claimer.undivided = 0;
  cr_assert(find_work(&s.caller), "and what was stolen can be stolen back");
  cr_expect_eq(range_of(&s, 0).first, 38);
  pp_member_run(&s.caller);
  pp_member_run(&s.thief);
  cr_expect_not(find_work(&s.thief));
  leave_stage(&s);
  expect_all_run_once(&s, 101);
  cr_expect_eq(done_units(&s), 101);
  end_stage(&s);
}

Test(loop_member, a_thief_may_use_a_slot_whose_part_has_gone) {
  static stage s;
  begin_stage(&s, 60, 2, false);
  run_part(&s.caller);
  cr_assert(find_work(&s.caller)); /* slot 1's part */
  cr_expect_not(join_stage(&s));
  cr_assert(find_work(&s.thief));
  pp_member_run(&s.thief);
  pp_member_run(&s.caller);
  leave_stage(&s);
  expect_all_run_once(&s, 60);
  cr_expect_eq(run_by(&s, 1, 45, 60), 15);
  cr_expect_eq(done_units(&s), 60);
  end_stage(&s);
}

Test(loop_member, begging_alerts_another_member_once) {
  static stage s;
  begin_stage(&s, 60, 2, false);
  cr_assert(join_stage(&s));
  pp_claim_beg(&s.thief.claimer);
  cr_expect_eq(pp_load_relaxed(&s.record->share.slots[0].alert), 1);
  cr_expect_eq(pp_load_relaxed(&s.record->share.slots[1].alert), 0);
  cr_expect_not(pp_control_is_canceled(&s.record->control), "hunger is no cancellation");
  pp_member_run(&s.caller); /* has nothing to hand back: the alert waits */
  cr_expect_eq(pp_load_relaxed(&s.record->share.slots[0].alert), 1);
  cr_expect_eq(pp_exchange_acquire(s.caller.claimer.alert, 0), 1);
  cr_expect_eq(pp_load_relaxed(&s.record->share.slots[0].alert), 0);
  pp_claim_beg(&s.caller.claimer);
  cr_expect_eq(pp_load_relaxed(&s.record->share.slots[1].alert), 1);
  cr_expect_eq(pp_load_relaxed(&s.record->share.slots[0].alert), 0);
  leave_stage(&s);
  end_stage(&s);
}

/* In the caller's slow batch: a thief takes all that the caller's range has left, begs for some of the batch, and takes
 * what it is given. */
static void beg_then_steal(stage *s, const ppar_chunk *chunk) {
  if (chunk->thread != 0) return;
  usleep(200); /* slow enough to be worth handing back */
  if (chunk->begin == 0) {
    while (find_work(&s->thief)) pp_member_run(&s->thief);
    pp_claim_beg(&s->thief.claimer);
  } else if (pp_span_length(range_of(s, 1)) == 0) {
    (void)find_work(&s->thief);
  }
}

static void hand_back_to_a_beggar(bool adaptive) {
  static stage s;
  begin_stage(&s, 256, 2, adaptive);
  cr_assert(join_stage(&s));
  run_part(&s.thief);
  s.act = beg_then_steal;
  s.caller.claimer.full = 64;
  s.caller.claimer.undivided = 0;
  run_part(&s.caller);
  pp_member_run(&s.thief);
  leave_stage(&s);
  expect_all_run_once(&s, 256);
  cr_expect_eq(run_by(&s, 1, 64, 256), 192, "the rest of the range went to the thief");
  cr_expect_gt(run_by(&s, 1, 0, 64), 0, "and part of the batch");
  cr_expect_gt(run_by(&s, 0, 0, 64), 0);
  cr_expect_eq(done_units(&s), 256);
  end_stage(&s);
}

Test(loop_member, a_slow_batch_of_chunks_is_handed_back_to_a_beggar) { hand_back_to_a_beggar(false); }
Test(loop_member, a_slow_batch_of_any_sizes_is_handed_back_to_a_beggar) { hand_back_to_a_beggar(true); }

/* --- A failure -----------------------------------------------------------------------------------------------------
 */

/* A member that has no companions runs its range in order: nothing comes after the failure. */
static void fail_at(uint32_t n, int64_t failing, uint32_t batch, bool adaptive) {
  static stage s;
  memset(&s, 0, sizeof s);
  begin_stage(&s, n, 1, adaptive);
  s.fails_at = failing;
  s.caller.claimer.full = batch;
  s.caller.claimer.undivided = 0;
  run_part(&s.caller);
  uint32_t past = (uint32_t)s.failed_past, late = run_by(&s, 0, past, n);
  cr_assert_eq(run_by(&s, -1, 0, past), 0, "all before the failure are run");
  cr_assert(adaptive || past == (uint32_t)failing + 1);
  cr_assert_eq(late, 0, "%u run after %d of %u failed, first batch %u", late, (int)failing, n, batch);
  cr_assert_eq(s.caller.claimer.done, n, "what is skipped counts as done");
  cr_assert_eq(s.record->control.cancel.status, 5);
  end_stage(&s);
}

Test(loop_member, chunks_after_a_failed_one_are_skipped) {
  static const uint32_t batches[] = {1, 2, 3, 8, 64};
  for (int b = 0; b < 5; b++) {
    for (int64_t failing = 0; failing < 64; failing++) fail_at(64, failing, batches[b], false);
  }
}

Test(loop_member, pieces_after_a_failed_one_are_skipped) {
  static const uint32_t batches[] = {1, 2, 3, 8, 64};
  for (int b = 0; b < 5; b++) {
    for (int64_t failing = 0; failing < 64; failing++) fail_at(64, failing, batches[b], true);
  }
}

Test(loop_member, a_failure_does_not_reach_the_chunks_before_it) {
  static stage s;
  begin_stage(&s, 64, 2, false);
  cr_assert(join_stage(&s));
  s.fails_at = 40;
  run_part(&s.thief); /* 32 ... 63 */
  run_part(&s.caller);
  leave_stage(&s);
  cr_expect_eq(run_by(&s, 0, 0, 32), 32);
  cr_expect_eq(run_by(&s, 1, 32, 41), 9);
  cr_expect_eq(done_units(&s), 64);
  end_stage(&s);
}

/* --- An alert of an earlier loop ------------------------------------------------------------------------------ */

/* A thief that begs as a loop ends leaves the alert raised. Loops that have nothing to hand back lower it, or each of
 * their chunks would be looked after by itself. */
Test(loop_member, loops_that_do_not_share_lower_an_alert_that_is_left) {
  for (uint64_t chunk = 0; chunk <= 1; chunk++) {
    static stage s;
    memset(&s, 0, sizeof s);
    begin_stage(&s, 64, 1, false);
    s.record->loop.division.sharing = PP_BY_SLOT;
    s.record->loop.division.units.count = 0;
    s.record->loop.division.chunk = chunk;
    pp_store_relaxed(&s.record->share.slots[0].alert, 1);
    pp_member_run_part(&s.caller);
    expect_all_run_once(&s, 64);
    cr_expect_eq(pp_load_relaxed(&s.record->share.slots[0].alert), 0);
    end_stage(&s);
  }
}

/* SPDX-License-Identifier: MIT */
/* caller.c: the course of a loop.
 *
 * What moves, for a caller alone (no worker is looking): the record, its first group's line and the bell stay in the
 * caller's cache; two locked operations, the ring and the adoption of a second slot, or one adoption per slot where
 * each slot has its own part. With workers: a worker takes the bell's line (a look), those of the record's descriptor
 * lines that the caller has written since the loop before (none, where the same loop is run again and again), and its
 * group's line twice (join, leave); the caller takes each group's line back once. Nothing moves per chunk, except by
 * counter. */
#include "loop/caller.h"

#include <ppar/status.h>

#include "loop/combine.h"
#include "loop/member.h"
#include "loop/record.h"
#include "platform/boundary.h"
#include "platform/memory.h"
#include "platform/race_checker.h"
#include "pool/left.h"
#include "pool/pool.h"
#include "schedule/tuning.h"
#include "share/batch.h"
#include "share/steal.h"
#include "trace/spans.h"

/* --- On this thread alone --------------------------------------------------------------------------------- */

static void run_all_parts(pp_member *member) {
  for (uint32_t slot = 0; slot < member->loop->division.parts; slot++) {
    pp_member_use_slot(member, slot, slot == 0);
    pp_member_run_part(member);
  }
}

static void run_guided(pp_member *member) {
  pp_counter counter;
  pp_share share = {.division = &member->loop->division, .counter = &counter};
  pp_store_relaxed(&counter.next, 0);
  member->claimer.share = &share;
  member->claimer.kind = PP_CLAIM_COUNTER;
  pp_member_run(member);
}

/* The whole loop, slot by slot; loop->partials is one value. */
static void run_serial(const pp_loop *loop, pp_control *control, pp_self *self) {
  const pp_division *division = &loop->division;
  pp_member member;
  pp_member_enter(&member, loop, control, self, NULL, NULL);
  pp_claim_enter(&member.claimer, division, NULL, 0, &control->alert);
  pp_member_use_slot(&member, 0, true);
  pp_member_begin_work(&member);
  if (division->sharing == PP_BY_SLOT) {
    run_all_parts(&member);
  } else if (division->guided) {
    run_guided(&member);
  } else {
    pp_claim_block(&member.claimer, 0, division->space.count, division->adaptive ? 0 : division->chunk);
    pp_member_run(&member);
  }
  PP_BOUNDARY();
  pp_member_exit(&member);
}

static int execute_serial(pp_self *self, pp_loop *loop, void *result) {
  _Alignas(PP_SMALL_PARTIAL) unsigned char small[PP_SMALL_PARTIAL]; /* for any type of its size */
  void *large = NULL;
  pp_control control;
  int status = PPAR_OK;
  pp_control_reset(&control);
  control.share = NULL;
  loop->depth = self->place.depth + 1;
  loop->active = self->place.active + (loop->division.slots > 1);
  loop->group = self->place.group;
  loop->stride = 0;
  if (loop->reduction != NULL) {
    size_t size = loop->reduction->size;
    if (size > sizeof small && (large = pp_memory_alloc_values(size, size)) == NULL) return PPAR_ENOMEM;
    loop->partials = large != NULL ? large : small;
  }
  run_serial(loop, &control, self);
  if (pp_load_relaxed(&control.cancel.lowest) != PP_CANCEL_NONE) status = control.cancel.status;
  if (status == PPAR_OK && loop->reduction != NULL) loop->reduction->combine(result, loop->partials);
  PP_BOUNDARY();
  loop->partials = NULL;
  pp_memory_free(large);
  return status;
}

/* --- Waiting for the others ------------------------------------------------------------------------------- */

typedef struct loop_end {
  pp_waiting waiting;
  pp_record *record;
  pp_member *member;
  uint32_t slot; /* By slot: the part that was found. */
} loop_end;

static loop_end *end_of(pp_waiting *waiting) { return PP_OWNER_OF(loop_end, waiting, waiting); }

/* All is finished that had to be done. Who has joined and holds nothing is not waited for, but in a loop by counter of
 * more iterations than members can tell: there everyone must have left. */
static bool is_complete(pp_record *record, uint64_t done) {
  const pp_division *division = &record->loop.division;
  uint32_t groups = pp_groups_for(division->parts);
  bool is_told = pp_division_is_told(division);
  for (uint32_t g = 0; g < groups; g++) {
    pp_group *group = &record->share.groups[g];
    uint64_t word = pp_load_acquire(&group->word);
    if (!is_told && pp_group_field(word, PP_JOINED_SHIFT) != group->preset) return false;
    done += word & PP_DONE_MASK;
  }
  return !is_told || done == pp_division_whole(division);
}

static bool is_over(pp_waiting *waiting) {
  return is_complete(end_of(waiting)->record, end_of(waiting)->member->claimer.done);
}

/* By slot: takes one of the parts that nobody has, from group `from` on. */
static bool find_spare_part(pp_record *record, uint32_t from, uint32_t *slot) {
  uint32_t groups = pp_groups_for(record->loop.division.parts);
  for (uint32_t g = from; g < groups; g++) {
    if (pp_group_adopt(&record->share.groups[g], 1, slot) == 0) continue;
    *slot += g * PP_GROUP_SLOTS;
    return true;
  }
  return false;
}

/* Each part runs under its slot's number. */
static void run_spare_part(pp_member *member, uint32_t slot) {
  pp_member_use_slot(member, slot, true);
  pp_member_run_part(member);
  member->claimer.done++;
}

static bool find(pp_waiting *waiting) {
  loop_end *end = end_of(waiting);
  switch (end->record->loop.division.sharing) {
    case PP_BY_SLOT: return find_spare_part(end->record, 0, &end->slot); /* somebody may have withdrawn */
    case PP_BY_RANGE: return pp_claim_find(&end->member->claimer);
    case PP_BY_COUNTER: break;
  }
  return false;
}

static void run(pp_waiting *waiting) {
  loop_end *end = end_of(waiting);
  if (end->record->loop.division.sharing == PP_BY_SLOT) {
    run_spare_part(end->member, end->slot);
  } else {
    pp_member_run(end->member);
  }
}

static void ask(pp_waiting *waiting) {
  loop_end *end = end_of(waiting);
  if (end->record->loop.division.sharing == PP_BY_RANGE) pp_claim_beg(&end->member->claimer);
}

/* From here on leavers wake the caller, and so does who hands work back. */
static bool prepare_to_park(pp_waiting *waiting) {
  pp_record *record = end_of(waiting)->record;
  uint32_t groups = pp_groups_for(record->loop.division.parts);
  pp_parking_prepare(&record->parking);
  for (uint32_t g = 0; g < groups; g++) (void)pp_group_announce(&record->share.groups[g]);
  ask(waiting); /* The last look comes after that (pp_claim_own). */
  return true;
}

/* Where another member is in the middle of a batch the caller looks again: nobody may be there to wake it. */
static void sleep_on_record(pp_waiting *waiting) {
  if (!end_of(waiting)->member->claimer.pending) pp_parking_sleep(&end_of(waiting)->record->parking);
}
static void rise(pp_waiting *waiting) { pp_parking_rise(&end_of(waiting)->record->parking); }
static void wake(void *waiting) { pp_parking_wake(&end_of(waiting)->record->parking); }

static const pp_wait_kind loop_end_wait = {
    .is_over = is_over,
    .find = find,
    .run = run,
    .ask = ask,
    .prepare = prepare_to_park,
    .sleep = sleep_on_record,
    .rise = rise,
    .wake = wake,
    .size = sizeof(loop_end),
    .takes_tasks = true,
};

/* The caller's own work is done: it waits for the others', and takes of it what it can. */
static void wait_for_others(ppar_pool *pool, pp_record *record, pp_member *member) {
  loop_end end;
  if (is_complete(record, member->claimer.done)) return;
  end.waiting = pp_waiting_make(&loop_end_wait, pool, record);
  end.record = record;
  end.member = member;
  pp_wait(&end.waiting);
}

/* --- With others ------------------------------------------------------------------------------------------ */

static void run_as_caller(ppar_pool *pool, pp_record *record, pp_member *member, bool spared) {
  const pp_division *division = &record->loop.division;
  pp_claimer *claimer = &member->claimer;
  uint32_t groups = pp_groups_for(division->parts), slot = 0;
  switch (division->sharing) {
    case PP_BY_SLOT:
      pp_member_run_part(member);
      claimer->done = 1;
      while (find_spare_part(record, slot / PP_GROUP_SLOTS, &slot)) run_spare_part(member, slot);
      if (claimer->done == division->parts) return;
      break;
    case PP_BY_RANGE:
      pp_claim_enter_range(claimer, division->adaptive, spared);
      pp_loop_teach(&record->loop, claimer);
      do {
        pp_member_run(member);
      } while (pp_claim_find(claimer));
      break;
    case PP_BY_COUNTER:
      claimer->kind = PP_CLAIM_COUNTER;
      pp_member_run(member);
      pp_store_relaxed(&record->active, 0);
      for (uint32_t g = 0; g < groups; g++) (void)pp_group_close(&record->share.groups[g]);
      break;
  }
  wait_for_others(pool, record, member);
  pp_store_relaxed(&record->active, 0);
}

/* A short auto loop is given out in blocks, but for those by which its pace is known. */
static void choose_division(pp_record *record, pp_loop *loop) {
  pp_division *division = &loop->division;
  if (record->undivided != 0) {
    record->undivided--;
  } else if (!division->timed && !loop->pace.doubts && pp_loop_is_divided(loop)) {
    division->sharing = PP_BY_SLOT;
    division->units.count = 0;
  }
}

/* It has taken so many ticks in all. */
static void check_division(pp_record *record, uint64_t ticks) {
  if (ticks > 2 * pp_ticks_from_ns(PP_DIVIDED_NS)) record->undivided = PP_UNDIVIDED_LOOPS;
}

/* What is as it was the last time is not written: members have it. False: no memory for partial values. */
static bool prepare(pp_record *record, pp_loop *loop, const pp_self *self) {
  if (loop->reduction != NULL && !pp_partials_prepare(record, loop)) return false;
  loop->depth = self->place.depth + 1;
  loop->active = self->place.active + (loop->division.slots > 1);
  loop->group = self->place.group;
  loop->pace = record->pace;
  if (record->loops % PP_DOUBTED_LOOPS == 0) loop->pace.doubts = true;
  loop->division.timed = record->loops++ % PP_TIMED_LOOPS == 0;
  if (loop->division.adaptive && loop->division.sharing == PP_BY_RANGE) choose_division(record, loop);
  pp_loop_describe(&record->loop, loop);
  if (pp_self_is_inside_something(self) || record->scope.depth != 1) {
    pp_self_enter_scope(self, &record->scope, record);
    pp_store_relaxed(&record->marks, pp_scope_marks(&record->scope));
  }
  if (pp_load_relaxed(&record->control.cancel.lowest) != PP_CANCEL_NONE) pp_cancel_reset(&record->control.cancel);
  if (loop->division.sharing == PP_BY_COUNTER) pp_store_relaxed(&record->counter.next, 0);
  return true;
}

/* Tells whoever may come. True: sleepers are let sleep, since they would come too late. A loop inside of something is
 * told even where the pool has no workers for it: those who wait for what it is inside of may take part. */
static bool post(ppar_pool *pool, pp_record *record, uint32_t workers) {
  bool nested = record->scope.depth > 1;
  const pp_division *division = &record->loop.division;
  bool spared = division->adaptive && division->sharing == PP_BY_RANGE &&
                pp_bell_sleeper(pp_bell_look(&pool->bell)) != 0 && pp_loop_is_short(&record->loop);
  pp_edge_release(&record->loop); /* What comes before the call comes before the bodies. */
  pp_record_open(record);
  if (spared || (workers == 0 && nested)) {
    pp_bell_ring_awake(&pool->bell, record->number);
    if (spared && pp_trace_is_on()) pp_trace_tell(PP_EVENT_SPARED, 0, 0);
  } else if (workers != 0) {
    pp_record_ring(record);
  }
  if (nested) pp_waiters_tell(pool, &record->scope);
  return spared;
}

/* Whether the loop's time tells something of its body. That of the first loop is its workers' start. */
static bool is_news(pp_record *record, const pp_loop *loop) {
  const pp_known *known = pp_known_find(&record->known, loop->code, loop->site);
  if (!record->loop.division.adaptive || record->loops == 1) return false;
  return record->loop.division.timed || known == NULL || known->doubts != 0;
}

/* The loop has taken so many ticks, in which the caller has done its part of the work. */
static void learn(pp_record *record, const pp_loop *loop, uint64_t ticks, uint64_t done) {
  const pp_division *division = &record->loop.division;
  uint64_t all = division->sharing == PP_BY_SLOT ? division->parts : division->units.count;
  double alone = (double)ticks * (double)all / (double)(done != 0 ? done : 1);
  pp_known_learn(&record->known, loop->code, loop->site, division->space.count, alone < 1e18 ? (uint64_t)alone : ticks,
                 false);
}

/* What the caller has seen of the loop's pace. A doubt that it began with, and that no three calls have told of, is
 * dropped: there may be too few iterations for them, and in no loop would they come in blocks. */
static pp_pace seen_pace(const pp_loop *loop, const pp_claimer *claimer) {
  const pp_call_cost before = pp_loop_call(loop), call = pp_batch_learned(claimer, before);
  bool has_told = call.latest != before.latest;
  return (pp_pace){loop->code, pp_batch_pace(claimer), call, claimer->doubts && (has_told || !loop->pace.doubts)};
}

/* The loop is over: what the bodies have done comes before what the caller does next. A thread that has worked in a
 * slot has released it. */
static void acquire_slots(pp_record *record) {
  if (!pp_race_checker_listens()) return;
  for (uint32_t slot = 0; slot < record->loop.division.parts; slot++) pp_edge_acquire(&record->share.slots[slot]);
}

static int execute_on(ppar_pool *pool, pp_self *self, pp_record *record, const pp_loop *loop, void *result) {
  const pp_division *division = &record->loop.division;
  pp_member member;
  int status = PPAR_OK;
  uint32_t others = division->parts - 1;
  uint32_t limit = pp_load_relaxed(&pool->worker_limit), workers = others < limit ? others : limit;
  if (pp_load_relaxed(&pool->worker_goal) < workers) pp_pool_want_workers(pool, workers);
  /* Before others come: they would find nothing there, and leave. */
  if (division->sharing == PP_BY_RANGE) pp_range_put(&record->share.slots[0].range, pp_division_parts(division, 0, 1));
  bool spared = post(pool, record, workers);
  pp_member_enter(&member, &record->loop, &record->control, self, &record->scope, pool);
  pp_claim_enter(&member.claimer, division, &record->share, 0, &record->share.slots[0].alert);
  pp_member_use_slot(&member, 0, true);
  pp_member_begin_work(&member);
  bool divided = division->adaptive && division->sharing == PP_BY_SLOT && division->units.count == 0;
  bool news = is_news(record, loop);
  uint64_t start = divided || news ? pp_clock_ticks() : 0;
  run_as_caller(pool, record, &member, spared);
  acquire_slots(record);
  if (divided) check_division(record, pp_clock_ticks() - start);
  PP_BOUNDARY();
  pp_member_exit(&member);
  if (member.claimer.full != 0) record->pace = seen_pace(&record->loop, &member.claimer);
  if (news) learn(record, loop, pp_clock_ticks() - start, member.claimer.done);
  if (pp_load_relaxed(&record->control.cancel.lowest) != PP_CANCEL_NONE) status = record->control.cancel.status;
  if (record->loop.reduction != NULL) {
    if (status == PPAR_OK) pp_partials_combine(record, result);
    pp_partials_trim(record);
  }
  return status;
}

int pp_loop_run(ppar_pool *pool, pp_loop *loop, void *result) {
  pp_self *self = pp_self_get();
  pp_record *record = NULL;
  uint32_t parts = loop->division.parts;
  int status;
  pp_left_check(self);
  /* Serial loops need no record, but one shows ppar_pool_destroy that the pool is in use. */
  if (parts > 1 || pool->destroyable) record = pp_record_acquire(pool, self, parts);
  if (record != NULL && parts > 1 && prepare(record, loop, self)) {
    status = execute_on(pool, self, record, loop, result);
  } else {
    status = execute_serial(self, loop, result);
  }
  if (record != NULL) pp_record_release(record);
  return status;
}

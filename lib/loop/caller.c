/* SPDX-License-Identifier: MIT */
/* caller.c: the course of a loop.
 *
 * What moves, for a caller alone (no worker is looking): the record, its first group's line and the bell stay in the
 * caller's cache; two locked operations, the ring and the adoption of a second slot, or one adoption per slot where
 * each slot has its own part. With workers: a worker takes the bell's line (a poll), those of the record's descriptor
 * lines that the caller has written since the loop before (none, where the same loop is run again and again), and its
 * group's line twice (join, leave); the caller takes each group's line back once. Nothing moves per chunk, except by
 * counter. */
#include "loop/execute.h"

#include <ppar/status.h>

#include "loop/member.h"
#include "platform/clock.h"
#include "platform/memory.h"
#include "platform/park.h"
#include "pool/spin.h"

enum {
  PP_TIMED_LOOPS = 8,        /* see run_batch in share.c */
  PP_UNDIVIDED_LOOPS = 64,   /* see pp_record: an imbalance is met in one of so many loops */
  PP_BEG_NS = 2000,          /* between two alerts of a hungry caller: each costs its victim a line */
  PP_SMALL_PARTIAL = 256,    /* a serial reduction's value up to this size lives on the stack */
  PP_KEPT_PARTIALS = 1 << 20 /* a record gives larger blocks of partial values back after the loop */
};

static void run_serial_chunks(pp_member *member) {
  const pp_loop *loop = member->loop;
  uint64_t n = loop->space.count, first = 0;
  if (loop->sharing == PP_BY_SLOT) {
    for (uint32_t slot = 0; slot < loop->parts; slot++) {
      pp_member_use_slot(member, slot, slot == 0);
      pp_member_run_part(member);
    }
  } else if (loop->guided) {
    while (first < n) {
      uint64_t taken = pp_guided_chunk(n - first, loop->slots, loop->chunk);
      if (pp_load_relaxed(member->alert) != 0) (void)pp_member_heed(member);
      pp_member_run_chunk(member, first, first + taken);
      first += taken;
    }
  } else if (loop->adaptive) {
    pp_member_run_chunk(member, 0, n);
  } else {
    pp_member_run_in_chunks(member, 0, n, loop->chunk);
  }
}

/* The whole loop on this thread, slot by slot; loop->partials is one value. */
static void run_serial(const pp_loop *loop, pp_control *control, pp_self *self) {
  pp_member member;
  pp_member_enter(&member, loop, control, self);
  pp_member_use_slot(&member, 0, true);
  pp_member_begin_work(&member);
  run_serial_chunks(&member);
  pp_member_exit(&member);
}

static int execute_serial(pp_self *self, pp_loop *loop, void *result) {
  PP_LINE_ALIGNED unsigned char small[PP_SMALL_PARTIAL];
  void *large = NULL;
  pp_control control;
  int status = PPAR_OK;
  pp_cancel_reset(&control.cancel);
  pp_store_relaxed(&control.cancel.lock, 0);
  pp_store_relaxed(&control.alert, 0);
  control.record = NULL;
  loop->depth = self->place.depth + 1;
  loop->active = self->place.active + (loop->slots > 1);
  loop->group = self->place.group;
  loop->stride = 0;
  if (loop->reduction != NULL) {
    if (loop->reduction->size > sizeof small && (large = pp_memory_alloc(loop->reduction->size)) == NULL)
      return PPAR_ENOMEM;
    loop->partials = large != NULL ? large : small;
  }
  run_serial(loop, &control, self);
  if (pp_load_relaxed(&control.cancel.lowest) != PP_CANCEL_NONE) status = control.cancel.status;
  if (status == PPAR_OK && loop->reduction != NULL) loop->reduction->combine(result, loop->partials);
  loop->partials = NULL;
  pp_memory_free(large);
  return status;
}

/* All units finished, or by counter: everyone has left. */
static bool is_complete(pp_record *record, uint64_t done) {
  const pp_loop *loop = &record->loop;
  uint32_t groups = pp_groups_for(loop->parts);
  for (uint32_t g = 0; g < groups; g++) {
    uint64_t word = pp_load_acquire(&record->groups[g].word);
    if (loop->sharing == PP_BY_COUNTER && pp_group_field(word, PP_JOINED_SHIFT) != record->groups[g].preset)
      return false;
    done += word & PP_DONE_MASK;
  }
  return loop->sharing == PP_BY_COUNTER || done == (loop->sharing == PP_BY_SLOT ? loop->parts : loop->units.count);
}

/* By slot: the parts that nobody has, one after the other, each under its slot's number. */
static bool run_spare_parts(pp_record *record, pp_member *member) {
  uint32_t groups = pp_groups_for(record->loop.parts), slot;
  uint64_t before = member->done;
  for (uint32_t g = 0; g < groups; g++) {
    while (pp_group_adopt(&record->groups[g], 1, &slot) != 0) {
      pp_member_use_slot(member, g * PP_GROUP_SLOTS + slot, true);
      pp_member_run_part(member);
      member->done++;
    }
  }
  return member->done != before;
}

/* Takes more of the loop's work: a range to run, or parts that it has run. */
static bool find_more(pp_record *record, pp_member *member) {
  switch (record->loop.sharing) {
    case PP_BY_SLOT: return run_spare_parts(record, member); /* somebody may have withdrawn */
    case PP_BY_RANGE: return pp_member_find_work(member);
    case PP_BY_COUNTER: break;
  }
  return false;
}

static void wake_caller(void *record) { pp_record_wake(record); }

/* Sleeps until a leaver, or a member that hands work back, wakes the caller. Nothing is lost: parked is set by an
 * exchange, so if that reads a waker's 0 it also sees what the waker did before, and both things that the caller
 * could be woken for, work and the end, are looked for afterwards. True: there is work in the member's range. */
static bool park_caller(ppar_pool *pool, pp_record *record, pp_member *member, uint32_t heard) {
  uint32_t groups = pp_groups_for(record->loop.parts);
  pp_waiter waiter = {.ancestor = record, .wake = wake_caller, .arg = record};
  bool found;
  (void)pp_exchange_acq_rel(&record->parked, 1);
  for (uint32_t g = 0; g < groups; g++) (void)pp_group_wait(&record->groups[g]);
  found = find_more(record, member);
  if (!found && !is_complete(record, member->done) && pp_waiters_add(pool, &waiter, heard)) {
    pp_park(&record->parked, 1);
    pp_waiters_remove(pool, &waiter);
  }
  (void)pp_exchange_acq_rel(&record->parked, 0); /* and not a store: it would hide a waker's exchange from the next */
  return found;
}

/* The caller's own work is done: waits for the others', and takes of it what it can. */
static void wait_for_others(ppar_pool *pool, pp_record *record, pp_member *member) {
  bool by_range = record->loop.sharing == PP_BY_RANGE;
  uint64_t beg_ticks = pp_ticks_from_ns(PP_BEG_NS), begged, helped;
  pp_awaited awaited = {.ancestor = record};
  uint32_t heard;
  pp_wait wait;
  if (is_complete(record, member->done)) return;
  wait = pp_wait_start(pool->spin_ticks);
  begged = wait.start - beg_ticks;
  helped = wait.start;
  heard = pp_waiters_listen(pool) - 1;
  while (!is_complete(record, member->done)) {
    if (find_more(record, member)) {
      if (by_range) pp_member_run_range(member);
      wait = pp_wait_start(pool->spin_ticks);
      continue;
    }
    if (wait.last - helped >= beg_ticks && heard != pp_waiters_listen(pool)) { /* loops inside bodies of this one */
      heard = pp_waiters_listen(pool);
      if (pp_help(pool, &awaited)) {
        heard--; /* there may be more */
        wait = pp_wait_start(pool->spin_ticks);
      }
      helped = wait.last;
    }
    if (by_range && wait.last - begged >= beg_ticks) {
      begged = wait.last;
      pp_member_beg(member);
    }
    if (!pp_wait_spin(&wait)) {
      if (park_caller(pool, record, member, heard) && by_range) pp_member_run_range(member);
      wait = pp_wait_start(pool->spin_ticks);
    }
  }
}

static void run_as_caller(ppar_pool *pool, pp_record *record, pp_member *member) {
  const pp_loop *loop = &record->loop;
  uint32_t groups = pp_groups_for(loop->parts);
  switch (loop->sharing) {
    case PP_BY_SLOT:
      pp_member_run_part(member);
      member->done = 1;
      (void)run_spare_parts(record, member);
      if (member->done == loop->parts) return;
      break;
    case PP_BY_RANGE:
      pp_member_own(member, pp_loop_parts(loop, 0, 1));
      pp_member_run_range(member);
      break;
    case PP_BY_COUNTER:
      pp_member_run_counter(member);
      pp_store_relaxed(&record->active, 0);
      for (uint32_t g = 0; g < groups; g++) (void)pp_group_close(&record->groups[g]);
      break;
  }
  wait_for_others(pool, record, member);
  pp_store_relaxed(&record->active, 0);
}

/* Combines the slots' partial values, in slot order. */
static void combine_partials(pp_record *record, void *result) {
  const pp_loop *loop = &record->loop;
  for (uint32_t slot = 0; slot < loop->parts; slot++) {
    uint64_t word = pp_load_relaxed(&record->groups[slot / PP_GROUP_SLOTS].word);
    bool worked = (pp_group_field(word, PP_WORKED_SHIFT) >> slot % PP_GROUP_SLOTS & 1u) != 0;
    if (worked || loop->sharing == PP_BY_SLOT) loop->reduction->combine(result, loop->partials + slot * loop->stride);
  }
}

/* A short auto loop is given out in blocks, but for those by which its pace is known. */
static void choose_division(pp_record *record, pp_loop *loop) {
  if (record->undivided != 0) {
    record->undivided--;
  } else if (!loop->timed && pp_loop_is_divided(loop)) {
    loop->sharing = PP_BY_SLOT;
    loop->units.count = 0;
  }
}

/* It has taken so many ticks in all. */
static void check_division(pp_record *record, uint64_t ticks) {
  if (ticks > 2 * pp_ticks_from_ns(PP_DIVIDED_NS)) record->undivided = PP_UNDIVIDED_LOOPS;
}

/* What is as it was the last time is not written: members have it. */
static bool prepare(pp_record *record, pp_loop *loop, const pp_self *self) {
  if (loop->reduction != NULL) {
    loop->partials = pp_record_partials(record, loop->parts, loop->reduction->size, &loop->stride);
    if (loop->partials == NULL) return false;
  }
  loop->depth = self->place.depth + 1;
  loop->active = self->place.active + (loop->slots > 1);
  loop->group = self->place.group;
  loop->pace = record->pace;
  loop->timed = record->loops++ % PP_TIMED_LOOPS == 0;
  if (loop->adaptive && loop->sharing == PP_BY_RANGE) choose_division(record, loop);
  pp_record_describe(record, loop);
  if (self->place.scope != NULL || record->scope.depth != 1) {
    pp_scope_enter(&record->scope, self->place.scope, record);
    pp_store_relaxed(&record->marks, pp_scope_marks(&record->scope));
  }
  if (pp_load_relaxed(&record->control.cancel.lowest) != PP_CANCEL_NONE) pp_cancel_reset(&record->control.cancel);
  if (loop->sharing == PP_BY_COUNTER) pp_store_relaxed(&record->counter.next, 0);
  return true;
}

static int execute_on(ppar_pool *pool, pp_self *self, pp_record *record, void *result) {
  pp_member member;
  int status = PPAR_OK;
  uint32_t others = record->loop.parts - 1;
  uint32_t workers = others < pool->worker_limit ? others : pool->worker_limit;
  if (pp_load_relaxed(&pool->worker_goal) < workers) pp_pool_want_workers(pool, workers);
  /* Sleepers are let sleep where they would come too late. */
  bool spared = record->loop.sharing == PP_BY_RANGE && pp_bell_sleeper(pp_bell_look(&pool->bell)) != 0 &&
                pp_loop_is_short(&record->loop);
  pp_record_open(record);
  if (spared) {
    pp_pool_ring_awake(pool, record);
  } else if (workers != 0) {
    pp_pool_ring(pool, record);
  }
  if (record->scope.depth > 1) pp_waiters_tell(pool, &record->scope);
  pp_member_enter(&member, &record->loop, &record->control, self);
  member.alert = &record->slots[0].alert;
  member.spared = spared;
  pp_member_use_slot(&member, 0, true);
  pp_member_begin_work(&member);
  bool divided = record->loop.adaptive && record->loop.sharing == PP_BY_SLOT && record->loop.units.count == 0;
  uint64_t start = divided ? pp_clock_ticks() : 0;
  run_as_caller(pool, record, &member);
  if (divided) check_division(record, pp_clock_ticks() - start);
  pp_member_exit(&member);
  if (member.batch != 0) {
    record->pace = (pp_pace){record->loop.body, record->loop.fold, NULL, pp_member_pace(&member)};
  }
  if (pp_load_relaxed(&record->control.cancel.lowest) != PP_CANCEL_NONE) status = record->control.cancel.status;
  if (record->loop.reduction != NULL) {
    if (status == PPAR_OK) combine_partials(record, result);
    if (record->partials_size > PP_KEPT_PARTIALS) {
      pp_memory_free(record->partials_block);
      record->partials_block = NULL;
      record->partials_size = 0;
    }
  }
  return status;
}

int pp_execute(ppar_pool *pool, pp_loop *loop, void *result) {
  pp_self *self = pp_self_get();
  pp_record *record = NULL;
  int status;
  /* Serial loops need no record, but one shows pp_pool_destroy that the pool is in use. */
  if (loop->parts > 1 || pool->destroyable) record = pp_record_acquire(pool, self, loop->parts);
  if (record != NULL && loop->parts > 1 && prepare(record, loop, self)) {
    status = execute_on(pool, self, record, result);
  } else {
    status = execute_serial(self, loop, result);
  }
  if (record != NULL) pp_record_release(record);
  return status;
}

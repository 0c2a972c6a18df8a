/* SPDX-License-Identifier: MIT */
/* share.c: loops that share by range: pacing, handing back, and finding work.
 *
 * An owner takes a batch of units from its range with one locked operation and runs it chunk by chunk without any.
 * Batches are sized by time, PP_BATCH_NS, so that the locked operation and two clock readings are lost in them, and
 * never more than half of what is left, so that thieves find work as long as there is some. When a batch turns out
 * longer than it should, because iterations got slower, a thief that finds nothing raises the owner's alert, and the
 * owner hands half of its batch back. */
#include "loop/member.h"
#include "platform/clock.h"
#include "schedule/static_schedule.h"

enum {
  /* A worker in such a loop gains nothing (PP_WORTH_NS in worker.c is its half): not worth waking one. */
  PP_WAKE_NS = 2000,
  /* Members that a thief without work asks at once: each has a line taken from it. */
  PP_BEGGED = 8
};

static bool takes_at_most(const pp_loop *loop, uint64_t part_of_batch) {
  const pp_pace *pace = &loop->pace;
  bool known = pace->batch != 0 && pace->body == loop->body && pace->fold == loop->fold;
  return known && loop->space.count <= pace->batch / part_of_batch;
}

bool pp_loop_is_short(const pp_loop *loop) { return takes_at_most(loop, PP_BATCH_NS / PP_WAKE_NS); }

bool pp_loop_is_divided(const pp_loop *loop) {
  return !pp_loop_is_short(loop) && takes_at_most(loop, PP_BATCH_NS / PP_DIVIDED_NS);
}

static uint32_t at_least_one(uint64_t n) { return n == 0 ? 1 : n > PP_UNITS_MAX ? PP_UNITS_MAX : (uint32_t)n; }

pp_span pp_loop_parts(const pp_loop *loop, uint32_t first, uint32_t count) {
  uint64_t begin, end, ignored;
  pp_static_block(loop->units.count, loop->parts, first, &begin, &ignored);
  pp_static_block(loop->units.count, loop->parts, first + count - 1, &ignored, &end);
  return (pp_span){(uint32_t)begin, (uint32_t)end};
}

void pp_member_set_batch(pp_member *member, uint64_t batch) {
  member->batch = at_least_one(batch);
  member->all_below = (uint32_t)pp_batch_undivided(member->batch);
}

void pp_member_adapt(pp_member *member, uint32_t units, uint64_t ticks) {
  uint64_t most = (uint64_t)member->batch * PP_GROWTH;
  uint64_t batch = ticks == 0 ? most : (uint64_t)units * pp_ticks_from_ns(PP_BATCH_NS) / ticks;
  if (batch < member->batch && ticks < pp_ticks_from_ns(PP_SHORT_NS)) return;
  pp_member_set_batch(member, batch < most ? batch : most);
}

void pp_member_hand_back(pp_member *member, pp_span *batch, uint32_t next, uint32_t finished, uint64_t ticks) {
  pp_record *record = member->record;
  struct ppar_pool *pool = pp_load_relaxed(&record->pool); /* NULL: a stage */
  pp_range *range = &record->slots[member->number].range;
  uint32_t left = batch->past - next;
  pp_span given = {next + left / 2, batch->past};
  if (pp_span_length(pp_range_peek(range)) == 0) { /* else whoever begs has only to come again */
    if (left < 2 || left * (ticks / finished) < pp_ticks_from_ns(PP_KEEP_NS)) return;
    batch->past = given.first;
    pp_range_put(range, given);
  }
  if (pool != NULL) pp_pool_ring(pool, record);
  pp_record_wake(record);
}

/* A loop that should have been short, and for which nobody was woken, has taken this many ticks for one thing. */
static void check_spared(pp_member *member, uint64_t ticks) {
  if (ticks < pp_ticks_from_ns(PP_SHORT_NS)) return;
  member->spared = false;
  pp_pool_ring(pp_load_relaxed(&member->record->pool), member->record);
}

void pp_member_first_batch(pp_member *member, uint64_t pace) {
  if (pace != 0) {
    pp_member_set_batch(member, pace / member->loop->units.size);
  } else {
    pp_range *range = &member->record->slots[member->number].range;
    member->batch = (uint32_t)pp_batch_first(pp_span_length(pp_range_peek(range)));
    member->all_below = 0;
  }
}

/* Runs the batch; returns what is left of it when some was handed back. start: when it began; 0: not timed. */
static pp_span run_units(pp_member *member, pp_span batch, uint64_t start) {
  const pp_loop *loop = member->loop;
  const pp_units *units = &loop->units;
  uint32_t timed_from = batch.first;
  uint64_t burst = pp_batch_burst(pp_span_length(batch), units->count, loop->parts);
  uint64_t size, at = pp_units_first(units, batch.first);
  size = loop->adaptive ? units->size * burst : loop->chunk;
  for (;;) {
    uint64_t past = pp_units_past(units, batch.past - 1);
    if (at >= past) return batch;
    if (past - at <= size) {
      pp_member_run_chunk(member, at, past);
      return batch;
    }
    if (member->skipping) {
      pp_member_run_in_chunks(member, at, past, size);
      return batch;
    }
    if (loop->adaptive) {
      pp_member_run_chunk(member, at, at + size);
      at += size;
    } else {
      uint64_t whole = (past - at - 1) / size;
      if (member->spared && whole > burst) whole = burst;
      at += size * pp_member_run_chunks(member, at, whole, size, size, burst);
    }
    if (member->spared) check_spared(member, pp_clock_ticks() - start);
    if (pp_load_relaxed(member->alert) != 0 && !pp_member_heed(member)) {
      uint32_t next = (uint32_t)((at - 1) / units->size + 1); /* the first unit that is not begun */
      if (start == 0) {                                       /* its pace shows from here to the next look */
        start = pp_clock_ticks();
        timed_from = next;
        (void)pp_exchange_acq_rel(member->alert, 1);
      } else if (next > timed_from && next < batch.past) {
        pp_member_hand_back(member, &batch, next, next - timed_from, pp_clock_ticks() - start);
      }
    }
  }
}

/* A batch that is short by what is known of the body is timed in one loop of PP_TIMED_LOOPS: reading the clock can
 * take 20 ns, as long as such a batch. */
static void run_batch(pp_member *member, pp_span batch) {
  bool timed = member->loop->timed || member->spared || pp_span_length(batch) > member->all_below;
  uint64_t start = timed ? pp_clock_ticks() : 0;
  batch = run_units(member, batch, start);
  member->done += pp_span_length(batch);
  if (!timed) return;
  start = pp_clock_ticks() - start;
  member->worked += start;
  pp_member_adapt(member, pp_span_length(batch), start);
}

/* The first unit of a loop that should be short: the estimate may be another loop's over the same function. */
static void prove(pp_member *member, pp_range *range) {
  pp_span unit = pp_range_take(range, 1, 0);
  uint64_t start = pp_clock_ticks();
  if (pp_span_length(unit) == 0) return;
  pp_member_begin_work(member);
  (void)run_units(member, unit, start);
  member->done += 1;
  check_spared(member, pp_clock_ticks() - start);
  if (!member->spared) pp_member_set_batch(member, 1);
}

void pp_member_run_range(pp_member *member) {
  pp_record *record = member->record;
  pp_range *range = &record->slots[member->number].range;
  if (member->batch == 0) {
    const pp_loop *loop = member->loop;
    const pp_pace *pace = &loop->pace;
    bool known = pace->batch != 0 && pace->body == loop->body && pace->fold == loop->fold;
    pp_member_first_batch(member, known ? pace->batch : 0);
  }
  if (member->spared && member->done == 0) prove(member, range);
  for (;;) {
    pp_span batch = pp_member_take(member, range);
    if (pp_span_length(batch) == 0) return;
    pp_member_begin_work(member);
    /* Raised by the batch before, perhaps. Hunger is left to this one, which can hand something back. */
    if (pp_load_relaxed(member->alert) != 0 && pp_member_is_canceled(member)) (void)pp_member_heed(member);
    run_batch(member, batch);
  }
}

static bool adopt_parts(pp_member *member) {
  pp_record *record = member->record;
  uint32_t groups = pp_groups_for(member->loop->parts), own = member->number / PP_GROUP_SLOTS;
  for (uint32_t k = 0; k < groups; k++) {
    uint32_t g = own + k < groups ? own + k : own + k - groups, first = 0;
    uint32_t count = pp_group_adopt(&record->groups[g], PP_GROUP_SLOTS, &first);
    if (count != 0) {
      pp_member_own(member, pp_loop_parts(member->loop, g * PP_GROUP_SLOTS + first, count));
      return true;
    }
  }
  return false;
}

/* Calls visit for each other slot in use, the next one first, until it returns true. */
static bool visit_members(pp_member *member, bool (*visit)(pp_member *member, pp_slot *victim)) {
  pp_record *record = member->record;
  uint32_t parts = member->loop->parts, groups = pp_groups_for(parts), own = member->number / PP_GROUP_SLOTS;
  for (uint32_t k = 0; k < groups; k++) {
    uint32_t g = own + k < groups ? own + k : own + k - groups, base = g * PP_GROUP_SLOTS;
    uint32_t from = k == 0 ? (member->number + 1) % PP_GROUP_SLOTS : 0;
    uint32_t joined = pp_group_field(pp_load_relaxed(&record->groups[g].word), PP_JOINED_SHIFT);
    if (parts - base < PP_GROUP_SLOTS) joined &= (1u << (parts - base)) - 1u;
    if (k == 0) joined &= ~(1u << member->number % PP_GROUP_SLOTS);
    while (joined != 0) {
      uint32_t slot = pp_group_pick(joined, from);
      if (visit(member, &record->slots[base + slot])) return true;
      joined &= ~(1u << slot);
    }
  }
  return false;
}

static bool steal_from(pp_member *member, pp_slot *victim) {
  pp_span stolen = pp_range_steal(&victim->range, member->all_below);
  if (pp_span_length(stolen) == 0) return false;
  pp_member_own(member, stolen);
  return true;
}

bool pp_member_find_work(pp_member *member) { return adopt_parts(member) || visit_members(member, steal_from); }

static bool beg_from(pp_member *member, pp_slot *victim) {
  if (pp_load_relaxed(&victim->alert) == 0) {
    /* Not a store: over a cancellation's 1 it would cut the victim off from what came before that. */
    (void)pp_exchange_acq_rel(&victim->alert, 1);
    member->begged++;
  }
  return member->begged == PP_BEGGED;
}

void pp_member_beg(pp_member *member) {
  member->begged = 0;
  (void)visit_members(member, beg_from);
}

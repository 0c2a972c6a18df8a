/* SPDX-License-Identifier: MIT */
/* batch.c: pacing and handing back. */
#include "share/batch.h"

#include "schedule/divide.h"

static uint32_t at_least_one(uint64_t n) { return n == 0 ? 1 : n > PP_UNITS_MAX ? PP_UNITS_MAX : (uint32_t)n; }

static pp_range *range_of(const pp_claimer *claimer) { return &claimer->share->slots[claimer->number].range; }

static void set_full(pp_claimer *claimer, uint64_t units) {
  claimer->full = at_least_one(units);
  claimer->undivided = (uint32_t)pp_batch_undivided(claimer->full);
}

void pp_batch_start(pp_claimer *claimer, uint64_t pace) {
  if (pace != 0) {
    set_full(claimer, pace / claimer->division->units.size);
  } else {
    claimer->full = (uint32_t)pp_batch_first(pp_span_length(pp_range_peek(range_of(claimer))));
    claimer->undivided = 0;
  }
}

/* So many units took so many ticks. A short time says more about the clock than about the body: it may raise the
 * estimate, and not lower it. */
static void adapt(pp_claimer *claimer, uint32_t units, uint64_t ticks) {
  uint64_t most = (uint64_t)claimer->full * PP_GROWTH;
  uint64_t full = ticks == 0 ? most : (uint64_t)units * pp_ticks_from_ns(PP_BATCH_NS) / ticks;
  if (full < claimer->full && ticks < pp_ticks_from_ns(PP_SHORT_NS)) return;
  set_full(claimer, full < most ? full : most);
}

void pp_batch_end_sparing(pp_claimer *claimer) {
  claimer->spared = false;
  claimer->share->offer(claimer->share);
}

static void begin(pp_claimer *claimer, pp_span batch) {
  const pp_division *division = claimer->division;
  uint32_t length = pp_span_length(batch);
  bool timed = division->timed || claimer->spared || length > claimer->undivided;
  claimer->batch = batch;
  claimer->first = pp_units_first(&division->units, batch.first);
  claimer->past = pp_units_past(&division->units, batch.past - 1);
  claimer->train = length == 1 ? 1 : pp_batch_burst(length, division->units.count, division->parts);
  claimer->limit = claimer->by_burst || claimer->spared ? claimer->train * division->units.size : UINT64_MAX;
  claimer->timed_from = batch.first;
  claimer->start = timed ? pp_clock_ticks() : 0;
}

/* A batch that is short by what is known of the body is timed in one loop of PP_TIMED_LOOPS: reading the clock can
 * take 20 ns, which is as long as such a batch. */
static void end(pp_claimer *claimer) {
  uint32_t timed = claimer->batch.past - claimer->timed_from;
  uint64_t ticks;
  claimer->done += pp_span_length(claimer->batch);
  claimer->batch = (pp_span){0, 0};
  if (claimer->start == 0 || timed == 0) return;
  ticks = pp_clock_ticks() - claimer->start;
  claimer->worked += ticks;
  if (claimer->proving) {
    claimer->proving = false;
    if (ticks < pp_ticks_from_ns(PP_SHORT_NS)) return;
    pp_batch_end_sparing(claimer);
    set_full(claimer, 1);
  } else {
    adapt(claimer, timed, ticks);
  }
}

static pp_span take(pp_claimer *claimer) {
  const pp_division *division = claimer->division;
  pp_range *range = range_of(claimer);
  uint32_t first = pp_range_peek(range).first; /* which nobody else changes */
  uint64_t most;
  if (claimer->spared && claimer->done == 0) {
    claimer->proving = true;
    return pp_range_take(range, 1, 0);
  }
  most = pp_batch_next(claimer->full, division->units.count, division->parts);
  return pp_range_take(range, (uint32_t)pp_batch_even(first, most), claimer->undivided);
}

bool pp_batch_take(pp_claimer *claimer) {
  pp_span batch;
  if (pp_span_length(claimer->batch) != 0) end(claimer);
  batch = take(claimer);
  if (pp_span_length(batch) == 0) return false;
  begin(claimer, batch);
  return true;
}

/* The first unit of the batch that is not begun. */
static uint32_t next_unit(const pp_claimer *claimer) {
  return (uint32_t)pp_divide_up(claimer->first, claimer->division->units.size);
}

/* `finished` units took `ticks`: gives the latter half of what is left, from unit `next` on, to whoever begs for
 * it. */
static void hand_back(pp_claimer *claimer, uint32_t next, uint32_t finished, uint64_t ticks) {
  pp_range *range = range_of(claimer);
  uint32_t left = claimer->batch.past - next;
  pp_span given = {next + left / 2, claimer->batch.past};
  if (pp_span_length(pp_range_peek(range)) == 0) { /* Otherwise there is something to steal. */
    if (left < 2 || left * (ticks / finished) < pp_ticks_from_ns(PP_KEEP_NS)) return;
    claimer->batch.past = given.first;
    claimer->past = pp_units_past(&claimer->division->units, given.first - 1);
    pp_range_put(range, given);
  }
  claimer->share->offer(claimer->share);
}

void pp_batch_heed(pp_claimer *claimer) {
  uint32_t next = next_unit(claimer);
  if (claimer->kind != PP_CLAIM_RANGE) return;
  if (claimer->start == 0) { /* It is not timed so far: it is from here on, and the next look decides. */
    claimer->start = pp_clock_ticks();
    claimer->timed_from = next;
    (void)pp_exchange_acq_rel(claimer->alert, 1);
  } else if (next > claimer->timed_from && next < claimer->batch.past) {
    hand_back(claimer, next, next - claimer->timed_from, pp_clock_ticks() - claimer->start);
  }
}

void pp_batch_put_back(pp_claimer *claimer) {
  pp_span left = claimer->batch;
  if (claimer->first < claimer->past) {
    left.first = next_unit(claimer);
    claimer->batch.past = left.first;
    pp_range_return(range_of(claimer), left);
  }
  claimer->done += pp_span_length(claimer->batch);
  claimer->batch = (pp_span){0, 0};
  claimer->first = claimer->past = 0;
}

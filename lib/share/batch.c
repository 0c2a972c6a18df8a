/* SPDX-License-Identifier: MIT */
/* batch.c: pacing and handing back. */
#include "share/batch.h"

#include "schedule/divide.h"

static uint32_t at_least_one(uint64_t n) { return n == 0 ? 1 : n > PP_UNITS_MAX ? PP_UNITS_MAX : (uint32_t)n; }

static pp_slot *slot_of(const pp_claimer *claimer) { return &claimer->share->slots[claimer->number]; }
static pp_range *range_of(const pp_claimer *claimer) { return &slot_of(claimer)->range; }

static void set_full(pp_claimer *claimer, uint64_t units) {
  uint64_t undivided, grain;
  claimer->full = at_least_one(units);
  undivided = pp_batch_undivided(claimer->full);
  grain = pp_batch_grain(claimer->full, claimer->call.known, pp_ticks_from_ns(PP_BATCH_NS));
  claimer->grain = grain < PP_UNITS_MAX ? (uint32_t)grain : PP_UNITS_MAX;
  claimer->undivided = (uint32_t)(undivided > claimer->grain ? undivided : claimer->grain);
}

void pp_batch_start(pp_claimer *claimer, uint64_t pace) {
  if (pace != 0) {
    set_full(claimer, pace / claimer->division->units.size);
  } else {
    claimer->full = (uint32_t)pp_batch_first(pp_span_length(pp_range_peek(range_of(claimer))));
    claimer->undivided = 0;
    if (claimer->division->adaptive) claimer->trials = PP_TRIALS;
  }
}

/* By three further calls. One that was held up, or had other iterations than most, tells anything: so the cost becomes
 * more, or less, where two of these after each other say so. The very first ones are believed: they come when calls are
 * small yet. A little is as good as nothing: the clock costs that, too. */
static void learn_cost(pp_call_cost *call, uint64_t cost) {
  uint64_t lower, upper;
  if (cost < pp_ticks_from_ns(PP_CALL_NS)) cost = 0;
  lower = cost < call->latest ? cost : call->latest;
  upper = cost < call->latest ? call->latest : cost;
  if (call->latest == UINT64_MAX) {
    call->known = cost;
  } else if (lower > call->known) {
    call->known = lower;
  } else if (upper < call->known) {
    call->known = upper;
  }
  call->latest = cost;
}

/* Three calls after each other, of which the middle one has twice the units of both others, or half of them, tell what
 * a call costs: the others' mean is what it is held against. Two would not do: where iterations become shorter from
 * one to the next, more of them take as long as fewer did before, and that looks like a cost of the call. */
static void learn_from_three(pp_claimer *claimer, pp_call_seen third) {
  pp_call_seen first = claimer->seen[0], second = claimer->seen[1], mean;
  if (first.units <= 0) return;
  mean = (pp_call_seen){(first.units + third.units) / 2, (first.ticks + third.ticks) / 2};
  if (second.units >= 2 * first.units && second.units >= 2 * third.units) {
    learn_cost(&claimer->call, pp_batch_call_cost(mean.units, mean.ticks, second.units, second.ticks));
  } else if (first.units >= 2 * second.units && third.units >= 2 * second.units) {
    learn_cost(&claimer->call, pp_batch_call_cost(second.units, second.ticks, mean.units, mean.ticks));
  }
}

/* A call of so many units took so many ticks, and none can cost more than it took. False: it has fewer units than the
 * one before, and takes as long nearly, which says that fewer still would not help. */
static bool learn_call(pp_claimer *claimer, pp_call_seen now) {
  pp_call_seen before = claimer->seen[1];
  learn_from_three(claimer, now);
  if ((double)claimer->call.known > now.ticks) claimer->call.known = claimer->call.latest = (uint64_t)now.ticks;
  claimer->seen[0] = before;
  claimer->seen[1] = now;
  return before.units < 2 * now.units || now.ticks < before.ticks * 3 / 4;
}

/* So many units took so many ticks, those of the calls left out as far as they are known. A short time says more about
 * the clock than about the body: it may raise the estimate, and not lower it. A body that has become much slower is
 * tried in single calls: it may be the calls that have, and smaller ones are no way to find that out. */
static void adapt(pp_claimer *claimer, uint32_t units, uint64_t ticks) {
  uint64_t most = (uint64_t)claimer->full * PP_GROWTH, work = ticks, calls, full;
  bool may_shrink = ticks >= pp_ticks_from_ns(PP_SHORT_NS);
  if (claimer->trials != 0) claimer->trials--;
  if (claimer->division->adaptive && claimer->pieces != 0 && units >= claimer->pieces) {
    pp_call_seen now = {(double)units / claimer->pieces, (double)ticks / claimer->pieces};
    if (!learn_call(claimer, now)) may_shrink = false;
    calls = claimer->pieces * claimer->call.known;
    work = calls < ticks - ticks / PP_LEAST_WORK ? ticks - calls : ticks / PP_LEAST_WORK;
  }
  full = work == 0 ? most : (uint64_t)units * pp_ticks_from_ns(PP_BATCH_NS) / work;
  if (full < claimer->full && !may_shrink) full = claimer->full;
  if (claimer->division->adaptive && full < claimer->full / 2 && claimer->trials == 0) claimer->trials = PP_TRIALS;
  set_full(claimer, full < most ? full : most);
}

void pp_batch_end_sparing(pp_claimer *claimer) {
  claimer->spared = false;
  claimer->share->offer(claimer->share);
}

/* --- What thieves may take of it meanwhile ---------------------------------------------------------------------- */

/* Units that are begun with the next piece. */
static uint32_t begun_with_next(const pp_claimer *claimer) {
  uint32_t left = claimer->batch.past - claimer->begun;
  return claimer->batch.past - (left < claimer->stride ? 0 : left - claimer->stride);
}

/* Opens what comes after the next piece. For a moment it was nowhere to be seen; somebody may have found nothing
 * meanwhile, or before, and sleep: see pp_claim_own. */
static void open_rest(pp_claimer *claimer, bool hungry) {
  pp_slot *slot = slot_of(claimer);
  uint32_t begun = begun_with_next(claimer);
  claimer->fresh = true;
  if (begun == claimer->batch.past) return;
  pp_rest_open(&slot->rest, &slot->begun, begun, claimer->batch.past);
  if (claimer->division->adaptive) return;
  if (hungry || pp_load_seq_cst(&slot->alert) != 0) claimer->share->offer(claimer->share);
}

/* The batch ends before unit `past`; it is not shorter than what is begun of it. */
static void cut(pp_claimer *claimer, uint32_t past) {
  if (past == claimer->batch.past) return;
  claimer->batch.past = past;
  claimer->past = pp_units_past(&claimer->division->units, past - 1);
}

/* From here on thieves can take nothing of the batch. */
static void close_rest(pp_claimer *claimer) {
  cut(claimer, pp_rest_close(&slot_of(claimer)->rest, claimer->batch.past));
}

/* --- Batches ------------------------------------------------------------------------------------------------------ */

/* Whether the next batch has larger calls than the others. */
static bool is_tried(const pp_claimer *claimer) {
  return claimer->division->adaptive && claimer->batches % PP_TRIED_BATCHES == 1;
}

static void begin(pp_claimer *claimer, pp_span batch) {
  const pp_division *division = claimer->division;
  uint32_t length = pp_span_length(batch);
  bool timed =
      division->timed || claimer->spared || claimer->trials != 0 || claimer->grain != 0 || length > claimer->undivided;
  claimer->batch = batch;
  claimer->first = pp_units_first(&division->units, batch.first);
  claimer->past = pp_units_past(&division->units, batch.past - 1);
  claimer->train = length == 1 ? 1 : pp_batch_burst(length, division->units.count, division->parts);
  if (division->adaptive && claimer->trials != 0) claimer->train = length;
  if (is_tried(claimer)) claimer->train *= 2;
  if (claimer->train < claimer->grain) claimer->train = pp_batch_even_pieces(length, claimer->grain);
  claimer->limit = claimer->by_burst || claimer->spared ? claimer->train * division->units.size : UINT64_MAX;
  claimer->timed_from = claimer->begun = batch.first;
  claimer->stride = claimer->limit == UINT64_MAX ? 1 : (uint32_t)claimer->train;
  claimer->start = timed ? pp_clock_ticks() : 0;
  claimer->pieces = 0;
  claimer->batches++;
  open_rest(claimer, false);
}

/* A batch that is short by what is known of the body is timed in one loop of PP_TIMED_LOOPS: reading the clock can
 * take 20 ns, which is as long as such a batch. */
static void end(pp_claimer *claimer) {
  uint32_t timed = claimer->batch.past - claimer->timed_from;
  uint64_t ticks;
  if (pp_rest_is_open(&slot_of(claimer)->rest)) pp_rest_end(&slot_of(claimer)->rest);
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
    if (claimer->division->adaptive) claimer->trials = PP_TRIALS;
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
  if (claimer->trials != 0) most = (most + PP_BURSTS - 1) / PP_BURSTS;
  if (is_tried(claimer) && most < PP_BURSTS) most *= 2; /* a batch that is one call has to be longer for that */
  if (most < claimer->grain) most = claimer->grain;
  return pp_range_take(range, (uint32_t)pp_batch_even(first, most), claimer->undivided);
}

/* Ends the batch and takes the next one from the slot's range. False: the range is empty. */
static bool take_next(pp_claimer *claimer) {
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
 * it. False: it is kept, and nobody is told of anything. */
static bool hand_back(pp_claimer *claimer, uint32_t next, uint32_t finished, uint64_t ticks) {
  pp_range *range = range_of(claimer);
  uint32_t left = claimer->batch.past - next;
  pp_span given = {next + left / 2, claimer->batch.past};
  if (pp_span_length(pp_range_peek(range)) == 0) { /* Otherwise there is something to steal. */
    if (left < 2 || left * (ticks / finished) < pp_ticks_from_ns(PP_KEEP_NS)) return false;
    claimer->batch.past = given.first;
    claimer->past = pp_units_past(&claimer->division->units, given.first - 1);
    pp_range_put(range, given);
  }
  claimer->share->offer(claimer->share);
  return true;
}

/* A thief is hungry. Hands the latter half of the batch's rest back, if that is worth its while; true: it did, or there
 * was something to steal, and others have been told. */
static bool heed(pp_claimer *claimer) {
  uint32_t next = next_unit(claimer);
  if (claimer->start == 0) { /* It is not timed so far: it is from here on, and the next look decides. */
    claimer->start = pp_clock_ticks();
    claimer->timed_from = next;
    claimer->pieces = 0;
    (void)pp_exchange_acq_rel(claimer->alert, 1);
    return false;
  }
  if (next > claimer->timed_from && next < claimer->batch.past) {
    return hand_back(claimer, next, next - claimer->timed_from, pp_clock_ticks() - claimer->start);
  }
  return false;
}

/* Before a piece that is not begun, after alert was raised: somebody is hungry, or has taken some of the rest, or the
 * loop was cancelled. The order counts (claim/rest.h, D2). */
static void answer(pp_claimer *claimer) {
  (void)pp_exchange_acquire(claimer->alert, 0);
  claimer->alerted = true;
  close_rest(claimer);
  if (claimer->first == claimer->past) return;
  open_rest(claimer, !heed(claimer));
}

bool pp_batch_piece(pp_claimer *claimer, pp_piece *piece) {
  uint32_t begun;
  for (;;) {
    if (claimer->first == claimer->past && !take_next(claimer)) return false;
    begun = begun_with_next(claimer);
    if (claimer->fresh || pp_rest_begin(&slot_of(claimer)->begun, begun, claimer->alert, claimer->hurried)) break;
    answer(claimer);
  }
  claimer->fresh = false;
  claimer->begun = begun;
  claimer->pieces++;
  pp_claim_cut(claimer, claimer->past - claimer->first, piece);
  return true;
}

void pp_batch_keep(pp_claimer *claimer, pp_piece *piece) {
  if (!pp_rest_is_open(&slot_of(claimer)->rest)) return;
  close_rest(claimer);
  if (piece->past > claimer->past) piece->past = claimer->past;
  if (claimer->first > claimer->past) claimer->first = claimer->past;
  if (claimer->first == claimer->past) return;
  open_rest(claimer, false);
}

/* Units that nobody has begun, and that their thread will not run: into the range, in front of what is there. Where a
 * thief has taken what was between they stay a rest, which others take as they do that of a thread that is inside of a
 * body. */
static void leave_to_others(pp_claimer *claimer, pp_span left) {
  pp_slot *slot = slot_of(claimer);
  pp_span behind = pp_range_peek(&slot->range);
  if (pp_span_length(behind) == 0 || behind.first == left.past) {
    pp_range_return(&slot->range, left);
  } else {
    pp_rest_open(&slot->rest, &slot->begun, left.first, left.past);
  }
  claimer->share->offer(claimer->share);
}

void pp_batch_put_back(pp_claimer *claimer) {
  pp_span left;
  close_rest(claimer);
  left = claimer->batch;
  if (claimer->first < claimer->past) {
    left.first = next_unit(claimer);
    claimer->batch.past = left.first;
    leave_to_others(claimer, left);
  }
  claimer->done += pp_span_length(claimer->batch);
  claimer->batch = (pp_span){0, 0};
  claimer->first = claimer->past = 0;
}

/* SPDX-License-Identifier: MIT */
/* batch.c: pacing and handing back. */
#include "share/batch.h"

#include "schedule/divide.h"
#include "trace/spans.h"

static uint32_t as_units(uint64_t n) { return n == 0 ? 1 : n > PP_UNITS_MAX ? PP_UNITS_MAX : (uint32_t)n; }

static pp_slot *slot_of(const pp_claimer *claimer) { return &claimer->share->slots[claimer->number]; }
static pp_range *range_of(const pp_claimer *claimer) { return &slot_of(claimer)->range; }

static void set_full(pp_claimer *claimer, uint64_t units) {
  uint64_t undivided, grain;
  claimer->full = as_units(units);
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
    claimer->doubts = claimer->division->adaptive;
  }
}

/* What so many calls of a body cost, as far as it is known; some of the time is the iterations' in any case. */
static uint64_t cost_of_calls(const pp_claimer *claimer, uint64_t ticks) {
  uint64_t calls = claimer->pieces * claimer->call.known, most = ticks - ticks / PP_LEAST_WORK;
  return calls < most ? calls : most;
}

/* So many units took so many ticks, those of the calls left out as far as they are known. A short time says more about
 * the clock than about the body: it may raise the estimate, and not lower it. Where all took much longer than expected
 * it may be the calls that do, and smaller ones are no help against that. */
static void adapt(pp_claimer *claimer, uint32_t units, uint64_t ticks) {
  uint64_t most = (uint64_t)claimer->full * PP_GROWTH, batch = pp_ticks_from_ns(PP_BATCH_NS), calls = 0, full;
  bool is_short = ticks < pp_ticks_from_ns(PP_SHORT_NS);
  if (claimer->division->adaptive && claimer->pieces != 0) {
    uint64_t expected = claimer->pieces * claimer->call.known + units * batch / claimer->full;
    pp_call_cost_bound(&claimer->call, ticks / claimer->pieces);
    calls = cost_of_calls(claimer, ticks);
    if (ticks / PP_SURPRISE > expected && !is_short) claimer->doubts = true;
  }
  full = calls == ticks ? most : units * batch / (ticks - calls);
  if (full < claimer->full && is_short) full = claimer->full;
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
  claimer->hurried = pp_fence_is_there();
  pp_rest_open(&slot->rest, &slot->begun, begun, claimer->batch.past, claimer->hurried);
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

/* Pieces of so many units each, as from the next one on. */
static void set_train(pp_claimer *claimer, uint64_t units) {
  bool in_pieces = claimer->by_burst || claimer->spared;
  claimer->train = units;
  claimer->limit = in_pieces ? units * claimer->division->units.size : UINT64_MAX;
  claimer->stride = in_pieces ? (uint32_t)units : 1;
}

/* Units in a piece of a batch, of which so many are left. */
static uint64_t piece_of(const pp_claimer *claimer, uint32_t length) {
  const pp_division *division = claimer->division;
  uint64_t burst = length <= 1 ? 1 : pp_batch_burst(length, division->units.count, division->parts);
  return burst >= claimer->grain || length == 0 ? burst : pp_batch_even_pieces(length, claimer->grain);
}

/* Whether the next batch is to tell what calls cost. */
static bool is_probed(const pp_claimer *claimer) {
  if (!claimer->division->adaptive || !claimer->by_burst || claimer->spared) return false;
  return claimer->doubts || claimer->batches % PP_PROBED_BATCHES == 1;
}

static void begin(pp_claimer *claimer, pp_span batch) {
  const pp_division *division = claimer->division;
  uint32_t length = pp_span_length(batch);
  uint64_t piece = piece_of(claimer, length);
  bool probed = is_probed(claimer) && pp_probe_plan(&claimer->probe, length, (uint32_t)piece, claimer->doubts);
  bool timed = division->timed || claimer->spared || probed || claimer->grain != 0 || length > claimer->undivided;
  claimer->batch = batch;
  claimer->first = pp_units_first(&division->units, batch.first);
  claimer->past = pp_units_past(&division->units, batch.past - 1);
  claimer->timed_from = claimer->begun = batch.first;
  claimer->start = timed ? pp_clock_ticks() : 0;
  claimer->pieces = 0;
  claimer->batches++;
  claimer->probe.running = 0;
  if (probed) {
    claimer->doubts = false;
    pp_probe_start(&claimer->probe, batch.first, claimer->start);
    piece = pp_probe_units(&claimer->probe);
  }
  set_train(claimer, piece);
  open_rest(claimer, false);
}

/* A call of the probe has ended. Where the rest was opened anew meanwhile its first piece has its length already. */
static void step_probe(pp_claimer *claimer) {
  uint32_t next = claimer->begun;
  uint64_t cost;
  if (claimer->fresh) {
    claimer->probe.running = 0;
    return;
  }
  if (pp_probe_step(&claimer->probe, next, pp_clock_ticks(), &cost)) {
    claimer->doubts = !pp_call_cost_learn(&claimer->call, cost);
    set_full(claimer, claimer->full);
  }
  set_train(claimer, claimer->probe.running != 0 ? pp_probe_units(&claimer->probe)
                                                 : piece_of(claimer, claimer->batch.past - next));
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
    claimer->doubts = claimer->division->adaptive;
  } else {
    adapt(claimer, timed, ticks);
  }
}

/* Units that a batch needs for three calls, and has where the range has them. The first one over an unknown body stays
 * as it is. */
static uint32_t least_probed(const pp_claimer *claimer) {
  if (claimer->batches == 0 && claimer->call.latest == UINT64_MAX) return 0;
  return claimer->grain > 1 ? as_units((uint64_t)claimer->grain * 3) : 4;
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
  if (most < claimer->grain) most = claimer->grain;
  if (is_probed(claimer) && most < least_probed(claimer)) most = least_probed(claimer);
  return pp_range_take(range, (uint32_t)pp_batch_even(first, most), claimer->undivided);
}

/* Ends the batch and takes the next one from the slot's range. False: the range is empty. */
static bool take_next(pp_claimer *claimer) {
  pp_slot *slot = slot_of(claimer);
  pp_span batch;
  if (pp_span_length(claimer->batch) != 0) end(claimer);
  if (pp_span_length(pp_range_peek(&slot->range)) == 0) return false; /* and is no move */
  pp_move_begin(slot);
  batch = take(claimer);
  if (pp_span_length(batch) != 0) begin(claimer, batch);
  pp_move_end(slot);
  return pp_span_length(batch) != 0;
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
    pp_range_put_seen(range, given);
    if (pp_trace_is_on()) pp_trace_tell(PP_EVENT_HAND_BACK, 0, pp_span_length(given));
  }
  claimer->share->offer(claimer->share);
  return true;
}

/* A thief is hungry. Hands the latter half of the batch's rest back, if that is worth its while; true: it did, or there
 * was something to steal, and others have been told. In the midst of a probe, which is over soon, it does not: the
 * alert may be left from an earlier loop, too. */
static bool heed(pp_claimer *claimer) {
  uint32_t next = next_unit(claimer);
  if (claimer->probe.running != 0) return false;
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
 * loop was cancelled. The order counts (claim/rest.h, H2). */
static void answer(pp_claimer *claimer) {
  pp_slot *slot = slot_of(claimer);
  (void)pp_exchange_acquire(claimer->alert, 0);
  claimer->alerted = true;
  pp_move_begin(slot);
  close_rest(claimer);
  if (claimer->first != claimer->past) open_rest(claimer, !heed(claimer));
  pp_move_end(slot);
}

bool pp_batch_piece(pp_claimer *claimer, pp_piece *piece) {
  uint32_t begun;
  if (claimer->probe.running != 0) step_probe(claimer);
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
  pp_slot *slot = slot_of(claimer);
  if (!pp_rest_is_open(&slot->rest)) return;
  pp_move_begin(slot);
  close_rest(claimer);
  if (piece->past > claimer->past) piece->past = claimer->past;
  if (claimer->first > claimer->past) claimer->first = claimer->past;
  if (claimer->first != claimer->past) open_rest(claimer, false);
  pp_move_end(slot);
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
    pp_rest_open(&slot->rest, &slot->begun, left.first, left.past, false); /* It begins none of these. */
  }
  claimer->share->offer(claimer->share);
}

void pp_batch_put_back(pp_claimer *claimer) {
  pp_slot *slot = slot_of(claimer);
  pp_span left;
  pp_move_begin(slot);
  close_rest(claimer);
  left = claimer->batch;
  if (claimer->first < claimer->past) {
    left.first = next_unit(claimer);
    claimer->batch.past = left.first;
    leave_to_others(claimer, left);
  }
  pp_move_end(slot);
  claimer->done += pp_span_length(claimer->batch);
  claimer->batch = (pp_span){0, 0};
  claimer->first = claimer->past = 0;
}

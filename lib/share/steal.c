/* SPDX-License-Identifier: MIT */
/* steal.c: adopting parts, stealing, begging, taking. The thread's own group of slots comes first, so that neighbours
 * help neighbours. */
#include "share/steal.h"

#include "platform/clock.h"
#include "platform/park.h"
#include "platform/thread.h"
#include "schedule/tuning.h"
#include "trace/spans.h"

static pp_slot *slot_of(const pp_claimer *claimer) { return &claimer->share->slots[claimer->number]; }

/* In loops whose chunks the program has chosen each unit has to be within everybody's reach, since the one before it
 * may wait for it. Who finds nothing raises the alert of all slots in use, looks once more, and only then leaves or
 * sleeps. Who has put units where others may take them looks at its alert afterwards, and tells of them where that is
 * raised. One of the two sees the other: put and raise are seq_cst, and so are the looks behind them. Who has joined
 * without a part may not have been in use yet when others raised alerts, so it tells of its first units in any case. */
void pp_claim_own(pp_claimer *claimer, pp_span span) {
  pp_slot *slot = slot_of(claimer);
  if (claimer->division->adaptive) {
    pp_range_put(&slot->range, span);
    return;
  }
  pp_range_put_seen(&slot->range, span);
  if (pp_span_length(span) == 1) return;
  if (pp_load_seq_cst(&slot->alert) != 0 || claimer->unheard_of) claimer->share->offer(claimer->share);
  claimer->unheard_of = false;
}

static bool adopt_parts(pp_claimer *claimer) {
  const pp_division *division = claimer->division;
  uint32_t groups = pp_groups_for(division->parts), own = claimer->number / PP_GROUP_SLOTS;
  for (uint32_t k = 0; k < groups; k++) {
    uint32_t g = own + k < groups ? own + k : own + k - groups, first = 0, count;
    if (!pp_group_has_parts(&claimer->share->groups[g])) continue;
    pp_move_begin(slot_of(claimer));
    count = pp_group_adopt(&claimer->share->groups[g], PP_GROUP_SLOTS, &first);
    if (count != 0) pp_claim_own(claimer, pp_division_parts(division, g * PP_GROUP_SLOTS + first, count));
    pp_move_end(slot_of(claimer));
    if (count != 0) return true;
  }
  return false;
}

/* Calls visit for each other slot in use, the next one first, until it returns true. Who sees that a slot has joined
 * sees it in order, and what its thread has written before (acquire). */
static bool visit_slots(pp_claimer *claimer, bool (*visit)(pp_claimer *claimer, pp_slot *victim)) {
  pp_share *share = claimer->share;
  uint32_t parts = claimer->division->parts, groups = pp_groups_for(parts), own = claimer->number / PP_GROUP_SLOTS;
  for (uint32_t k = 0; k < groups; k++) {
    uint32_t g = own + k < groups ? own + k : own + k - groups, base = g * PP_GROUP_SLOTS;
    uint32_t from = k == 0 ? (claimer->number + 1) % PP_GROUP_SLOTS : 0;
    uint32_t joined = pp_group_field(pp_load_acquire(&share->groups[g].word), PP_JOINED_SHIFT);
    joined &= (1u << pp_group_slots(parts, g)) - 1u;
    if (k == 0) joined &= ~(1u << claimer->number % PP_GROUP_SLOTS);
    while (joined != 0) {
      uint32_t slot = pp_group_pick(joined, from);
      if (visit(claimer, &share->slots[base + slot])) return true;
      joined &= ~(1u << slot);
    }
  }
  return false;
}

static void tell(const pp_claimer *claimer, const pp_slot *victim, pp_span stolen) {
  if (pp_trace_is_on() && pp_span_length(stolen) != 0)
    pp_trace_tell(PP_EVENT_STEAL, (uint64_t)(victim - claimer->share->slots), pp_span_length(stolen));
}

/* A range is seldom seen that is not empty, so the move is counted only then. */
static bool steal_from(pp_claimer *claimer, pp_slot *victim) {
  pp_span stolen = {0, 0};
  if (!pp_range_is_empty(&victim->range)) {
    pp_move_begin(slot_of(claimer));
    stolen = pp_range_steal(&victim->range, claimer->undivided);
    if (pp_span_length(stolen) != 0) pp_claim_own(claimer, stolen);
    pp_move_end(slot_of(claimer));
    tell(claimer, victim, stolen);
  }
  if (pp_rest_is_open(&victim->rest)) claimer->pending = true;
  return pp_span_length(stolen) != 0;
}

/* The victim was asked and has not answered: it is inside of a body, or has lost its CPU. It may have been asked after
 * `now`: by another thief since, or by the clock of another processor. */
static bool is_stuck(pp_slot *victim, uint64_t now) {
  if (pp_load_relaxed(&victim->alert) == 0) return false;
  return (int64_t)(now - pp_load_relaxed(&victim->asked)) >= (int64_t)pp_ticks_from_ns(PP_STUCK_NS);
}

/* What this thread waits for is another one's to do, which may have lost its CPU: perhaps to this thread, which may
 * have a higher priority, so that looking again and yielding would keep it away for ever. */
static void leave_the_cpu(void) {
  pp_atomic_u32 word = 0;
  (void)pp_park_for(&word, 0, PP_STUCK_NS);
}

/* Where the victim has begun all of its batch there is nothing to wait for. */
static bool take_from(pp_claimer *claimer, pp_slot *victim) {
  uint64_t word = pp_load_acquire(&victim->rest.word), now = pp_clock_ticks();
  pp_span taken;
  if (word == 0) return false;
  if (!is_stuck(victim, now)) {
    claimer->pending = true;
    return false;
  }
  if (pp_load_acquire(&victim->begun) >= pp_rest_end_of(word)) return false; /* or it is a later batch's (E2) */
  if (pp_rest_claimant(word) != 0) {
    leave_the_cpu();
    claimer->pending = true;
    return false;
  }
  /* What is behind the rest may have come into the range since the look there: then the rest's end has to stay, for an
   * owner that puts back what it does not run. */
  if (!pp_range_is_empty(&victim->range)) {
    claimer->pending = true;
    return false;
  }
  pp_store_relaxed(&victim->asked, now);
  pp_move_begin(slot_of(claimer));
  taken = pp_rest_steal(&victim->rest, word, &victim->begun, &victim->alert, claimer->number);
  if (pp_span_length(taken) != 0) pp_claim_own(claimer, taken);
  pp_move_end(slot_of(claimer));
  tell(claimer, victim, taken);
  if (pp_span_length(taken) != 0) return true;
  claimer->pending = true; /* It has gone on after all, or another thief was first: there may be more. */
  return false;
}

bool pp_claim_find(pp_claimer *claimer) {
  claimer->pending = false;
  if (adopt_parts(claimer) || visit_slots(claimer, steal_from)) return true;
  if (!claimer->pending) return false;
  claimer->pending = false;
  return visit_slots(claimer, take_from);
}

/* Whoever has units on their way may need this CPU to put them somewhere. */
void pp_claim_linger(uint32_t times) {
  uint64_t start = pp_clock_ticks();
  while (pp_clock_ticks() - start < pp_ticks_from_ns(PP_ASK_NS)) pp_pause();
  if (times > PP_LINGERED) {
    leave_the_cpu();
  } else {
    pp_thread_yield();
  }
}

static bool beg_from(pp_claimer *claimer, pp_slot *victim) {
  if (!claimer->division->adaptive) {
    if (pp_load_relaxed(&victim->alert) == 0) pp_store_relaxed(&victim->asked, pp_clock_ticks());
    (void)pp_exchange_seq_cst(&victim->alert, 1);
    return false;
  }
  if (pp_load_relaxed(&victim->alert) == 0) {
    /* An exchange and not a store: the alert may just have become 1 by a cancellation. A store would replace that
     * 1, and the victim, whose acquire then reads this store, would not see what the cancelling thread wrote before
     * its own. */
    pp_store_relaxed(&victim->asked, pp_clock_ticks());
    (void)pp_exchange_acq_rel(&victim->alert, 1);
    claimer->asked++;
  }
  return claimer->asked == PP_BEGGED;
}

void pp_claim_beg(pp_claimer *claimer) {
  claimer->asked = 0;
  (void)visit_slots(claimer, beg_from);
}

bool pp_claim_find_at_last(pp_claimer *claimer) {
  pp_claim_beg(claimer);
  return !claimer->division->adaptive && pp_claim_find(claimer);
}

/* --- For good --------------------------------------------------------------------------------------------- */

static bool count_moves(pp_claimer *claimer, pp_slot *victim) {
  uint32_t moves = pp_load_acquire(&victim->moves);
  if (moves % 2 != 0) claimer->moving = true;
  claimer->moves += (uint64_t)moves + 2;
  return false;
}

/* Of all other slots in use: each counts in the sum, so one that has joined since changes it, too. */
static uint64_t sum_of_moves(pp_claimer *claimer) {
  claimer->moves = 0;
  (void)visit_slots(claimer, count_moves);
  return claimer->moves;
}

bool pp_claim_find_for_good(pp_claimer *claimer) {
  uint64_t before;
  if (claimer->division->adaptive) return pp_claim_find_at_last(claimer);
  pp_claim_beg(claimer);
  claimer->moving = false;
  before = sum_of_moves(claimer);
  if (pp_claim_find(claimer)) return true;
  if (sum_of_moves(claimer) != before || claimer->moving) claimer->pending = true;
  return false;
}

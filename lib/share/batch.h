/* SPDX-License-Identifier: MIT */
/* batch.h: what a thread takes from its own range at once, sized by measured time.
 *
 * An owner takes a batch of units from its range with one locked operation and runs it piece by piece without any.
 * Batches are sized so that they take PP_BATCH_NS, in which the locked operation and two readings of the clock are
 * lost; and they are never more than half of what is left, so that thieves find work as long as there is some. When a
 * batch turns out longer than it should, because iterations got slower, a thief that finds nothing raises the owner's
 * alert, and the owner hands half of the batch's rest back. An owner that does not come to do so, since it is inside of
 * a body for long, or has lost its CPU, keeps the piece that it is in; the rest the thief then takes by itself
 * (claim/rest.h).
 *
 * A loop that should be short, by what is known of its body, wakes no sleepers (spared). Its thread runs one unit
 * first and looks at the clock after it and after each further piece; once the loop has taken PP_SHORT_NS, the thread
 * offers the loop to others. */
#ifndef PP_SHARE_BATCH_H
#define PP_SHARE_BATCH_H

#include "platform/clock.h"
#include "schedule/batches.h"
#include "share/claimer.h"

/* The next piece of the claimer's batch, or of the next one from the slot's range, of which the piece begins `stride`
 * units: all, but where chunks are begun one by one by whoever runs them (pp_batch_begins_chunks). Others cannot take
 * them any more. False: the range is empty. */
bool pp_batch_piece(pp_claimer *claimer, pp_piece *piece);

/* Pieces are whole batches of chunks, of which only the first one is begun: before each other unit whoever runs them
 * calls pp_batch_begin_units, and stops where that says false. */
static inline bool pp_batch_begins_chunks(const pp_claimer *claimer) { return claimer->limit == UINT64_MAX; }

/* Begins the batch's units up to `units`. False: alert is up, and they are not begun. */
static inline bool pp_batch_begin_units(pp_claimer *claimer, uint32_t units) {
  pp_slot *slot = &claimer->share->slots[claimer->number];
  return pp_rest_begin(&slot->begun, units, claimer->alert, claimer->hurried);
}

/* The latest piece is the thread's own as it is: what thieves have not taken of it so far they cannot take any more. */
void pp_batch_keep(pp_claimer *claimer, pp_piece *piece);

/* What calls cost by the loops before. A cost that has become too high makes one call of all that a slot has, which
 * could tell nothing of it any more; so now and then it is doubted. */
static inline void pp_batch_remember(pp_claimer *claimer, pp_call_cost call, bool doubted) {
  claimer->call = call;
  claimer->doubts = doubted && claimer->division->adaptive;
}

/* What is to be remembered of it, where it was `before`: the same, if nothing has told. A probe that says what the one
 * before has said has told: the two agree. */
static inline pp_call_cost pp_batch_learned(const pp_claimer *claimer, pp_call_cost before) {
  return claimer->call.latest == UINT64_MAX ? before : claimer->call;
}

/* Sets the size of a full batch: `pace` iterations, if these are known to be one; 0: few, for a start. */
void pp_batch_start(pp_claimer *claimer, uint64_t pace);

/* How many iterations make a full batch, by what the thread has seen; 0: it has seen nothing. */
static inline uint64_t pp_batch_pace(const pp_claimer *claimer) {
  return (uint64_t)claimer->full * claimer->division->units.size;
}

/* Between two pieces of a spared loop: whether it has taken too long for one that should be short; then it is offered
 * to others. */
static inline bool pp_batch_is_late(const pp_claimer *claimer) {
  return pp_clock_ticks() - claimer->start >= pp_ticks_from_ns(PP_SHORT_NS);
}
void pp_batch_end_sparing(pp_claimer *claimer);

/* Puts the rest of the batch, from unit `next` on, back into the range: its thread will not run it. */
void pp_batch_put_back(pp_claimer *claimer);

#endif

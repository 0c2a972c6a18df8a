/* SPDX-License-Identifier: MIT */
/* range.h: the units that a slot still owns and others may steal from.
 *
 * Who touches it: its owner, the thread that is using the slot, takes batches from the front; thieves, other
 * members of the same loop, take the back half. One 64-bit word holds both ends:
 *
 *     [ past : 32 | first : 32 ]        empty when first == past
 *
 *     owner   put     empty -> [first, past)
 *             take    [first, past) -> [first + n, past)
 *     thief   steal   [first, past) -> [first, middle)
 *
 * Invariants
 *   R1  first <= past.
 *   R2  A unit is in at most one range, batch or finished set of its loop: the word alone says which units are
 *       unclaimed, and every change of a range that is not empty is a compare-and-swap on the whole word.
 *   R3  Only the owner changes an empty range, so put needs no compare-and-swap.
 *   R4  When the loop is complete all its ranges are empty; so no range needs initialising for the next loop.
 *
 * ABA is harmless within a loop: a swap that succeeds finds the units that it names unclaimed at that moment, and
 * that is all it needs (R2). Across loops it cannot happen: a thief is a member, and a record is not opened again
 * before its members have left (slots.h, S6).
 *
 * Orderings: put's release pairs with the acquire of take and steal. Iterations carry no data from one thread
 * to another by themselves, but a body handed back in the middle of a batch may continue elsewhere, and its
 * earlier writes should be seen there. take, steal and put_seen are read-modify-writes and release: who reads a word
 * that any of them has changed acquires what came before each of those changes (share/share.h, E2).
 *
 * Cost: take is one locked operation on the owner's own line, once per batch, not per chunk; a steal moves the
 * victim's line to the thief and back. */
#ifndef PP_CLAIM_RANGE_H
#define PP_CLAIM_RANGE_H

#include <assert.h>

#include "platform/atomics.h"

typedef struct pp_range {
  pp_atomic_u64 word;
} pp_range;

/* Units first ... past - 1. */
typedef struct pp_span {
  uint32_t first, past;
} pp_span;

static inline uint64_t pp_range_pack(pp_span span) { return (uint64_t)span.past << 32 | span.first; }

static inline bool pp_range_is_valid(uint64_t word) { return (uint32_t)word <= (uint32_t)(word >> 32); }

static inline pp_span pp_range_unpack(uint64_t word) {
  assert(pp_range_is_valid(word)); /* R1 */
  pp_span span = {(uint32_t)word, (uint32_t)(word >> 32)};
  return span;
}

static inline uint32_t pp_span_length(pp_span span) { return span.past - span.first; }

static inline pp_span pp_range_peek(pp_range *range) { return pp_range_unpack(pp_load_relaxed(&range->word)); }

/* The owner, of an empty range (R3). */
static inline void pp_range_put(pp_range *range, pp_span span) { pp_store_release(&range->word, pp_range_pack(span)); }

/* The same, before whatever seq_cst load comes next: for an owner that then looks whether somebody has missed it. */
static inline void pp_range_put_seen(pp_range *range, pp_span span) {
  (void)pp_exchange_seq_cst(&range->word, pp_range_pack(span));
}

/* The owner: takes up to `most` units from the front, but no more than half (rounded up) of more than `all_below`:
 * thieves find half of what is worth their way. */
static inline pp_span pp_range_take(pp_range *range, uint32_t most, uint32_t all_below) {
  uint64_t word = pp_load_relaxed(&range->word);
  for (;;) {
    pp_span span = pp_range_unpack(word), mine = span;
    uint32_t length = pp_span_length(span), count = most;
    if (length == 0) return span;
    if (count > length / 2) count = length <= all_below ? length : length - length / 2;
    mine.past = span.first = mine.first + count;
    if (pp_cas_acq_rel(&range->word, &word, pp_range_pack(span))) return mine;
  }
}

/* The owner: gives units back that it took from the front of the range, or of one that was there before and is empty.
 */
static inline void pp_range_return(pp_range *range, pp_span left) {
  uint64_t word = pp_load_relaxed(&range->word);
  for (;;) {
    pp_span span = pp_range_unpack(word);
    if (pp_span_length(span) == 0) {
      pp_range_put_seen(range, left);
      return;
    }
    assert(span.first == left.past);
    span.first = left.first;
    if (pp_cas_acq_rel(&range->word, &word, pp_range_pack(span))) return;
  }
}

/* A thief, or anybody. Seq_cst pairs with put_seen, after the thief's alert. */
static inline bool pp_range_is_empty(pp_range *range) {
  return pp_span_length(pp_range_unpack(pp_load_seq_cst(&range->word))) == 0;
}

/* A thief: the back half, rounded up, or all of up to `all_below` units; an empty span when there is none. */
static inline pp_span pp_range_steal(pp_range *range, uint32_t all_below) {
  uint64_t word = pp_load_seq_cst(&range->word); /* pairs with put_seen, after the thief's alert */
  for (;;) {
    pp_span span = pp_range_unpack(word), mine = span;
    uint32_t length = pp_span_length(span);
    if (length == 0) return span;
    span.past = mine.first = length <= all_below ? span.first : span.first + length / 2;
    if (pp_cas_acq_rel(&range->word, &word, pp_range_pack(span))) return mine;
  }
}

#endif

/* SPDX-License-Identifier: MIT */
/* rest.h: what its owner has not begun of a batch, and how a thief comes to it while the owner is inside a body.
 *
 * Who touches it: its owner, the thread that is using the slot, opens the rest of each batch, says of each piece that
 * it begins, and closes the rest; thieves, other members of the same loop, take the back half. The owner pays one
 * store and one load on lines of its own for a piece. The thief pays for both of them: by a barrier that the system
 * makes the owner pass (platform/fence.h).
 *
 *     word    [ hurried : 1 | claimant : 31 | end : 32 ]
 *                                            the unit where the rest ends; the thief that is about to take some of it:
 *                                            its slot plus one; and whether thieves see to the order. 0: closed
 *     begun   the first unit that the owner has not begun; written by the owner alone
 *     alert   the slot's (share.h): not 0 stops the owner before its next piece. Owners alone lower it
 *
 * hurried is not shown here: it stays as the owner has opened it.
 *
 *     owner   open    closed         -> (0, end)     begun was written before
 *             begin   writes begun, then reads alert: 0, the piece is its own; else it closes, and begins nothing
 *             close   (any, end)     -> closed       after it has lowered alert; the units up to end are its own again
 *             end     (any, begun)   -> closed       all are begun
 *     thief   claim   (0, end)       -> (me, end)    and raises alert, has the barrier made if hurried, reads begun
 *             take    (me, end)      -> (0, middle)  middle is at least begun
 *             leave   (me, end)      -> (0, end)     there is nothing to take
 *
 * Invariants
 *   H1  While the rest is open, its units are those from begun to end. Each is begun by the owner, or taken by one
 *       thief.
 *   H2  Between a thief's barrier and its take the owner begins no piece. For begun as the thief has read it tells of
 *       all pieces whose alert was read before the barrier; and an owner that reads alert after it finds it raised,
 *       unless it has lowered it itself since, and then it has closed, too, so that the take fails.
 *   H3  A claim is in the way of nobody but other thieves: an owner that comes to its next piece takes it back by
 *       closing. So a thief that loses its CPU in the middle holds up nothing.
 *   H4  A claim that was taken back is not taken for a later one: a slot's thread has one claim at a time, and its
 *       number is in the word.
 *   H5  When begun is the end, no thief takes anything: so end needs no read-modify-write.
 *   H6  The first piece of an opened rest counts as begun from the start, and needs no look at alert.
 *   H7  Whether the owner is hurried is decided where it opens a rest, and holds until it closes or ends that: owner
 *       and thieves go by the same, even while the system's barrier ceases to be there.
 *
 * Orderings
 *   open    begun release, word seq_cst   begun pairs with the thief's load: a thief that reads of a later batch finds
 *                                         the word changed, and takes nothing; word with claim, and with the
 *                                         owner's next look at alert (share/steal.c, pp_claim_own)
 *   begin   begun, then alert             in this order as the thief sees them: by the thief's barrier; of an owner
 *                                         that is not hurried both are seq_cst, and the thief's raise and load too
 *   close   exchange acq_rel              with take: the owner knows where its units end
 *   claim   cas acq_rel                   before the raise of alert (seq_cst), which the owner's lowering acquires: an
 *                                         owner that has lowered alert sees the claim that it was raised for
 *   take    cas acq_rel                   with close
 *   end     store release                 with the look of who leaves (share/share.h, E2): a rest from which something
 *                                         was taken is closed first, and that acquires the take
 * Cost: begin is a store and a load on two lines that stay with the owner; an opening is a store and a locked
 * operation; a closing is a locked operation, and only where alert was raised. A theft takes both lines from the owner
 * once or twice. */
#ifndef PP_CLAIM_REST_H
#define PP_CLAIM_REST_H

#include <assert.h>

#include "claim/range.h"
#include "platform/fence.h"

typedef struct pp_rest {
  pp_atomic_u64 word;
} pp_rest;

static inline uint32_t pp_rest_end_of(uint64_t word) { return (uint32_t)word; }
static inline uint32_t pp_rest_claimant(uint64_t word) { return (uint32_t)(word >> 32) & INT32_MAX; }
static inline bool pp_rest_is_hurried(uint64_t word) { return word >> 63 != 0; }
static inline uint64_t pp_rest_pack(bool hurried, uint32_t claimant, uint32_t end) {
  return (uint64_t)hurried << 63 | (uint64_t)claimant << 32 | end;
}

/* A thief, or anybody: whether it is open. It may have no units any more. Seq_cst pairs with open's, after the thief's
 * alert. */
static inline bool pp_rest_is_open(pp_rest *rest) { return pp_load_seq_cst(&rest->word) != 0; }

/* The owner, of a closed rest: units first ... end - 1, of which there are some, may be taken. hurried: thieves see to
 * the order of what begins a piece (H7). */
static inline void pp_rest_open(pp_rest *rest, pp_atomic_u32 *begun, uint32_t first, uint32_t end, bool hurried) {
  assert(first < end && pp_load_relaxed(&rest->word) == 0);
  pp_store_release(begun, first);
  (void)pp_exchange_seq_cst(&rest->word, pp_rest_pack(hurried, 0, end));
}

/* The owner, before a piece: it begins the units up to `units`. False: alert is up; it has not begun them, and has to
 * close. hurried: as it was opened. */
static inline bool pp_rest_begin(pp_atomic_u32 *begun, uint32_t units, pp_atomic_u32 *alert, bool hurried) {
  if (hurried) {
    pp_store_relaxed(begun, units);
    pp_fence_keep_order();
    return pp_load_relaxed(alert) == 0;
  }
  pp_store_seq_cst(begun, units);
  return pp_load_seq_cst(alert) == 0;
}

/* The owner, which has lowered alert: where its units end now; `end`, if the rest was not open. */
static inline uint32_t pp_rest_close(pp_rest *rest, uint32_t end) {
  uint64_t word = pp_exchange_acq_rel(&rest->word, 0);
  return word != 0 ? pp_rest_end_of(word) : end;
}

/* The owner, which has begun all units (H5). */
static inline void pp_rest_end(pp_rest *rest) { pp_store_release(&rest->word, 0); }

/* A thief, of slot `me`, which has read `word`: the back half, rounded up, of what the owner has not begun. An empty
 * span: there is none, or the owner has come to its next piece meanwhile, or another thief was first. Raises alert. */
static inline pp_span pp_rest_steal(pp_rest *rest, uint64_t word, pp_atomic_u32 *begun, pp_atomic_u32 *alert,
                                    uint32_t me) {
  const pp_span none = {0, 0};
  uint64_t claimed;
  uint32_t end = pp_rest_end_of(word), from, middle;
  bool hurried = pp_rest_is_hurried(word);
  if (word == 0 || pp_rest_claimant(word) != 0 || pp_load_acquire(begun) >= end) return none;
  claimed = pp_rest_pack(hurried, me + 1, end);
  if (!pp_cas_acq_rel(&rest->word, &word, claimed)) return none;
  (void)pp_exchange_seq_cst(alert, 1);
  if (hurried) pp_fence_others();
  from = pp_load_seq_cst(begun);
  middle = from < end ? from + (end - from) / 2 : end;
  if (!pp_cas_acq_rel(&rest->word, &claimed, pp_rest_pack(hurried, 0, middle))) return none;
  return (pp_span){middle, end};
}

#endif

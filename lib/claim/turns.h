/* SPDX-License-Identifier: MIT */
/* turns.h: whose turn it is: the ordered part of a prange's iterations, in the sequence of the serial loop.
 *
 * Who touches it: threads of a team, each for the pieces of the iteration space that it runs. Every prange with
 * ordered parts has turns of its own, which its threads find by a tag in a chain that only grows (team/turns.c). So a
 * thread that runs ahead of the others never takes turns that an earlier prange will need whose ordered parts nobody
 * has come to yet.
 *
 *     tag   which prange: [ region's epoch : 32 | its number in the region : 32 ]; 0: none yet
 *     next  iterations below it have had their turn
 *
 * Invariants
 *   O1  next grows only by the thread that runs iteration next, or skips it: a single one at any time.
 *   O2  Turns get another tag only when no thread can look for the old one any more: its region is over, or all
 *       threads have passed a barrier after its prange. That is decided under the chain's lock; a chain holds a tag
 *       once.
 *   O3  A thread that has iteration next is never waiting: threads take iterations in rising order, and hold none
 *       below the one that they run (range.h: batches come from the front; a stolen part is begun at its own front).
 *   O4  No lost wake: pulse.h's P1; the change is next's.
 *
 * Orderings
 *   open    store release      with find (load acquire): next is 0 before the tag is seen
 *   follow  store release      with find (load acquire): new turns are seen whole; elsewhere under the chain's lock
 *   lock    exchange acquire, store release   openers with each other, and with a thread that wakes all sleepers
 *                              after a cancellation
 *   pass    store seq_cst      with are_at (load seq_cst): the ordered parts' writes are seen; O4
 * Cost: a turn that goes to another thread moves one line; turns within a piece cost nothing. */
#ifndef PP_CLAIM_TURNS_H
#define PP_CLAIM_TURNS_H

#include <stddef.h>

#include "claim/pulse.h"

typedef struct pp_turns {
  PP_LINE_ALIGNED pp_atomic_u64 next;
  pp_atomic_u64 tag;
  _Atomic(struct pp_turns *) follow; /* in the chain */
  pp_pulse pulse;
} pp_turns;

/* What a thread has to do with the turns of its present prange. */
typedef struct pp_turn {
  pp_turns *turns;      /* NULL: not looked for yet */
  uint64_t first, past; /* the piece that the thread runs */
  bool has;             /* it is the piece's turn */
  bool inside;          /* the thread is in an ordered part, and holds the turns (pool/self.h) */
} pp_turn;

static inline uint64_t pp_turns_tag(uint32_t epoch, uint32_t number) { return (uint64_t)epoch << 32 | number; }

/* The turns of the tag; NULL: there are none yet. */
static inline pp_turns *pp_turns_find(pp_turns *chain, uint64_t tag) {
  while (chain != NULL && pp_load_acquire(&chain->tag) != tag) chain = pp_load_acquire(&chain->follow);
  return chain;
}

/* Whether the turns may get another tag, for a thread in a region of this epoch. settled: the number of a prange of
 * that region after which the thread has passed a barrier (O2). */
static inline bool pp_turns_is_free(pp_turns *turns, uint32_t epoch, uint32_t settled) {
  uint64_t tag = pp_load_relaxed(&turns->tag);
  return (uint32_t)(tag >> 32) != epoch || (uint32_t)tag <= settled;
}

/* Under the chain's lock: gives free turns to a prange. */
static inline void pp_turns_open(pp_turns *turns, uint64_t tag) {
  pp_store_relaxed(&turns->next, 0);
  pp_store_release(&turns->tag, tag);
}

static inline bool pp_turns_are_at(pp_turns *turns, uint64_t iteration) {
  return pp_load_seq_cst(&turns->next) == iteration; /* as cheap as acquire on x86-64 and 64-bit Arm */
}

/* Whether the iteration has had its turn, which does not come again. */
static inline bool pp_turns_are_past(pp_turns *turns, uint64_t iteration) {
  return pp_load_relaxed(&turns->next) > iteration;
}

/* The thread whose turn it is: all iterations below `next` have had theirs. */
static inline void pp_turns_pass(pp_turns *turns, uint64_t next) {
  pp_store_seq_cst(&turns->next, next);
  if (pp_pulse_has_sleepers(&turns->pulse)) pp_pulse_wake(&turns->pulse);
}

#endif

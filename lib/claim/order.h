/* SPDX-License-Identifier: MIT */
/* order.h: whose turn it is: the ordered part of a prange's iterations, in the order of the serial loop.
 *
 * Who touches it: threads of a team, each for the pieces of the iteration space that it runs. An order serves one prange after
 * another; a team has several, so that a thread that runs ahead finds the next one free.
 *
 *     tag     which prange: [ region's epoch : 32 | number of the prange in the region : 32 ], or PP_ORDER_BUSY
 *     next    iterations below it have had their turn
 *     count   n of that prange
 *
 *     free (another region's, or next == count) --enter--> busy --> (tag, 0, n) --pass--> ... --> next == count
 *
 * Invariants
 *   O1  next grows only by the thread that runs iteration next, or skips it: a single one at any time.
 *   O2  A prange's tag is replaced only when next == count, or by a thread of a later region: each of its iterations has had
 *       its turn, or the region is over.
 *   O3  A thread that has iteration next is never waiting: threads take iterations in rising order, and hold none below the one
 *       that they run (range.h: batches come from the front; a stolen part is begun at its own front).
 *   O4  No lost wake: pulse.h's P1; the change is next's.
 *
 * Orderings
 *   enter   cas acquire, store release   with enter (load acquire): count and next are seen; acquire of next pairs with pass
 *   pass    store seq_cst                with is_next (load acquire, seq_cst before sleep): the ordered parts' writes; O4
 * Cost: a turn that goes to another thread moves one line; turns within a piece cost nothing. */
#ifndef PP_CLAIM_ORDER_H
#define PP_CLAIM_ORDER_H

#include "claim/pulse.h"

#define PP_ORDERS 4u
#define PP_ORDER_BUSY UINT64_MAX

typedef struct pp_order {
  PP_LINE_ALIGNED pp_atomic_u64 next;
  pp_atomic_u64 tag, count;
  pp_pulse pulse;
} pp_order;

/* A thread's part in the order of its present prange. */
typedef struct pp_order_turn {
  pp_order *order;      /* NULL: not entered */
  uint64_t first, past; /* the piece that the thread runs */
  bool has;             /* it is the piece's turn */
} pp_order_turn;

/* True: the order is the prange's; false: try again later, an earlier prange has it. */
static inline bool pp_order_enter(pp_order *order, uint64_t tag, uint64_t count) {
  uint64_t present = pp_load_acquire(&order->tag);
  bool over;
  if (present == tag) return true;
  if (present == PP_ORDER_BUSY) return false;
  over = present >> 32 != tag >> 32 || pp_load_acquire(&order->next) == pp_load_relaxed(&order->count);
  if (!over || !pp_cas_acquire(&order->tag, &present, PP_ORDER_BUSY)) return false;
  pp_store_relaxed(&order->count, count);
  pp_store_relaxed(&order->next, 0);
  pp_store_release(&order->tag, tag);
  return true;
}

static inline bool pp_order_is_next(pp_order *order, uint64_t iteration) {
  return pp_load_seq_cst(&order->next) == iteration; /* as cheap as acquire on x86-64 and 64-bit Arm */
}

/* The thread whose turn it is: all iterations below `next` have had theirs. */
static inline void pp_order_pass(pp_order *order, uint64_t next) {
  pp_store_seq_cst(&order->next, next);
  if (pp_pulse_has_sleepers(&order->pulse)) pp_pulse_wake(&order->pulse);
}

#endif

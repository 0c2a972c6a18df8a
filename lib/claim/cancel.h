/* SPDX-License-Identifier: MIT */
/* cancel.h: the lowest failing chunk of a loop, and its status.
 *
 * Who touches it: a failing body lowers it; members read it to skip later chunks; the caller reads the status.
 *
 * Invariants
 *   K1  lowest only falls within a loop; PP_CANCEL_NONE means no failure. Iteration numbers stay below it, since an
 *       iteration space has at most 2^64 - 1 of them.
 *   K2  status belongs to lowest: both change together under the lock. Failures are rare; the lock is never taken
 *       by a loop that succeeds.
 *
 * Orderings: lowest's release store pairs with the members' acquire load after they were alerted; the caller reads
 * both after all members have added their units (slots.h, S4). */
#ifndef PP_CLAIM_CANCEL_H
#define PP_CLAIM_CANCEL_H

#include "claim/lock.h"
#include "platform/cache_line.h"

#define PP_CANCEL_NONE UINT64_MAX

typedef struct pp_cancel {
  PP_LINE_ALIGNED pp_atomic_u64 lowest;
  pp_atomic_u32 lock;
  int status;
} pp_cancel;

static inline void pp_cancel_reset(pp_cancel *cancel) {
  pp_store_relaxed(&cancel->lowest, PP_CANCEL_NONE);
  cancel->status = 0;
}

/* Whether a chunk that starts at `first` comes after a failed one. */
static inline bool pp_cancel_skips(pp_cancel *cancel, uint64_t first) {
  return first > pp_load_acquire(&cancel->lowest);
}

/* Whether the chunk that starts at `first`, or one before it, has failed. */
static inline bool pp_cancel_reaches(pp_cancel *cancel, uint64_t first) {
  return first >= pp_load_acquire(&cancel->lowest);
}

/* Of several failures of one chunk the first counts, as in the serial loop that returns at once. */
static inline void pp_cancel_lower(pp_cancel *cancel, uint64_t first, int status) {
  pp_lock(&cancel->lock);
  if (first < pp_load_relaxed(&cancel->lowest)) {
    cancel->status = status;
    pp_store_release(&cancel->lowest, first);
  }
  pp_unlock(&cancel->lock);
}

#endif

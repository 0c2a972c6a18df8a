/* SPDX-License-Identifier: MIT */
/* control.h: how a body fails: what ppar_cancel reaches through its chunk. */
#ifndef PP_SHARE_CONTROL_H
#define PP_SHARE_CONTROL_H

#include "claim/cancel.h"
#include "share/share.h"

typedef struct pp_control {
  pp_cancel cancel;
  pp_atomic_u32 alert; /* Of a loop on one thread, or of a range of tasks; others have one in each slot. */
  pp_share *share;     /* NULL: such a loop. It then lives on its caller's stack. */
} pp_control;

static inline void pp_control_reset(pp_control *control) {
  pp_cancel_reset(&control->cancel);
  pp_store_relaxed(&control->cancel.lock, 0);
  pp_store_relaxed(&control->alert, 0);
}

/* The chunk that starts at iteration `first` has failed. Tells every thread in the loop to look before its next
 * chunk; release, and pairs with the exchange by which each lowers its alert. */
static inline void pp_control_cancel(pp_control *control, uint64_t first, int status) {
  pp_share *share = control->share;
  pp_cancel_lower(&control->cancel, first, status);
  if (share == NULL) {
    pp_store_release(&control->alert, 1);
  } else {
    for (uint32_t s = 0; s < share->division->parts; s++) pp_store_release(&share->slots[s].alert, 1);
  }
}

static inline bool pp_control_is_canceled(pp_control *control) {
  return pp_load_acquire(&control->cancel.lowest) != PP_CANCEL_NONE;
}

#endif

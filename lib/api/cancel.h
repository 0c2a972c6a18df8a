/* SPDX-License-Identifier: MIT */
/* cancel.h: what the api's own bodies ask about the cancellation of their loop. */
#ifndef PP_API_CANCEL_H
#define PP_API_CANCEL_H

#include <ppar/loop.h>

#include "share/control.h"

/* Whether the chunk itself, or one before it in iteration order, has been cancelled. */
static inline bool pp_chunk_canceled(const ppar_chunk *chunk) {
  pp_control *control = chunk->loop_;
  return pp_cancel_reaches(&control->cancel, chunk->first_);
}

#endif

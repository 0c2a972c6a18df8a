/* SPDX-License-Identifier: MIT */
/* backward.h: a thread's events from the latest to the earliest.
 *
 * In that order what contains something comes before what it contains, and nothing needs to be sorted for it: events
 * are recorded in the order of their ends. So a stack of what contains the present one is all that a reader needs. */
#ifndef PP_SHOW_BACKWARD_H
#define PP_SHOW_BACKWARD_H

#include "show/run.h"

typedef struct pp_backward {
  pp_run_cursor cursor;
  uint64_t first, next; /* Events next - 1 ... first are still to come. */
  pp_event *open;       /* Those that have not ended, the innermost first; room for PP_TRACE_DEPTH. */
  uint32_t opens;       /* So many of them are still to come. */
} pp_backward;

/* open: room for PP_TRACE_DEPTH events, which is used until the last one was read. */
pp_backward pp_backward_begin(const pp_run *run, uint32_t thread, pp_event *open);

bool pp_backward_next(pp_backward *backward, pp_event *event);

#endif

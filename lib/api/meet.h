/* SPDX-License-Identifier: MIT */
/* meet.h: what threads wait for each other at, recorded. */
#ifndef PP_API_MEET_H
#define PP_API_MEET_H

#include "team/barrier.h"
#include "trace/spans.h"

/* From here on the thread waits for the others of its team, and does meanwhile what they meet for. */
static inline pp_trace_mark pp_meeting_begin(void) {
  return pp_trace_is_on() ? pp_trace_begin(PP_EVENT_BARRIER, 0, 0) : 0;
}
static inline void pp_meeting_end(pp_trace_mark mark) {
  if (pp_trace_is_on()) pp_trace_end(mark);
}

/* pp_seat_barrier. */
static inline bool pp_meet(pp_seat *seat) {
  pp_trace_mark mark;
  bool together;
  if (!pp_trace_is_on()) return pp_seat_barrier(seat);
  mark = pp_meeting_begin();
  together = pp_seat_barrier(seat);
  pp_meeting_end(mark);
  return together;
}

#endif

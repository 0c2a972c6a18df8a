/* SPDX-License-Identifier: MIT */
/* backward.c: a cursor's events, one at a time from the last one. */
#include "show/backward.h"

pp_backward pp_backward_begin(const pp_run *run, uint32_t thread, pp_event *open) {
  pp_backward backward = {.cursor = pp_run_events(run, thread), .open = open};
  pp_run_cursor not_ended = backward.cursor;
  backward.first = backward.cursor.next;
  backward.next = backward.cursor.past;
  not_ended.next = not_ended.past;
  while (backward.opens < PP_TRACE_DEPTH && pp_run_next(&not_ended, &open[backward.opens])) backward.opens++;
  return backward;
}

bool pp_backward_next(pp_backward *backward, pp_event *event) {
  if (backward->opens != 0) {
    *event = backward->open[--backward->opens];
    return true;
  }
  while (backward->next > backward->first) {
    pp_run_cursor one = backward->cursor;
    one.next = --backward->next;
    one.past = backward->next + 1;
    one.open = 0;
    if (pp_run_next(&one, event)) return true;
  }
  return false;
}

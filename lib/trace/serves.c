/* SPDX-License-Identifier: MIT */
/* serves.c: the place that the thread's loops are shown at, and whether they are. */
#include "trace/serves.h"

const void *pp_trace_serves_(const void *place) {
  pp_tracer *tracer = pp_tracer_get();
  const void *before = tracer != NULL ? tracer->caller : NULL;
  if (tracer != NULL && before == NULL) tracer->caller = place;
  return before;
}

void pp_trace_served_(const void *before) {
  pp_tracer *tracer = pp_tracer_get();
  if (tracer != NULL) tracer->caller = before;
}

void pp_trace_pause(void) {
  pp_tracer *tracer = pp_trace_is_on() ? pp_tracer_get() : NULL;
  if (tracer != NULL) tracer->paused++;
}

void pp_trace_go_on(void) {
  pp_tracer *tracer = pp_trace_is_on() ? pp_tracer_get() : NULL;
  if (tracer != NULL && tracer->paused != 0) tracer->paused--;
}

bool pp_trace_is_paused(void) {
  const pp_tracer *tracer = pp_tracer_get();
  return tracer != NULL && tracer->paused != 0;
}

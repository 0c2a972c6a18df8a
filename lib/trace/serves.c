/* SPDX-License-Identifier: MIT */
/* serves.c: the place that the thread's loops are shown at. */
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

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
  if (tracer == NULL) return;
  tracer->caller = before;
  tracer->blocks = NULL; /* A loop that was refused has not taken them. */
}

void pp_trace_serves_blocks_(const pp_trace_blocks *blocks) {
  pp_tracer *tracer = pp_tracer_get();
  if (tracer != NULL) tracer->blocks = blocks;
}

const pp_trace_blocks *pp_trace_take_blocks(void) {
  pp_tracer *tracer = pp_tracer_get();
  const pp_trace_blocks *blocks = tracer != NULL ? tracer->blocks : NULL;
  if (tracer != NULL) tracer->blocks = NULL;
  return blocks;
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

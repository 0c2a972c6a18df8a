/* SPDX-License-Identifier: MIT */
/* traced.h: loops and reduces that are recorded (trace/construct.h). */
#ifndef PP_API_TRACED_H
#define PP_API_TRACED_H

#include "api/plan.h"
#include "trace/spans.h"

/* Runs the plan's loop; result: as ppar_parallel_reduce's. */
typedef int pp_runner(pp_plan *plan, void *result);

/* The same, recorded. */
int pp_run_traced(pp_plan *plan, void *result, pp_runner *run);

static inline int pp_run_plan(pp_plan *plan, void *result, pp_runner *run) {
  return pp_trace_is_on() ? pp_run_traced(plan, result, run) : run(plan, result);
}

#endif

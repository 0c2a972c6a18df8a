/* SPDX-License-Identifier: MIT */
/* traced.c: the plan's body or fold is replaced by one that records itself and calls the program's. */
#include "api/traced.h"

#include "trace/construct.h"
#include "trace/serves.h"

/* How the loop of so many iterations has been run. A plan whose loop was never set has run on its caller alone: by
 * choice, unless there is nothing to share, with one slot or one iteration, however long it takes. */
static uint32_t how_of(const pp_plan *plan, uint64_t count) {
  const pp_division *division = &plan->loop.division;
  if (plan->loop.arg == NULL) return plan->alone.slots == 1 || count == 1 ? PP_HOW_ONE_PART : PP_HOW_ALONE;
  if (division->parts <= 1) return PP_HOW_ONE_PART;
  switch (division->sharing) {
    case PP_BY_SLOT: return division->adaptive ? PP_HOW_BLOCKS : 0;
    case PP_BY_RANGE: return PP_HOW_BY_RANGE | (division->adaptive ? PP_HOW_ADAPTIVE : 0);
    case PP_BY_COUNTER: break;
  }
  return PP_HOW_BY_COUNTER;
}

int pp_run_traced(pp_plan *plan, void *result, pp_runner *run) {
  pp_alone *alone = &plan->alone;
  pp_traced_loop loop = {.body = alone->body,
                         .fold = alone->fold,
                         .arg = alone->arg,
                         .index = alone->space.begin,
                         .step = alone->space.step};
  const uint64_t count = alone->space.count;
  pp_trace_what what = {.kind = alone->body != NULL ? PP_CONSTRUCT_LOOP : PP_CONSTRUCT_REDUCE,
                        .address = alone->site,
                        .name = plan->options->name,
                        .slots = alone->slots,
                        .asked = alone->slots,
                        .schedule = plan->schedule,
                        .count = count,
                        .index = alone->space.begin,
                        .step = alone->space.step};
  const pp_trace_blocks *reduction;
  pp_trace_mark before;
  int status;
  if (pp_trace_is_paused()) return run(plan, result);
  reduction = pp_trace_take_blocks();
  if (reduction != NULL) {
    loop.blocks = &reduction->blocks;
    what.kind = PP_CONSTRUCT_REDUCE;
    what.schedule = reduction->schedule;
    what.count = reduction->space.count;
    what.index = reduction->space.begin;
    what.step = reduction->space.step;
  }
  pp_traced_begin(&loop.traced, &what);
  if (alone->body != NULL) {
    alone->body = pp_traced_body;
  } else {
    alone->fold = pp_traced_fold;
  }
  alone->arg = &loop;
  plan->loop.arg = NULL;
  before = pp_trace_here();
  status = run(plan, result);
  pp_trace_end(before);
  pp_traced_end(&loop.traced, how_of(plan, count), 0, what.count, status);
  return status;
}

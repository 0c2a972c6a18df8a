/* SPDX-License-Identifier: MIT */
/* reduce.c: ppar_parallel_reduce. */
#include <ppar/reduce.h>

#include <errno.h>

#include <ppar/status.h>

#include "algorithm/reproducible.h"
#include "api/traced.h"
#include "loop/caller.h"
#include "platform/boundary.h"
#include "trace/serves.h"

/* Where a part has been run alone, the value of slot 0 goes on from that part's. */
static int run(pp_plan *plan, void *result) {
  _Alignas(PP_SMALL_PARTIAL) unsigned char partial[PP_SMALL_PARTIAL]; /* for any type of its size */
  pp_alone *alone = &plan->alone;
  pp_alone_end end = PP_ALONE_NOT;
  alone->partial = partial;
  if (pp_plan_may_be_alone(plan)) end = pp_alone_run(plan->pool, alone);
  if (end == PP_ALONE_DONE) {
    if (alone->status == PPAR_OK) alone->reduction->combine(result, partial);
    PP_BOUNDARY();
    return alone->status;
  }
  pp_plan_loop(plan);
  if (end == PP_ALONE_PART) plan->loop.seed = partial;
  return pp_loop_run(plan->pool, &plan->loop, result);
}

int ppar_parallel_reduce(int64_t begin, int64_t end, ppar_fold *fold, void *arg, const ppar_reduction *reduction,
                         void *result, const ppar_options *options) {
  pp_plan plan;
  pp_alone *alone = &plan.alone;
  pp_call call = PP_CALL("ppar_parallel_reduce");
  int status, saved_errno = errno;
  if (fold == NULL) return pp_refuse(call, PP_NOTHING_RUN, "fold", PP_REFUSED_NULL, 0);
  if (!ppar_reduction_is_valid_(reduction)) return pp_refuse_reduction(call, PP_NOTHING_RUN, reduction);
  if (result == NULL) return pp_refuse(call, PP_NOTHING_RUN, "result", PP_REFUSED_NULL, 0);
  status = pp_plan_options(&plan, options, call);
  if (status != PPAR_OK) return status;
  (void)pp_space_make(&alone->space, begin, end, pp_options_step(plan.options));
  if (alone->space.count == 0) return PPAR_OK;
  if (plan.options->reproducible) {
    ppar_options over_blocks = *plan.options;
    const void *serves;
    over_blocks.schedule = plan.schedule;
    over_blocks.step = 0;
    serves = pp_trace_serves(call.place);
    status = pp_reproducible_reduce(&alone->space, fold, arg, reduction, result, &over_blocks);
    pp_trace_served(serves);
  } else {
    alone->code = pp_code_of(NULL, fold);
    alone->body = NULL;
    alone->fold = fold;
    alone->arg = arg;
    alone->site = call.place;
    alone->reduction = reduction;
    status = pp_run_plan(&plan, result, run);
  }
  errno = saved_errno;
  return status;
}

int ppar_refuse_size_(const ppar_reduction *reduction) {
  return pp_refuse(PP_CALL("PPAR_REDUCE"), PP_NOTHING_RUN, "reduction->size", PP_REFUSED_OTHER_SIZE,
                   (int64_t)reduction->size);
}

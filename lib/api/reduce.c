/* SPDX-License-Identifier: MIT */
/* reduce.c: ppar_parallel_reduce. */
#include <ppar/reduce.h>

#include <errno.h>

#include <ppar/status.h>

#include "algorithm/reproducible.h"
#include "api/plan.h"
#include "loop/caller.h"

int ppar_parallel_reduce(int64_t begin, int64_t end, ppar_fold *fold, void *arg, const ppar_reduction *reduction,
                         void *result, const ppar_options *options) {
  pp_plan plan;
  ppar_schedule schedule;
  pp_call call = PP_CALL("ppar_parallel_reduce");
  int status, saved_errno = errno;
  if (fold == NULL) return pp_refuse(call, PP_NOTHING_RUN, "fold", PP_REFUSED_NULL, 0);
  if (!ppar_reduction_is_valid_(reduction)) return pp_refuse_reduction(call, PP_NOTHING_RUN, reduction);
  if (result == NULL) return pp_refuse(call, PP_NOTHING_RUN, "result", PP_REFUSED_NULL, 0);
  status = pp_plan_options(&plan, &schedule, options, call);
  if (status != PPAR_OK) return status;
  (void)pp_space_make(&plan.loop.division.space, begin, end, pp_options_step(plan.options));
  if (plan.loop.division.space.count == 0) return PPAR_OK;
  if (plan.options->reproducible) {
    ppar_options over_blocks = *plan.options;
    over_blocks.schedule = schedule;
    over_blocks.step = 0;
    status = pp_reproducible_reduce(&plan.loop.division.space, fold, arg, reduction, result, &over_blocks);
  } else {
    plan.loop.fold = fold;
    plan.loop.arg = arg;
    plan.loop.reduction = reduction;
    pp_plan_schedule(&plan.loop.division, schedule);
    status = pp_loop_run(plan.pool, &plan.loop, result);
  }
  errno = saved_errno;
  return status;
}

/* SPDX-License-Identifier: MIT */
/* reduce.c: ppar_parallel_reduce. */
#include <ppar/reduce.h>

#include <errno.h>

#include <ppar/status.h>

#include "algorithm/reproducible.h"
#include "algorithm/results.h"
#include "api/shake_loop.h"
#include "api/traced.h"
#include "loop/caller.h"
#include "platform/boundary.h"
#include "schedule/tuning_checks.h"
#include "trace/serves.h"

/* Where a part has been run alone, the value of slot 0 goes on from that part's. */
static int run(pp_plan *plan, void *result) {
  _Alignas(PP_SMALL_PARTIAL) unsigned char partial[PP_SMALL_PARTIAL]; /* for any type of its size */
  pp_alone *alone = &plan->alone;
  pp_alone_end end = PP_ALONE_NOT;
  if (pp_shake_takes(plan)) return pp_shake_loop(plan, result);
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

static int run_any(pp_plan *plan, ppar_fold *fold, void *arg, const ppar_reduction *reduction, void *result,
                   const void *site) {
  pp_alone *alone = &plan->alone;
  if (plan->options->reproducible) {
    ppar_options over_blocks = *plan->options;
    const void *serves;
    int status;
    over_blocks.schedule = plan->schedule;
    over_blocks.step = 0;
    serves = pp_trace_serves(site);
    status = pp_reproducible_reduce(&alone->space, fold, arg, reduction, result, &over_blocks);
    pp_trace_served(serves);
    return status;
  }
  alone->code = pp_code_of(NULL, fold);
  alone->body = NULL;
  alone->fold = fold;
  alone->arg = arg;
  alone->site = site;
  alone->reduction = reduction;
  return pp_run_plan(plan, result, run);
}

/* Whether each slot has one block of the iterations, as ppar_reduction says. */
static bool is_in_order(const pp_plan *plan) {
  ppar_schedule schedule = plan->schedule;
  if (plan->options->reproducible) return true;
  if (schedule.kind == PPAR_SCHEDULE_AUTO) return schedule.order == PPAR_ORDER_MONOTONIC;
  return schedule.kind == PPAR_SCHEDULE_STATIC && schedule.chunk == 0;
}

/* Under PPAR_CHECK=results. Where the schedule is the library's to choose each slot gets several places of the loop, so
 * that what depends on their order shows in every run, and not by chance. */
static __attribute__((noinline)) int run_checked(pp_plan *plan, ppar_fold *fold, void *arg,
                                                 const ppar_reduction *reduction, void *result, pp_call call) {
  pp_results results = {.call = call,
                        .space = plan->alone.space,
                        .fold = fold,
                        .arg = arg,
                        .reduction = reduction,
                        .options = plan->options,
                        .in_order = is_in_order(plan)};
  bool checks = pp_results_begin(&results, result);
  int status;
  if (checks && !results.in_order && plan->schedule.kind == PPAR_SCHEDULE_AUTO && !pp_mode_is_on(PP_MODE_SHAKE))
    plan->schedule = ppar_static((int64_t)(1 + plan->alone.space.count / (PP_RESULTS_PLACES * plan->alone.slots + 1)));
  status = run_any(plan, fold, arg, reduction, result, call.place);
  if (checks && status == PPAR_OK) pp_results_check(&results, result);
  pp_results_end(&results);
  return status;
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
  if (pp_mode_is_on(PP_MODE_RESULTS)) {
    status = run_checked(&plan, fold, arg, reduction, result, call);
  } else {
    status = run_any(&plan, fold, arg, reduction, result, call.place);
  }
  errno = saved_errno;
  return status;
}

int ppar_refuse_size_(const ppar_reduction *reduction) {
  return pp_refuse(PP_CALL("PPAR_REDUCE"), PP_NOTHING_RUN, "reduction->size", PP_REFUSED_OTHER_SIZE,
                   (int64_t)reduction->size);
}

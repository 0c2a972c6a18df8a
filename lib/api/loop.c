/* SPDX-License-Identifier: MIT */
/* loop.c: ppar_parallel_for, how a body fails, and how others learn of it. */
#include <ppar/loop.h>

#include <errno.h>

#include <ppar/status.h>

#include "api/shake_loop.h"
#include "api/traced.h"
#include "loop/caller.h"
#include "platform/race_checker.h"
#include "share/control.h"

static int run(pp_plan *plan, void *result) {
  if (pp_shake_takes(plan)) return pp_shake_loop(plan, result);
  if (pp_plan_may_be_alone(plan) && pp_alone_run(plan->pool, &plan->alone) == PP_ALONE_DONE) return plan->alone.status;
  pp_plan_loop(plan);
  return pp_loop_run(plan->pool, &plan->loop, NULL);
}

int ppar_parallel_for(int64_t begin, int64_t end, ppar_body *body, void *arg, const ppar_options *options) {
  pp_plan plan;
  pp_alone *alone = &plan.alone;
  int saved_errno = errno;
  pp_call call = PP_CALL("ppar_parallel_for");
  int status;
  if (body == NULL) return pp_refuse(call, PP_NOTHING_RUN, "body", PP_REFUSED_NULL, 0);
  status = pp_plan_options(&plan, options, call);
  if (status != PPAR_OK) return status;
  (void)pp_space_make(&alone->space, begin, end, pp_options_step(plan.options));
  if (alone->space.count == 0) return PPAR_OK;
  alone->code = pp_code_of(body, NULL);
  alone->body = body;
  alone->fold = NULL;
  alone->arg = arg;
  alone->site = call.place;
  alone->reduction = NULL;
  status = pp_run_plan(&plan, NULL, run);
  errno = saved_errno;
  return status;
}

void ppar_cancel(const ppar_chunk *chunk, int status) {
  pp_control *control = chunk != NULL ? chunk->loop_ : NULL;
  if (control == NULL) {
    (void)pp_refuse(PP_CALL("ppar_cancel"), PP_NOTHING_DONE, "chunk", PP_REFUSED_NULL, 0);
    return;
  }
  if (status == PPAR_NO_ARG_)
    status = pp_refuse(PP_CALL("PPAR_BODY or PPAR_FOLD"), "the loop fails", "arg", PP_REFUSED_NULL, 0);
  pp_edge_release(&control->cancel); /* Who learns of the failure sees what led to it. */
  pp_control_cancel(control, chunk->first_, status != 0 ? status : PPAR_ECANCELED);
  if (pp_trace_is_on()) pp_trace_tell(PP_EVENT_CANCEL, (uint64_t)status, 0);
}

bool ppar_is_canceled(const ppar_chunk *chunk) {
  pp_control *control = chunk != NULL ? chunk->loop_ : NULL;
  if (control == NULL || !pp_cancel_reaches(&control->cancel, chunk->first_)) return false;
  pp_edge_acquire(&control->cancel);
  return true;
}

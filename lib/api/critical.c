/* SPDX-License-Identifier: MIT */
/* critical.c: critical sections as users name them. A thread that waits for one helps on the pool that its own work
 * is on. */
#include <ppar/team.h>

#include "api/shaker.h"
#include "pool/self.h"
#include "settings/environment.h"
#include "team/critical.h"
#include "trace/spans.h"

static void begin(const char *name, pp_call call) { pp_critical_begin(pp_self_get()->place.pool, name, call); }

void ppar_critical_begin(ppar_team *seat, const char *name) {
  (void)seat;
  if (pp_mode_is_on(PP_MODE_SHAKE)) pp_shake();
  if (pp_trace_is_on()) {
    pp_trace_mark mark = pp_trace_begin(PP_EVENT_CRITICAL_WAIT, 0, 0);
    begin(name, PP_CALL("ppar_critical_begin"));
    pp_trace_end(mark);
    (void)pp_trace_begin(PP_EVENT_CRITICAL, 0, 0);
  } else {
    begin(name, PP_CALL("ppar_critical_begin"));
  }
}

void ppar_critical_end(ppar_team *seat, const char *name) {
  (void)seat;
  pp_critical_end(name, PP_CALL("ppar_critical_end"));
  if (pp_trace_is_on()) pp_trace_end_latest(PP_EVENT_CRITICAL);
}

/* SPDX-License-Identifier: MIT */
/* critical.c: critical sections as users name them. A thread that waits for one helps on the pool that its own work
 * is on. */
#include <ppar/team.h>

#include "api/shaker.h"
#include "pool/self.h"
#include "settings/environment.h"
#include "team/critical.h"
#include "trace/spans.h"

static inline void begin(const char *name, pp_call call) { pp_critical_begin(pp_self_get()->place.pool, name, call); }

/* Apart from the usual way, which then needs no stack. */
static __attribute__((noinline)) void begin_watched(const char *name, pp_call call) {
  pp_trace_mark mark;
  if (pp_mode_is_on(PP_MODE_SHAKE)) pp_shake();
  if (!pp_trace_is_on()) {
    begin(name, call);
    return;
  }
  mark = pp_trace_begin(PP_EVENT_CRITICAL_WAIT, 0, 0);
  begin(name, call);
  pp_trace_end(mark);
  (void)pp_trace_begin(PP_EVENT_CRITICAL, 0, 0);
}

static __attribute__((noinline)) void end_watched(const char *name, pp_call call) {
  pp_critical_end(name, call);
  pp_trace_end_latest(PP_EVENT_CRITICAL);
}

void ppar_critical_begin(ppar_team *seat, const char *name) {
  pp_call call = PP_CALL("ppar_critical_begin");
  (void)seat;
  if (PPAR_SELDOM_(pp_mode_is_on(PP_MODE_SHAKE)) || pp_trace_is_on()) {
    begin_watched(name, call);
  } else {
    begin(name, call);
  }
}

void ppar_critical_end(ppar_team *seat, const char *name) {
  pp_call call = PP_CALL("ppar_critical_end");
  (void)seat;
  if (pp_trace_is_on()) {
    end_watched(name, call);
  } else {
    pp_critical_end(name, call);
  }
}

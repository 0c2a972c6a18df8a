/* SPDX-License-Identifier: MIT */
/* values.c: copyprivate, reductions and scans over the threads of a team, checked. */
#include <ppar/team.h>

#include <string.h>

#include <ppar/reduce.h>
#include <ppar/status.h>

#include "api/meet.h"
#include "api/shaker.h"
#include "platform/boundary.h"
#include "settings/environment.h"
#include "settings/refusal.h"
#include "team/check.h"
#include "team/values.h"

/* What comes of a refused call: the region, if there is one, is cancelled. */
static const char *cancel(pp_seat *seat) {
  if (seat == NULL) return PP_NOTHING_DONE;
  ppar_cancel_region(seat, PPAR_EINVAL);
  return PP_REGION_CANCELED;
}

void ppar_copyprivate(ppar_team *seat, void *value, size_t size) {
  seat = pp_seat_or_current(seat);
  if (value == NULL && size != 0) {
    (void)pp_refuse(PP_CALL("ppar_copyprivate"), cancel(seat), "value", PP_REFUSED_NULL, 0);
  } else if (seat != NULL && size != 0) {
    pp_trace_mark mark = pp_meeting_begin();
    pp_values_copy(seat, value, size);
    pp_meeting_end(mark);
  } else if (seat != NULL) {
    ppar_barrier(seat);
  }
}

/* False: an argument is out of range; the program has been told. */
static bool is_valid(pp_seat *seat, pp_call call, const void *mine, const void *result,
                     const ppar_reduction *reduction) {
  if (mine != NULL && result != NULL && ppar_reduction_is_valid_(reduction)) return true;
  if (mine == NULL) {
    (void)pp_refuse(call, cancel(seat), "mine", PP_REFUSED_NULL, 0);
  } else if (result == NULL) {
    (void)pp_refuse(call, cancel(seat), "result", PP_REFUSED_NULL, 0);
  } else {
    (void)pp_refuse_reduction(call, cancel(seat), reduction);
  }
  return false;
}

void ppar_team_reduce(ppar_team *seat, const void *mine, void *result, const ppar_reduction *reduction) {
  seat = pp_seat_or_current(seat);
  if (!is_valid(seat, PP_CALL("ppar_team_reduce"), mine, result, reduction)) return;
  if (pp_mode_is_on(PP_MODE_SHAKE)) pp_shake();
  if (seat != NULL) pp_check_meets(seat, "team reduce", reduction->size, 0, 0);
  if (seat == NULL || seat->head.size == 1) {
    pp_values_reduce_alone(seat, mine, result, reduction);
  } else {
    pp_trace_mark mark = pp_meeting_begin();
    pp_values_reduce(seat, mine, result, reduction);
    pp_meeting_end(mark);
  }
  PP_BOUNDARY();
}

static void scan(pp_seat *seat, pp_call call, const char *construct, const void *mine, void *result,
                 const ppar_reduction *reduction, bool inclusive) {
  seat = pp_seat_or_current(seat);
  if (!is_valid(seat, call, mine, result, reduction)) return;
  if (seat != NULL) pp_check_meets(seat, construct, reduction->size, 0, 0);
  if (seat != NULL && seat->head.size > 1) {
    pp_trace_mark mark = pp_meeting_begin();
    pp_values_scan(seat, mine, result, reduction, inclusive);
    pp_meeting_end(mark);
  } else if (!inclusive) {
    ppar_reduction_start_(reduction, result);
  } else if (result != mine) {
    memcpy(result, mine, reduction->size);
  }
  PP_BOUNDARY();
}

void ppar_team_scan(ppar_team *seat, const void *mine, void *result, const ppar_reduction *reduction) {
  scan(seat, PP_CALL("ppar_team_scan"), "team scan", mine, result, reduction, true);
}

void ppar_team_exscan(ppar_team *seat, const void *mine, void *result, const ppar_reduction *reduction) {
  scan(seat, PP_CALL("ppar_team_exscan"), "team exscan", mine, result, reduction, false);
}

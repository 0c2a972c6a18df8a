/* SPDX-License-Identifier: MIT */
/* team.c: regions as users start them, and the constructs that need no more than the team: numbers, barrier, single,
 * master, sections, ordered parts, cancellation. */
#include "api/team.h"

#include <errno.h>

#include <ppar/status.h>

#include "api/meet.h"
#include "api/plan.h"
#include "api/shake_team.h"
#include "api/shaker.h"
#include "platform/race_checker.h"
#include "settings/environment.h"
#include "team/cancel.h"
#include "team/check.h"
#include "team/ordered.h"
#include "team/region.h"
#include "team/single.h"
#include "trace/construct.h"
#include "trace/serves.h"

static int run(const pp_team_call *c) {
  uint32_t how = (c->dynamic ? PP_REGION_DYNAMIC : 0) | (c->binds ? PP_REGION_BINDS : 0);
  if (pp_mode_is_on(PP_MODE_SHAKE) && c->threads > 1)
    return pp_shake_region(c->pool, c->region, c->arg, c->threads, how, c->name);
  if (c->wraps) how |= PP_REGION_WRAPS;
  return pp_region_run(c->pool, c->region, c->arg, c->threads, how, c->name);
}

/* The region is replaced by one that records itself and calls the program's. */
static int run_traced(const pp_team_call *c, const void *place) {
  pp_traced_region traced = {.region = c->region, .arg = c->arg};
  pp_team_call recorded = *c;
  uint32_t had, how = c->threads < c->asked ? PP_HOW_LEVEL_LIMIT : 0;
  int status;
  if (pp_trace_is_paused()) return run(c);
  pp_traced_begin(
      &traced.traced,
      &(pp_trace_what){
          .kind = PP_CONSTRUCT_REGION, .address = place, .name = c->name, .slots = c->threads, .asked = c->asked});
  recorded.region = pp_traced_part;
  recorded.arg = &traced;
  recorded.wraps = false;
  status = run(&recorded);
  had = pp_load_relaxed(&traced.traced.joined);
  if (had < c->threads) how |= PP_HOW_FEWER;
  pp_traced_end(&traced.traced, how, had, 0, status);
  return status;
}

int pp_team_run(const pp_team_call *c, const void *place) { return pp_trace_is_on() ? run_traced(c, place) : run(c); }

int ppar_parallel(ppar_region *region, void *arg, const ppar_options *options) {
  ppar_options room;
  const pp_environment *environment;
  pp_team_call c = {.region = region, .arg = arg};
  int status, saved_errno = errno;
  pp_call from = PP_CALL("ppar_parallel");
  if (region == NULL) return pp_refuse(from, PP_NOTHING_RUN, "region", PP_REFUSED_NULL, 0);
  status = pp_options_read(&options, &room, PP_TAKES_STEP, from);
  if (status == PPAR_OK) status = pp_plan_threads(&c.pool, &c.asked, options, from);
  if (status != PPAR_OK) return status;
  environment = pp_environment_get();
  c.name = options->name;
  c.dynamic = environment->dynamic;
  c.threads = pp_self_get()->place.active >= environment->max_active_levels ? 1 : c.asked;
  status = pp_team_run(&c, from.place);
  errno = saved_errno;
  return status;
}

ppar_team *ppar_team_current(void) { return pp_self_get()->place.seat; }

int ppar_active_level(void) { return pp_self_get()->place.active; }

int ppar_team_thread(const ppar_team *seat) {
  if (seat == NULL) seat = pp_self_get()->place.seat;
  return seat != NULL ? (int)seat->head.thread : 0;
}

int ppar_team_size(const ppar_team *seat) {
  if (seat == NULL) seat = pp_self_get()->place.seat;
  return seat != NULL ? (int)seat->head.size : 1;
}

void ppar_barrier(ppar_team *seat) {
  seat = pp_seat_or_current(seat);
  if (seat == NULL) return;
  if (pp_mode_is_on(PP_MODE_SHAKE)) pp_shake();
  pp_check_meets(seat, "barrier", 0, 0, 0);
  if (pp_meet(seat)) pp_check_together(seat);
}

void ppar_cancel_region(ppar_team *seat, int status) {
  seat = pp_seat_or_current(seat);
  if (seat == NULL) return;
  pp_edge_release(seat->head.canceled); /* Who learns of it sees what led to it. */
  pp_seat_cancel(seat, status != 0 ? status : PPAR_ECANCELED);
  if (pp_trace_is_on()) pp_trace_tell(PP_EVENT_CANCEL, (uint64_t)status, 0);
}

bool ppar_region_is_canceled(const ppar_team *seat) {
  if (seat == NULL) seat = pp_self_get()->place.seat;
  if (seat == NULL || !pp_seat_is_canceled(seat)) return false;
  pp_edge_acquire(seat->head.canceled);
  return true;
}

bool ppar_masked(ppar_team *seat, int thread) { return ppar_team_thread(seat) == thread; }

bool ppar_master(ppar_team *seat) { return ppar_masked(seat, 0); }

static bool single(ppar_team *seat, bool in_canceled_regions) {
  seat = pp_seat_or_current(seat);
  if (seat == NULL) return true;
  if (pp_mode_is_on(PP_MODE_SHAKE)) pp_shake();
  pp_check_meets(seat, "single", 0, 0, 0);
  seat->won_single = (in_canceled_regions || !pp_seat_is_canceled(seat)) && pp_single_comes_first(seat);
  if (seat->won_single && pp_trace_is_on()) pp_trace_tell(PP_EVENT_SINGLE, seat->singles, 0);
  return seat->won_single;
}

bool ppar_single(ppar_team *seat) { return single(seat, false); }

bool pp_team_single(ppar_team *seat) { return single(seat, true); }

/* --- Sections --------------------------------------------------------------------------------------------- */

ppar_sections_state_ ppar_sections_begin_(ppar_team *seat, bool nowait) {
  ppar_sections_state_ sections = {pp_seat_or_current(seat), 0, 0, true, true, nowait};
  if (pp_mode_is_on(PP_MODE_SHAKE)) pp_shake();
  if (sections.team != NULL) {
    pp_check_meets(sections.team, "sections", nowait, 0, 0);
    if (sections.team->head.size > 1) sections.team->sections++;
  }
  return sections;
}

uint64_t ppar_sections_claim_(const ppar_sections_state_ *sections) {
  pp_seat *seat = sections->team;
  if (seat == NULL) return sections->here;
  if (pp_seat_is_canceled(seat)) return UINT64_MAX;
  return seat->head.size == 1 ? sections->here : pp_section_claim(seat);
}

void ppar_sections_end_(ppar_sections_state_ *sections) {
  pp_seat *seat = sections->team;
  sections->open = false;
  if (seat != NULL && !sections->nowait && pp_meet(seat)) pp_check_together(seat);
}

/* --- Ordered parts ---------------------------------------------------------------------------------------- */

void ppar_ordered_begin(ppar_team *seat, int64_t i) {
  seat = pp_seat_or_current(seat);
  if (seat != NULL) pp_check_inside(seat, "ordered part");
  if (seat == NULL || seat->head.size == 1) return;
  if (pp_mode_is_on(PP_MODE_SHAKE)) pp_shake();
  if (pp_trace_is_on()) {
    pp_trace_mark mark = pp_trace_begin(PP_EVENT_ORDERED_WAIT, (uint64_t)i, 0);
    pp_ordered_begin(seat, i);
    pp_trace_end(mark);
    (void)pp_trace_begin(PP_EVENT_ORDERED, (uint64_t)i, 0);
  } else {
    pp_ordered_begin(seat, i);
  }
}

void ppar_ordered_end(ppar_team *seat, int64_t i) {
  seat = pp_seat_or_current(seat);
  if (seat != NULL) pp_check_inside(seat, "ordered part");
  if (seat == NULL || seat->head.size == 1) return;
  pp_ordered_end(seat, i);
  if (pp_trace_is_on()) pp_trace_end_latest(PP_EVENT_ORDERED);
}

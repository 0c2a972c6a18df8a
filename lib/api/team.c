/* SPDX-License-Identifier: MIT */
/* team.c: regions as users start them, and the constructs that need no more than the team: numbers, barrier, single,
 * master, sections, ordered parts, cancellation. */
#include <ppar/team.h>

#include <errno.h>

#include <ppar/status.h>

#include "api/plan.h"
#include "settings/environment.h"
#include "team/barrier.h"
#include "team/cancel.h"
#include "team/check.h"
#include "team/ordered.h"
#include "team/region.h"
#include "team/single.h"

int ppar_parallel(ppar_region *region, void *arg, const ppar_options *options) {
  ppar_options room;
  const pp_environment *environment;
  ppar_pool *pool;
  uint32_t threads;
  int status, saved_errno = errno;
  pp_call call = PP_CALL("ppar_parallel");
  if (region == NULL) return pp_refuse(call, PP_NOTHING_RUN, "region", PP_REFUSED_NULL, 0);
  status = pp_options_read(&options, &room, PP_TAKES_STEP, call);
  if (status == PPAR_OK) status = pp_plan_threads(&pool, &threads, options, call);
  if (status != PPAR_OK) return status;
  environment = pp_environment_get();
  if (pp_self_get()->place.active >= environment->max_active_levels) threads = 1;
  status = pp_region_run(pool, region, arg, threads, environment->dynamic, options->name);
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
  pp_check_meets(seat, "barrier", 0, 0, 0);
  if (pp_seat_barrier(seat)) pp_check_together(seat);
}

void ppar_cancel_region(ppar_team *seat, int status) {
  seat = pp_seat_or_current(seat);
  if (seat != NULL) pp_seat_cancel(seat, status != 0 ? status : PPAR_ECANCELED);
}

bool ppar_region_is_canceled(const ppar_team *seat) {
  if (seat == NULL) seat = pp_self_get()->place.seat;
  return seat != NULL && pp_seat_is_canceled(seat);
}

bool ppar_masked(ppar_team *seat, int thread) { return ppar_team_thread(seat) == thread; }

bool ppar_master(ppar_team *seat) { return ppar_masked(seat, 0); }

bool ppar_single(ppar_team *seat) {
  seat = pp_seat_or_current(seat);
  if (seat == NULL) return true;
  pp_check_meets(seat, "single", 0, 0, 0);
  seat->won_single = !pp_seat_is_canceled(seat) && (seat->head.size == 1 || pp_single_claim(seat));
  return seat->won_single;
}

/* --- Sections --------------------------------------------------------------------------------------------- */

ppar_sections_state_ ppar_sections_begin_(ppar_team *seat, bool nowait) {
  ppar_sections_state_ sections = {pp_seat_or_current(seat), 0, 0, true, true, nowait};
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
  if (seat != NULL && !sections->nowait && pp_seat_barrier(seat)) pp_check_together(seat);
}

/* --- Ordered parts ---------------------------------------------------------------------------------------- */

void ppar_ordered_begin(ppar_team *seat, int64_t i) {
  seat = pp_seat_or_current(seat);
  if (seat != NULL) pp_check_inside(seat, "ordered part");
  if (seat != NULL && seat->head.size > 1) pp_ordered_begin(seat, i);
}

void ppar_ordered_end(ppar_team *seat, int64_t i) {
  seat = pp_seat_or_current(seat);
  if (seat != NULL) pp_check_inside(seat, "ordered part");
  if (seat != NULL && seat->head.size > 1) pp_ordered_end(seat, i);
}

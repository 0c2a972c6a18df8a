/* SPDX-License-Identifier: MIT */
/* team.c: regions as users start them, and the constructs that need no more than the team: numbers, barrier, single,
 * master, sections, cancellation.
 *
 * Cost: a single is one locked operation, in teams of more than two one load and for who gets it one locked operation; a
 * section one locked operation. */
#include <ppar/team.h>

#include <errno.h>

#include <ppar/status.h>

#include "api/plan.h"
#include "settings/environment.h"
#include "team/check.h"
#include "team/region.h"

int ppar_parallel(ppar_region *region, void *arg, const ppar_options *options) {
  static const ppar_options defaults;
  const pp_environment *environment;
  ppar_pool *pool;
  uint32_t threads;
  int status, saved_errno = errno;
  if (region == NULL) return PPAR_EINVAL;
  status = pp_plan_threads(&pool, &threads, options != NULL ? options : &defaults);
  if (status != PPAR_OK) return status;
  environment = pp_environment_get();
  if (pp_self_get()->place.active >= environment->max_active_levels) threads = 1;
  status = pp_region_run(pool, region, arg, threads, environment->dynamic);
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

/* The team's number of singles that have been given is the same as the thread's own number of those before, or more. */
bool ppar_single(ppar_team *seat) {
  uint64_t number;
  pp_atomic_u64 *given;
  seat = pp_seat_or_current(seat);
  if (seat == NULL) return true;
  pp_check_meets(seat, "single", 0, 0, 0);
  seat->won_single =
      !pp_seat_is_canceled(seat); /* who knows of a cancellation takes no single of the others' (stage.h, T4) */
  if (!seat->won_single) return false;
  if (seat->head.size == 1) return true;
  number = seat->singles++;
  given = pp_team_singles(seat->team, seat->head.size);
  /* Of two threads each mostly finds the line at the other: a look first would only take it once more. */
  seat->won_single =
      (seat->head.size == 2 || pp_load_relaxed(given) == number) && pp_cas_relaxed(given, &number, number + 1);
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

/* The team's word names the construct that sections are given out of. A thread that finds a later one there has come when
 * all of its own sections are taken: those who went on to the later one had come by all of them. */
uint64_t ppar_sections_claim_(const ppar_sections_state_ *sections) {
  pp_seat *seat = sections->team;
  uint64_t word;
  uint32_t number;
  if (seat == NULL || seat->head.size == 1) return sections->here;
  if (pp_team_is_canceled(seat->team)) return UINT64_MAX;
  number = (uint32_t)seat->sections;
  word = pp_load_relaxed(&seat->team->sections);
  for (;;) {
    uint32_t present = (uint32_t)(word >> 32), next = present == number ? (uint32_t)word : 0;
    if ((int32_t)(present - number) > 0) return UINT64_MAX;
    if (pp_cas_relaxed(&seat->team->sections, &word, (uint64_t)number << 32 | (next + 1))) return next;
  }
}

void ppar_sections_end_(ppar_sections_state_ *sections) {
  pp_seat *seat = sections->team;
  sections->open = false;
  if (seat != NULL && !sections->nowait && pp_seat_barrier(seat)) pp_check_together(seat);
}

/* SPDX-License-Identifier: MIT */
/* team.c: regions as users start them, and the constructs that need no more than the team: numbers, barrier, single,
 * master, sections, cancellation.
 *
 * Cost: a single is one locked operation, in teams of more than two one load and for who gets it one locked operation; a
 * section one locked operation. */
#include <ppar/team.h>

#include <errno.h>

#include <ppar/status.h>

#include "api/environment.h"
#include "api/plan.h"
#include "pool/check.h"
#include "pool/region.h"

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

ppar_team *ppar_team_current(void) { return pp_self_get()->place.team; }

int ppar_active_level(void) { return pp_self_get()->place.active; }

int ppar_team_thread(const ppar_team *team) {
  if (team == NULL) team = pp_self_get()->place.team;
  return team != NULL ? (int)team->head.thread : 0;
}

int ppar_team_size(const ppar_team *team) {
  if (team == NULL) team = pp_self_get()->place.team;
  return team != NULL ? (int)team->head.size : 1;
}

void ppar_barrier(ppar_team *team) {
  team = pp_team_or_current(team);
  if (team == NULL) return;
  pp_check_meets(team, "barrier", 0, 0, 0);
  if (pp_team_barrier(team)) pp_check_together(team);
}

void ppar_cancel_region(ppar_team *team, int status) {
  team = pp_team_or_current(team);
  if (team != NULL) pp_team_cancel(team, status != 0 ? status : PPAR_ECANCELED);
}

bool ppar_region_is_canceled(const ppar_team *team) {
  if (team == NULL) team = pp_self_get()->place.team;
  return team != NULL && pp_team_is_canceled(team);
}

bool ppar_masked(ppar_team *team, int thread) { return ppar_team_thread(team) == thread; }

bool ppar_master(ppar_team *team) { return ppar_masked(team, 0); }

/* The team's number of singles that have been given is the same as the thread's own number of those before, or more. */
bool ppar_single(ppar_team *team) {
  uint64_t number;
  pp_atomic_u64 *given;
  team = pp_team_or_current(team);
  if (team == NULL) return true;
  pp_check_meets(team, "single", 0, 0, 0);
  team->won_single = true;
  if (team->head.size == 1) return true;
  number = team->singles++;
  given = pp_crew_singles(team->crew, team->head.size);
  /* Of two threads each mostly finds the line at the other: a look first would only take it once more. */
  team->won_single =
      (team->head.size == 2 || pp_load_relaxed(given) == number) && pp_cas_relaxed(given, &number, number + 1);
  return team->won_single;
}

/* --- Sections --------------------------------------------------------------------------------------------- */

ppar_sections_state_ ppar_sections_begin_(ppar_team *team, bool nowait) {
  ppar_sections_state_ sections = {pp_team_or_current(team), 0, 0, true, true, nowait};
  if (sections.team != NULL) {
    pp_check_meets(sections.team, "sections", nowait, 0, 0);
    if (sections.team->head.size > 1) sections.team->sections++;
  }
  return sections;
}

/* The crew's word names the construct that sections are given out of. A thread that finds a later one there has come when
 * all of its own sections are taken: those who went on to the later one had come by all of them. */
uint64_t ppar_sections_claim_(const ppar_sections_state_ *sections) {
  ppar_team *team = sections->team;
  uint64_t word;
  uint32_t number;
  if (team == NULL || team->head.size == 1) return sections->here;
  if (pp_crew_is_canceled(team->crew)) return UINT64_MAX;
  number = (uint32_t)team->sections;
  word = pp_load_relaxed(&team->crew->sections);
  for (;;) {
    uint32_t present = (uint32_t)(word >> 32), next = present == number ? (uint32_t)word : 0;
    if ((int32_t)(present - number) > 0) return UINT64_MAX;
    if (pp_cas_relaxed(&team->crew->sections, &word, (uint64_t)number << 32 | (next + 1))) return next;
  }
}

void ppar_sections_end_(ppar_sections_state_ *sections) {
  ppar_team *team = sections->team;
  sections->open = false;
  if (team != NULL && !sections->nowait && pp_team_barrier(team)) pp_check_together(team);
}

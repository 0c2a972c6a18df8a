/* SPDX-License-Identifier: MIT */
/* teams.c: leagues of teams. On the host the initial threads of a league are one thread, which runs one team after the
 * other: nothing in OpenMP lets one team wait for another. */
#include <limits.h>

#include "gomp/affinity.h"
#include "gomp/check.h"
#include "gomp/data.h"
#include "gomp/gomp_abi.h"
#include "gomp/settings.h"
#include "gomp/target.h"

enum { TEAMS_DEFAULT = 3 /* where nothing says how many; GCC's library has as many */ };

static void limit_threads(pp_omp_data *data, unsigned thread_limit, const void *place) {
  if (thread_limit == 0) return;
  if ((int)thread_limit < 0)
    pp_omp_tell_value("thread_limit", place, (int)thread_limit, "is negative, and so no limit (1 or more allowed)");
  pp_omp_own_icvs(data)->thread_limit = thread_limit < INT_MAX ? (int)thread_limit : INT_MAX;
}

static void enter_team(pp_omp_data *data, int team, int teams) {
  data->team_num = team;
  data->num_teams = teams;
}

/* A negative number comes as a large one. */
static int as_teams(unsigned teams, const void *place) {
  if ((int)teams > 0) return (int)teams;
  pp_omp_tell_value("num_teams", place, (int)teams, "counts as 1: the construct needs teams (1 or more allowed)");
  return 1;
}

/* #pragma omp teams outside of target regions. 0 teams, or a limit of 0: the construct does not say, and the program or
 * the environment may. */
void GOMP_teams_reg(void (*function)(void *), void *arg, unsigned teams, unsigned thread_limit, unsigned flags) {
  const pp_omp_data *here = pp_omp_here();
  int count = teams != 0 ? as_teams(teams, PP_OMP_PLACE) : pp_omp_max_teams();
  (void)flags;
  if (count == 0) count = TEAMS_DEFAULT;
  if (thread_limit == 0) thread_limit = (unsigned)pp_omp_teams_thread_limit();
  for (int team = 0; team < count; team++) {
    pp_omp_data data;
    pp_omp_begin(&data, NULL);
    data.icvs = here->icvs;
    pp_omp_affinity_stay(&data);
    limit_threads(&data, thread_limit, PP_OMP_PLACE);
    enter_team(&data, team, count);
    pp_omp_run_initial(&data, function, arg);
  }
}

/* #pragma omp teams in a target region: the region's code is a loop that asks for its next team, until there is none.
 * first: it asks for team 0. */
bool GOMP_teams4(unsigned least, unsigned most, unsigned thread_limit, bool first) {
  pp_omp_data *here = pp_omp_here();
  (void)most;
  if (first) {
    limit_threads(here, thread_limit, PP_OMP_PLACE);
    enter_team(here, 0, least != 0 ? as_teams(least, PP_OMP_PLACE) : 1);
    return true;
  }
  if (here->team_num + 1 < here->num_teams) {
    here->team_num++;
    return true;
  }
  here->team_num = 0;
  here->num_teams = 1;
  return false;
}

/* The same from compilers before GCC 12: the code comes here once, and runs one team. */
void GOMP_teams(unsigned teams, unsigned thread_limit) {
  pp_omp_data *here = pp_omp_here();
  (void)teams;
  limit_threads(here, thread_limit, PP_OMP_PLACE);
  enter_team(here, 0, 1);
}

/* SPDX-License-Identifier: MIT */
/* icvs.c: the routines that read and set internal control variables. Those that set one change it for the calling
 * thread's task, and for what that begins from then on; OpenMP has them for all in num_teams and teams_thread_limit
 * alone. */
#include <limits.h>

#include "gomp/check.h"
#include "gomp/data.h"
#include "gomp/fortran.h"
#include "gomp/omp_abi.h"
#include "gomp/settings.h"

/* --- Regions ---------------------------------------------------------------------------------------------- */

/* A negative number changes nothing. */
static bool is_number(int value, const char *what, const void *place) {
  if (value < 0) pp_omp_tell_value(what, place, value, "is negative: nothing is changed (0 or more allowed)");
  return value >= 0;
}

/* How many threads regions are to have that say nothing themselves. Less than 1, which OpenMP has no meaning for,
 * counts as 1. */
static void set_num_threads(int value, const void *place) {
  if (value < 1)
    pp_omp_tell_value("omp_set_num_threads", place, value, PP_OMP_TOO_FEW);
  else if (value > PPAR_MAX_THREADS)
    pp_omp_tell_value("omp_set_num_threads", place, value, PP_OMP_TOO_MANY);
  pp_omp_own_icvs(pp_omp_here())->threads = value > 0 ? value : 1;
}
PP_OMP_SETTER(omp_set_num_threads, set_num_threads)

/* Whether regions may have fewer threads than they ask for. */
void omp_set_dynamic(int value) { pp_omp_own_icvs(pp_omp_here())->dynamic = value != 0; }
void omp_set_dynamic_(const int32_t *value) { omp_set_dynamic(*value != 0); }
void omp_set_dynamic_8_(const int64_t *value) { omp_set_dynamic(*value != 0); }

int omp_get_dynamic(void) { return pp_omp_here()->icvs->dynamic; }
PP_OMP_ALSO(omp_get_dynamic);

/* How many regions inside of each other may have more than one thread; a negative number changes nothing. */
static void set_max_active_levels(int value, const void *place) {
  if (is_number(value, "omp_set_max_active_levels", place)) pp_omp_own_icvs(pp_omp_here())->max_active_levels = value;
}
PP_OMP_SETTER(omp_set_max_active_levels, set_max_active_levels)

int omp_get_max_active_levels(void) { return pp_omp_here()->icvs->max_active_levels; }
PP_OMP_ALSO(omp_get_max_active_levels);

/* The most that may be asked for: there is no limit. */
int omp_get_supported_active_levels(void) { return PP_OMP_SUPPORTED_LEVELS; }
PP_OMP_ALSO(omp_get_supported_active_levels);

/* The older way to say whether regions may be inside of each other. */
void omp_set_nested(int value) {
  pp_omp_icvs *icvs = pp_omp_own_icvs(pp_omp_here());
  if (value != 0) {
    icvs->max_active_levels = PP_OMP_SUPPORTED_LEVELS;
  } else if (icvs->max_active_levels > 1) {
    icvs->max_active_levels = 1;
  }
}
void omp_set_nested_(const int32_t *value) { omp_set_nested(*value != 0); }
void omp_set_nested_8_(const int64_t *value) { omp_set_nested(*value != 0); }

/* Whether a region that is begun in one begun here may have more than one thread. */
int omp_get_nested(void) {
  const pp_omp_data *here = pp_omp_here();
  return here->icvs->max_active_levels > 1 && here->icvs->max_active_levels > here->active_level;
}
PP_OMP_ALSO(omp_get_nested);

/* The most threads that there may be in a contention group. */
int omp_get_thread_limit(void) { return pp_omp_here()->icvs->thread_limit; }
PP_OMP_ALSO(omp_get_thread_limit);

/* How the next region's threads are bound, as omp_proc_bind_t: 0 false, 1 true, 2 primary, 3 close, 4 spread. */
int omp_get_proc_bind(void) {
  switch (pp_omp_here()->icvs->bind) {
    case PPAR_BIND_TRUE: return 1;
    case PPAR_BIND_PRIMARY: return 2;
    case PPAR_BIND_CLOSE: return 3;
    case PPAR_BIND_SPREAD: return 4;
    case PPAR_BIND_FALSE:
    case PPAR_BIND_DEFAULT: break;
  }
  return 0;
}
PP_OMP_ALSO(omp_get_proc_bind);

/* Whether cancel constructs do anything. */
int omp_get_cancellation(void) { return pp_omp_settings_get()->cancellation; }
PP_OMP_ALSO(omp_get_cancellation);

/* The highest priority that a task may have. */
int omp_get_max_task_priority(void) { return pp_omp_settings_get()->max_task_priority; }
PP_OMP_ALSO(omp_get_max_task_priority);

/* --- The schedule of loops with schedule(runtime) --------------------------------------------------------- */

enum { SCHED_STATIC = 1, SCHED_DYNAMIC = 2, SCHED_GUIDED = 3, SCHED_AUTO = 4 };
#define SCHED_MONOTONIC 0x80000000u

/* A chunk below 1 is the default: blocks for static, 1 for the others. auto takes any, and no notice of it. A kind that
 * nobody knows changes nothing. Without the modifier static is nonmonotonic, as omp_get_schedule then says. */
static void set_schedule(unsigned kind, int chunk, const void *place) {
  ppar_schedule schedule = {.order = (kind & SCHED_MONOTONIC) != 0 ? PPAR_ORDER_MONOTONIC : PPAR_ORDER_DEFAULT};
  switch (kind & ~SCHED_MONOTONIC) {
    case SCHED_STATIC:
      schedule.kind = PPAR_SCHEDULE_STATIC;
      schedule.chunk = chunk > 0 ? chunk : 0;
      if (schedule.order == PPAR_ORDER_DEFAULT) schedule.order = PPAR_ORDER_NONMONOTONIC;
      break;
    case SCHED_DYNAMIC:
      schedule.kind = PPAR_SCHEDULE_DYNAMIC;
      schedule.chunk = chunk > 0 ? chunk : 1;
      break;
    case SCHED_GUIDED:
      schedule.kind = PPAR_SCHEDULE_GUIDED;
      schedule.chunk = chunk > 0 ? chunk : 1;
      break;
    case SCHED_AUTO: schedule.kind = PPAR_SCHEDULE_AUTO; break;
    default:
      pp_omp_tell_value("omp_set_schedule", place, kind & ~SCHED_MONOTONIC,
                        "is no kind of schedule: nothing is changed (those of omp_sched_t allowed)");
      return;
  }
  pp_omp_own_icvs(pp_omp_here())->schedule = schedule;
}
void omp_set_schedule(unsigned kind, int chunk) { set_schedule(kind, chunk, PP_OMP_PLACE); }
void omp_set_schedule_(const int32_t *kind, const int32_t *chunk) {
  set_schedule((unsigned)*kind, *chunk, PP_OMP_PLACE);
}
void omp_set_schedule_8_(const int32_t *kind, const int64_t *chunk) {
  set_schedule((unsigned)*kind, pp_omp_int(*chunk), PP_OMP_PLACE);
}

/* Where OMP_SCHEDULE says nothing else, static is monotonic, and the others are not. */
static unsigned kind_of(ppar_schedule schedule) {
  bool is_static = schedule.kind == PPAR_SCHEDULE_STATIC;
  bool monotonic = is_static ? schedule.order != PPAR_ORDER_NONMONOTONIC : schedule.order == PPAR_ORDER_MONOTONIC;
  unsigned order = monotonic ? SCHED_MONOTONIC : 0;
  switch (schedule.kind) {
    case PPAR_SCHEDULE_STATIC: return order | SCHED_STATIC;
    case PPAR_SCHEDULE_DYNAMIC: return order | SCHED_DYNAMIC;
    case PPAR_SCHEDULE_GUIDED: return order | SCHED_GUIDED;
    case PPAR_SCHEDULE_AUTO:
    case PPAR_SCHEDULE_RUNTIME: break;
  }
  return order | SCHED_AUTO;
}

/* Where the schedule has no chunk that is 0 for static, whose blocks it means, and 1 for the others. */
void omp_get_schedule(unsigned *kind, int *chunk) {
  ppar_schedule schedule = pp_omp_here()->icvs->schedule;
  *kind = kind_of(schedule);
  *chunk = schedule.chunk == 0 && schedule.kind != PPAR_SCHEDULE_STATIC ? 1 : pp_omp_int(schedule.chunk);
}
/* Fortran programs compare the kind alone. */
void omp_get_schedule_(int32_t *kind, int32_t *chunk) {
  unsigned found;
  omp_get_schedule(&found, chunk);
  *kind = (int32_t)(found & ~SCHED_MONOTONIC);
}
void omp_get_schedule_8_(int32_t *kind, int64_t *chunk) {
  int32_t found;
  omp_get_schedule_(kind, &found);
  *chunk = found;
}

/* --- Leagues of teams ------------------------------------------------------------------------------------- */

/* How many teams a teams construct has at most that says nothing itself; 0: as many as the library likes. */
static void set_num_teams(int value, const void *place) {
  if (is_number(value, "omp_set_num_teams", place)) pp_omp_set_teams(&pp_omp_teams_most, value);
}
PP_OMP_SETTER(omp_set_num_teams, set_num_teams)

int omp_get_max_teams(void) { return pp_omp_max_teams(); }
PP_OMP_ALSO(omp_get_max_teams);

/* The most threads that each team of such a construct may have; 0: the library's limit. */
static void set_teams_thread_limit(int value, const void *place) {
  if (is_number(value, "omp_set_teams_thread_limit", place)) pp_omp_set_teams(&pp_omp_teams_threads, value);
}
PP_OMP_SETTER(omp_set_teams_thread_limit, set_teams_thread_limit)

int omp_get_teams_thread_limit(void) { return pp_omp_teams_thread_limit(); }
PP_OMP_ALSO(omp_get_teams_thread_limit);

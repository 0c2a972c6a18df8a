/* SPDX-License-Identifier: MIT */
/* team.c: barriers, singles, ordered parts and cancellation.
 *
 * A cancelled loop is known by the number of barriers that its threads have come to before it: the same for all of
 * them, and another one in each loop that has a barrier; and a loop that is cancelled must have one. */
#include "gomp/team.h"

#include "api/meet.h"
#include "api/team.h"
#include "gomp/check.h"
#include "gomp/gomp_abi.h"
#include "gomp/region.h"
#include "gomp/settings.h"
#include "gomp/taskgroup.h"
#include "gomp/tasks_await.h"
#include "settings/environment.h"
#include "team/check.h"
#include "team/single.h"
#include "team/stage.h"
#include "trace/construct.h"

static bool is_canceled(const pp_omp_data *here) { return ppar_region_is_canceled(here->seat); }

/* All threads have left the loops before the barrier: what these were divided by can be used again (team/stage.h, T2;
 * team/turns.c). */
static void settle(pp_seat *seat) {
  seat->settled = (uint32_t)seat->head.pranges;
  if (seat->puller.stage != NULL) seat->puller.settled = seat->puller.stage->index;
}

bool pp_omp_barrier(pp_omp_data *here) {
  bool own = pp_omp_barrier_is_own(here); /* The loop has begun, and goes on. */
  uint32_t number = here->barriers++;
  if (!own) pp_omp_loop_leave(here);
  if (PPAR_SELDOM_(pp_omp_is_deferred(here))) return is_canceled(here);
  here->meets = here->region != NULL;
  if (own && here->seat != NULL) {
    (void)pp_meet(here->seat);
  } else {
    ppar_barrier(here->seat);
  }
  here->meets = false;
  if (!own && here->team_size > 1 && !is_canceled(here)) settle(here->seat);
  pp_omp_tasks_await(here, number);
  if (is_canceled(here)) return true;
  pp_omp_tasks_begin_phase(here);
  return false;
}

static bool barrier(const void *place) {
  pp_omp_data *here = pp_omp_here();
  if (pp_omp_is_checked()) pp_omp_check_barrier(here, place);
  return pp_omp_barrier(here);
}

/* #pragma omp barrier, and the barrier at the end of a construct. */
void GOMP_barrier(void) { (void)barrier(PP_OMP_PLACE); }

/* The same in a region that may be cancelled. True: it is. */
bool GOMP_barrier_cancel(void) { return barrier(PP_OMP_PLACE); }

/* --- Loops' ends ------------------------------------------------------------------------------------------ */

void GOMP_loop_end(void) {
  pp_omp_data *here = pp_omp_here();
  pp_omp_loop_close(here);
  (void)pp_omp_barrier(here);
}

bool GOMP_loop_end_cancel(void) {
  pp_omp_data *here = pp_omp_here();
  pp_omp_loop_close(here);
  return pp_omp_barrier(here);
}

/* A loop that is combined with its region ends so, too, and all wait for the region's end. */
void GOMP_loop_end_nowait(void) {
  pp_omp_data *here = pp_omp_here();
  if (pp_trace_is_on() && here->loop.cursor.open && (here->region == NULL || here->region->plan == NULL))
    pp_traced_prange_is_nowait();
  pp_omp_loop_close(here);
}

/* --- Ordered parts ---------------------------------------------------------------------------------------- */

/* The turn is the present piece's, from its first ordered part until the thread asks for the next piece. */
void GOMP_ordered_start(void) {
  pp_omp_data *here = pp_omp_here();
  pp_omp_loop *loop = &here->loop;
  if (pp_omp_is_checked()) {
    pp_omp_check_ordered(here, PP_OMP_PLACE);
    pp_omp_check_enter(here, PP_OMP_ORDERED);
  }
  if (!loop->ordered || loop->in_turn) return;
  if (PPAR_SELDOM_(pp_omp_is_deferred(here))) return; /* The loop is the task's alone. */
  loop->in_turn = true;
  ppar_ordered_begin(here->seat, (int64_t)(loop->first + (uint64_t)INT64_MIN));
}

void GOMP_ordered_end(void) {
  if (pp_omp_is_checked()) pp_omp_check_leave(pp_omp_here(), PP_OMP_ORDERED);
}

/* --- Singles ---------------------------------------------------------------------------------------------- */

static __attribute__((noinline)) bool comes_first(const pp_omp_data *here, const void *place) {
  if (pp_omp_is_checked()) pp_omp_check_shared(here, "single", place);
  return PPAR_SELDOM_(pp_omp_is_deferred(here)) || pp_team_single(here->seat);
}

static __attribute__((noinline)) bool comes_first_here(const void *place) { return comes_first(pp_omp_here(), place); }

/* Where nobody looks on: a thread that has the line of the team's singles claims more of them the less there is between
 * two claims. */
bool GOMP_single_start(void) {
  const pp_omp_data *here = pp_omp_here_or_null();
  if (PPAR_SELDOM_(here == NULL || here->seat == NULL || pp_omp_is_checked() || pp_omp_is_deferred(here) ||
                   pp_check_is_on(here->seat) || pp_mode_is_on(PP_MODE_SHAKE) || pp_trace_is_on()))
    return comes_first_here(PP_OMP_PLACE);
  return pp_single_comes_first(here->seat);
}

/* A single with copyprivate: NULL for the thread that is to run it, and for the others, once it has, where its values
 * are. These stay until the barrier that compiled code puts behind the copying. In a cancelled region no barrier holds
 * that thread, so its values may be gone: each thread that comes runs the single, and keeps its own values. */
void *GOMP_single_copy_start(void) {
  pp_omp_data *here = pp_omp_here();
  if (!comes_first(here, PP_OMP_PLACE) && !pp_omp_barrier(here) && here->region != NULL) return here->region->copied;
  if (pp_omp_is_checked()) pp_omp_check_enter(here, PP_OMP_SINGLE);
  return NULL;
}

void GOMP_single_copy_end(void *values) {
  pp_omp_data *here = pp_omp_here();
  if (pp_omp_is_checked()) pp_omp_check_leave(here, PP_OMP_SINGLE);
  if (PPAR_SELDOM_(pp_omp_is_deferred(here))) return;
  /* In a cancelled region nobody reads them, and several threads may come here at once. */
  if (here->region != NULL && !is_canceled(here)) here->region->copied = values;
  (void)pp_omp_barrier(here);
}

/* --- Cancellation ----------------------------------------------------------------------------------------- */

enum { CANCEL_PARALLEL = 1, CANCEL_LOOP = 2, CANCEL_SECTIONS = 4, CANCEL_TASKGROUP = 8 };

static uint32_t construct_of(const pp_omp_data *here) { return here->barriers + 1; }

static bool construct_is_canceled(const pp_omp_data *here) {
  return here->region != NULL && !pp_omp_is_deferred(here) &&
         pp_load_acquire(&here->region->canceled) == construct_of(here);
}

bool GOMP_cancellation_point(int which) {
  pp_omp_data *here = pp_omp_here();
  if (!pp_omp_settings_get()->cancellation) return false;
  if (which == CANCEL_TASKGROUP && pp_omp_taskgroup_is_canceled(here)) return true;
  if ((which & (CANCEL_LOOP | CANCEL_SECTIONS)) != 0 && construct_is_canceled(here)) return true;
  return is_canceled(here);
}

/* Once: a program has many of them. */
static __attribute__((cold)) void tell_that_nothing_is_canceled(const void *place) {
  static pp_atomic_u32 told;
  if (pp_add_relaxed(&told, 1) == 0)
    pp_omp_tell("cancel", place, "OMP_CANCELLATION is not true, so nothing is cancelled");
}

/* do_cancel: what the if clause says. */
bool GOMP_cancel(int which, bool do_cancel) {
  pp_omp_data *here = pp_omp_here();
  if (!pp_omp_settings_get()->cancellation) {
    if (do_cancel && pp_omp_is_checked()) tell_that_nothing_is_canceled(PP_OMP_PLACE);
    return false;
  }
  if (!do_cancel) return GOMP_cancellation_point(which);
  if (which == CANCEL_TASKGROUP) {
    pp_omp_taskgroup_cancel(here);
  } else if (pp_omp_is_deferred(here) && which != CANCEL_PARALLEL) {
    /* The task has its loop, or sections, to itself, and leaves it. */
  } else if ((which & (CANCEL_LOOP | CANCEL_SECTIONS)) != 0) {
    /* A later loop of this number of barriers is another one only after a loop without a barrier, which may not be
     * cancelled. */
    if (here->region != NULL) pp_store_release(&here->region->canceled, construct_of(here));
  } else {
    ppar_cancel_region(here->seat, 0);
  }
  return true;
}

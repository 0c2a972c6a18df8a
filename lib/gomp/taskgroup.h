/* SPDX-License-Identifier: MIT */
/* taskgroup.h: task groups of OpenMP: what is awaited at their ends, what is reduced in them, cancellation.
 *
 * A group counts its tasks, and those that these make in turn, for each thread of the region apart: so many the thread
 * has made, so many it has ended. All have ended when the sum of the ended ones, read first, is that of the made ones:
 * who sees an end sees all that the ended task has made before, so whatever has been counted as made has ended, and
 * nothing that has ended has made anything else. The counts go on where the group's block is used again.
 *
 * Cost: a task is two plain stores on a line of the running thread's; the end of the group reads a line of each
 * thread's. */
#ifndef PP_GOMP_TASKGROUP_H
#define PP_GOMP_TASKGROUP_H

#include "gomp/data.h"
#include "task/lane.h"

/* Threads that have a line of their own in a group; of larger regions several share one. */
enum { PP_OMP_GROUP_LINES = 64 };

/* Tasks made inside of it have it as theirs. It outlives the task that has begun it: nobody leaves it before all of
 * its tasks have ended. */
typedef struct pp_omp_taskgroup {
  pp_lane_block block;
  _Atomic(struct pp_omp_taskgroup *) around;
  uintptr_t *reductions; /* reductions.h; those of the groups around it follow them. NULL: there are none. */
  pp_atomic_u32 canceled;
  pp_atomic_u32 outside; /* tasks that have been ended by threads that are none of the region's */
  uint32_t lines;        /* 0: it is in a place that has no tasks */
  bool shared;           /* these are, by several threads */
  bool of_construct;     /* it is that of a loop, sections, scope or region with reduction(task, ...) */

  /* Of a loop, sections or scope: shared.h. */
  struct pp_omp_copies *copies;

  struct {
    PP_LINE_ALIGNED pp_count of;
  } count[];
} pp_omp_taskgroup;

/* The task begins one, inside of the one that it is in. reductions: those of a construct, whose group it is. */
void pp_omp_taskgroup_begin(pp_omp_data *here);
void pp_omp_taskgroup_begin_construct(pp_omp_data *here, uintptr_t *reductions);

/* It ends: all of its tasks have, first. */
void pp_omp_taskgroup_end(pp_omp_data *here);

/* The one around it; NULL: there is none. */
static inline pp_omp_taskgroup *pp_omp_taskgroup_around(pp_omp_taskgroup *group) {
  return pp_load_relaxed(&group->around);
}

/* A thread of that number makes one more task of the group; has ended one. looks: it then looks for sleepers. */
void pp_omp_taskgroup_count_made(pp_omp_taskgroup *group, uint32_t thread);
void pp_omp_taskgroup_count_ended(pp_omp_taskgroup *group, uint32_t thread, bool looks);

/* Whether all of its tasks have ended. */
bool pp_omp_taskgroup_is_over(pp_omp_taskgroup *group);

/* Whether the innermost one, or one around it, was cancelled. */
static inline bool pp_omp_taskgroup_is_canceled(const pp_omp_data *here) {
  for (pp_omp_taskgroup *group = here->taskgroup; group != NULL; group = pp_omp_taskgroup_around(group)) {
    if (pp_load_relaxed(&group->canceled) != 0) return true;
  }
  return false;
}

/* Its tasks that have not begun never do. The program means a group that it has begun: one of a construct is cancelled
 * only where there is no other one. */
static inline void pp_omp_taskgroup_cancel(pp_omp_data *here) {
  pp_omp_taskgroup *group = here->taskgroup, *around;
  if (group == NULL) return;
  while (group->of_construct && (around = pp_omp_taskgroup_around(group)) != NULL) group = around;
  pp_store_relaxed(&group->canceled, 1);
}

#endif

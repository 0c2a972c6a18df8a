/* SPDX-License-Identifier: MIT */
/* taskgroup.h: task groups of OpenMP: what is awaited at their ends, what is reduced in them, cancellation. */
#ifndef PP_GOMP_TASKGROUP_H
#define PP_GOMP_TASKGROUP_H

#include "gomp/data.h"
#include "platform/atomics.h"

/* Tasks made inside of it have it as theirs. It outlives the task that has begun it: nobody leaves it before all of
 * its tasks have ended. */
typedef struct pp_omp_taskgroup {
  struct pp_omp_taskgroup *around;
  uintptr_t *reductions; /* reductions.h; those of the groups around it follow them. NULL: there are none. */
  pp_atomic_u32 canceled;
  pp_atomic_u32 unfinished;            /* tasks, and those that they have made in turn (tasks.h) */
  _Atomic(struct pp_omp_task *) ready; /* the first of those that can begin */
} pp_omp_taskgroup;

/* The task begins one, inside of the one that it is in. */
void pp_omp_taskgroup_begin(pp_omp_data *here);

/* It ends: all of its tasks have, first. */
void pp_omp_taskgroup_end(pp_omp_data *here);

/* Whether the innermost one, or one around it, was cancelled. */
static inline bool pp_omp_taskgroup_is_canceled(const pp_omp_data *here) {
  for (pp_omp_taskgroup *group = here->taskgroup; group != NULL; group = group->around) {
    if (pp_load_relaxed(&group->canceled) != 0) return true;
  }
  return false;
}

/* Its tasks that have not begun never do. */
static inline void pp_omp_taskgroup_cancel(pp_omp_data *here) {
  if (here->taskgroup != NULL) pp_store_relaxed(&here->taskgroup->canceled, 1);
}

#endif

/* SPDX-License-Identifier: MIT */
/* taskgroup.c: beginning and ending task groups. */
#include "gomp/taskgroup.h"

#include "gomp/gomp_abi.h"
#include "gomp/message.h"
#include "gomp/reductions.h"
#include "gomp/shared.h"
#include "gomp/tasks_await.h"
#include "gomp/team.h"
#include "platform/image.h"
#include "platform/memory.h"

/* Where there is no region of OpenMP's, tasks are run at once: nothing is counted. */
static pp_omp_taskgroup *make(pp_omp_data *here) {
  pp_omp_taskgroup *group = here->region != NULL ? pp_omp_tasks_take_group(here) : pp_memory_zalloc(sizeof *group);
  if (group == NULL) pp_omp_no_memory("a task group");
  if (here->region == NULL) group->block.home = PP_NO_LANE;
  return group;
}

void pp_omp_taskgroup_begin(pp_omp_data *here) {
  pp_omp_taskgroup *group = make(here), *around = here->taskgroup;
  pp_store_relaxed(&group->around, around);
  group->reductions = around != NULL ? around->reductions : NULL;
  group->of_construct = false;
  pp_store_relaxed(&group->canceled, 0);
  here->taskgroup = group;
}

void pp_omp_taskgroup_begin_construct(pp_omp_data *here, uintptr_t *reductions) {
  pp_omp_taskgroup_begin(here);
  here->taskgroup->of_construct = true;
  here->taskgroup->copies = NULL;
  here->taskgroup->reductions = reductions;
}

void pp_omp_taskgroup_end(pp_omp_data *here) {
  pp_omp_taskgroup *group = here->taskgroup;
  if (group == NULL) return; /* The program ends what it has not begun. */
  pp_omp_tasks_await_group(here, group);
  here->taskgroup = pp_omp_taskgroup_around(group);
  if (group->block.home == PP_NO_LANE) {
    pp_memory_free(group);
  } else {
    pp_omp_tasks_give_group(here, group);
  }
}

static pp_count *count_of(pp_omp_taskgroup *group, uint32_t thread) {
  return &group->count[group->shared ? thread % group->lines : thread].of;
}

void pp_omp_taskgroup_count_made(pp_omp_taskgroup *group, uint32_t thread) {
  pp_atomic_u32 *made = &count_of(group, thread)->made;
  if (group->shared) {
    (void)pp_add_release(made, 1);
  } else {
    pp_count_up(made);
  }
}

void pp_omp_taskgroup_count_ended(pp_omp_taskgroup *group, uint32_t thread, bool looks) {
  pp_atomic_u32 *ended = &count_of(group, thread)->ended;
  if (group->shared) {
    (void)pp_add_seq_cst(ended, 1);
  } else if (looks) {
    pp_store_seq_cst(ended, pp_load_relaxed(ended) + 1); /* tasks.h, X5 */
  } else {
    pp_count_up(ended);
  }
}

bool pp_omp_taskgroup_is_over(pp_omp_taskgroup *group) {
  uint32_t ended = pp_load_seq_cst(&group->outside), made = 0;
  for (uint32_t l = 0; l < group->lines; l++) ended += pp_load_seq_cst(&group->count[l].of.ended);
  for (uint32_t l = 0; l < group->lines; l++) made += pp_load_seq_cst(&group->count[l].of.made);
  return made == ended;
}

/* #pragma omp taskgroup */
void GOMP_taskgroup_start(void) { pp_omp_taskgroup_begin(pp_omp_here()); }
void GOMP_taskgroup_end(void) { pp_omp_taskgroup_end(pp_omp_here()); }

/* Its clause task_reduction; those of a loop construct with reduction(task, ...) come by shared.h. */
void GOMP_taskgroup_reduction_register(uintptr_t *data) {
  pp_omp_data *here = pp_omp_here();
  uint32_t threads = (uint32_t)here->team_size;
  if (here->taskgroup == NULL) pp_omp_fatal("reductions of tasks are registered outside of a task group");
  pp_omp_reductions_register(data, here->taskgroup->reductions, pp_omp_reductions_make(data, threads), threads);
  here->taskgroup->reductions = data;
}

void GOMP_taskgroup_reduction_unregister(uintptr_t *data) { pp_omp_reductions_forget(data); }

/* Puts where the calling thread's copies are into pointers[0 ... count-1], which name the variables, and where the
 * variables of the first `originals` are behind those. */
void GOMP_task_reduction_remap(size_t count, size_t originals, void **pointers) {
  pp_omp_data *here = pp_omp_here();
  uintptr_t *data = here->taskgroup != NULL ? here->taskgroup->reductions : NULL;
  for (size_t p = 0; p < count; p++) {
    void *original = NULL;
    void *copy = pp_omp_reductions_find(data, pointers[p], (uint32_t)here->thread_num, &original);
    if (copy == NULL) {
      pp_omp_fatal("in_reduction (%s): no construct around the task reduces such a variable",
                   pp_image_name_call(__builtin_return_address(0)).text);
    }
    pointers[p] = copy;
    if (p < originals) pointers[count + p] = original;
  }
}

/* The end of a loop, sections or scope with reduction(task, ...): each thread ends the group that the construct's tasks
 * are in. Thread 0 frees the copies where all threads have come to this end, which they have not if the region was
 * cancelled. */
void GOMP_workshare_task_reduction_unregister(bool canceled) {
  pp_omp_data *here = pp_omp_here();
  pp_omp_copies *copies = here->taskgroup != NULL && here->taskgroup->of_construct ? here->taskgroup->copies : NULL;
  pp_omp_taskgroup_end(here);
  if (!canceled) canceled = pp_omp_barrier(here);
  if (copies != NULL) pp_omp_copies_leave(copies, !canceled && here->thread_num == 0);
}

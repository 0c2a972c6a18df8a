/* SPDX-License-Identifier: MIT */
/* taskloop.c: loops whose iterations are divided into tasks. The arguments of each begin with its part's first index
 * and the one behind its last, and behind these is where reductions are described. */
#include "gomp/gomp_abi.h"
#include "gomp/loop.h"
#include "gomp/task.h"

typedef struct part {
  uint64_t begin, end;
  bool is_long; /* the indices are longs, which may have another size */
} part;

static void set_part(void *arguments, const void *arg) {
  const part *p = arg;
  if (p->is_long) {
    ((long *)arguments)[0] = (long)p->begin;
    ((long *)arguments)[1] = (long)p->end;
  } else {
    ((unsigned long long *)arguments)[0] = p->begin;
    ((unsigned long long *)arguments)[1] = p->end;
  }
}

/* Behind the two indices. */
static uintptr_t *reductions_of(void *data, bool is_long) {
  void *behind = is_long ? (void *)((long *)data + 2) : (void *)((unsigned long long *)data + 2);
  return *(uintptr_t **)behind;
}

/* How the iterations are cut: `tasks` parts, of which the first `larger` have size + 1 iterations and the others
 * `size`; of a strict grainsize the last one has what is left. */
typedef struct cut {
  uint64_t tasks, size, larger;
} cut;

static cut cut_up(uint64_t count, uint64_t number, unsigned flags, int team_size) {
  cut c = {.tasks = number};
  if ((flags & PP_OMP_GRAINSIZE) != 0) {
    uint64_t grain = number != 0 ? number : 1;
    if ((flags & PP_OMP_STRICT) != 0) return (cut){(count - 1) / grain + 1, grain, 0};
    c.tasks = count / grain;
  } else if (number == 0) {
    c.tasks = (uint64_t)team_size;
  }
  if (c.tasks == 0) c.tasks = 1;
  if (c.tasks > count) c.tasks = count;
  c.size = count / c.tasks;
  c.larger = count % c.tasks;
  return c;
}

static void make_task(pp_omp_data *here, const pp_omp_body *body, unsigned flags, int priority, const part *p) {
  if (!pp_omp_task_is_included(here, (flags & PP_OMP_IF) != 0) && !pp_omp_tasks_are_many(here)) {
    pp_omp_task *task = pp_omp_task_make(here, body, flags, priority, NULL);
    set_part(task->arg, p);
    pp_omp_tasks_add(here, task, NULL);
  } else {
    pp_omp_task_run_here(here, body, flags, set_part, p);
  }
}

static void make_tasks(pp_omp_data *here, const pp_omp_body *body, unsigned flags, int priority,
                       const pp_omp_plan *plan, const cut *c, bool is_long) {
  uint64_t first = 0;
  for (uint64_t t = 0; t < c->tasks; t++) {
    uint64_t past = first + c->size + (t < c->larger);
    part p = {.begin = plan->begin + first * plan->step, .is_long = is_long};
    p.end = past >= plan->count ? plan->end : plan->begin + past * plan->step;
    make_task(here, body, flags, priority, &p);
    first = past;
  }
}

static void run(const pp_omp_body *body, unsigned flags, uint64_t number, int priority, const pp_omp_plan *plan,
                bool is_long) {
  pp_omp_data *here = pp_omp_here();
  uintptr_t *reductions = NULL;
  priority = pp_omp_task_priority(flags, priority);
  flags &= ~(unsigned)(PP_OMP_DEPEND | PP_OMP_DETACH);
  if ((flags & PP_OMP_NOGROUP) == 0) {
    GOMP_taskgroup_start();
    if ((flags & PP_OMP_REDUCTION) != 0) {
      reductions = reductions_of(body->data, is_long);
      GOMP_taskgroup_reduction_register(reductions);
    }
  }
  if (plan->count != 0 && !pp_omp_task_is_canceled(here)) {
    cut c = cut_up(plan->count, number, flags, here->team_size);
    make_tasks(here, body, flags, priority, plan, &c, is_long);
  }
  if ((flags & PP_OMP_NOGROUP) == 0) GOMP_taskgroup_end();
}

void GOMP_taskloop(void (*function)(void *), void *data, void (*copy)(void *, void *), long size, long alignment,
                   unsigned flags, unsigned long tasks, int priority, long begin, long end, long step) {
  pp_omp_body body = {function, data, copy, (size_t)size, alignment > 0 ? (size_t)alignment : 1};
  pp_omp_plan plan = {.ordered = false};
  pp_omp_plan_long(&plan, begin, end, step);
  run(&body, flags, tasks, priority, &plan, true);
}

void GOMP_taskloop_ull(void (*function)(void *), void *data, void (*copy)(void *, void *), long size, long alignment,
                       unsigned flags, unsigned long tasks, int priority, unsigned long long begin,
                       unsigned long long end, unsigned long long step) {
  pp_omp_body body = {function, data, copy, (size_t)size, alignment > 0 ? (size_t)alignment : 1};
  pp_omp_plan plan = {.ordered = false};
  pp_omp_plan_ull(&plan, (flags & PP_OMP_RISES) != 0, begin, end, step);
  run(&body, flags, tasks, priority, &plan, false);
}

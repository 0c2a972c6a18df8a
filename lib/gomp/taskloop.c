/* SPDX-License-Identifier: MIT */
/* taskloop.c: loops whose iterations are divided into tasks. The arguments of each begin with its part's first index
 * and the one behind its last, and behind these is where reductions are described.
 *
 * A loop with a group, which its maker waits for, is not cut into so many tasks that wait. Its maker runs one after the
 * other. Whenever fewer than two tasks lie on its deque, it puts the upper half of what is left there as one task,
 * which whoever takes it runs in the same way. So as many are made as are stolen, and a few more. That is for arguments
 * which are so many bytes, and for loops of more than a few tasks for each thread: of fewer, each may be long. Where
 * they are copied by a function, it is the maker that copies them, before any task can have written back the value of a
 * variable that is both firstprivate and lastprivate. */
#include "gomp/gomp_abi.h"
#include "gomp/loop.h"
#include "gomp/task.h"
#include "schedule/tuning.h"

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

/* A loop that is being run. What it points to is its maker's, who waits. */
typedef struct tasks_of_loop {
  const pp_omp_body *body;
  const pp_omp_plan *plan;
  cut cut;
  unsigned flags;
  int priority;
  bool is_long;
} tasks_of_loop;

/* Where task t begins, in iterations. */
static uint64_t first_of(const cut *c, uint64_t t) { return t * c->size + (t < c->larger ? t : c->larger); }

static part part_of(const tasks_of_loop *loop, uint64_t t) {
  uint64_t first = first_of(&loop->cut, t), past = first_of(&loop->cut, t + 1);
  part p = {.begin = loop->plan->begin + first * loop->plan->step, .is_long = loop->is_long};
  p.end = past >= loop->plan->count ? loop->plan->end : loop->plan->begin + past * loop->plan->step;
  return p;
}

/* Some of its tasks. */
typedef struct span {
  const tasks_of_loop *loop;
  uint64_t first, past;
} span;

/* Leaves the lower half in the span. */
static void offer_half(pp_omp_data *here, span *s) {
  span upper = {.loop = s->loop, .first = s->first + (s->past - s->first + 1) / 2, .past = s->past};
  pp_omp_body body = {.function = pp_omp_run_span, .data = &upper, .size = sizeof upper, .alignment = _Alignof(span)};
  s->past = upper.first;
  pp_omp_tasks_add(here, pp_omp_task_make(here, &body, s->loop->flags, 0, NULL), NULL);
}

/* Whether others would find fewer than two tasks on the thread's deque. */
static inline bool waits_few(const pp_omp_series *series) { return pp_omp_lane_length(series->lane) < 2; }

static void run_tasks(pp_omp_data *here, span *s, bool offers, bool is_stolen) {
  pp_omp_series series;
  series.is_stolen = is_stolen;
  pp_omp_series_begin(&series, here, s->loop->body, s->loop->flags);
  if (offers) series.lane = pp_omp_lane_of(pp_omp_tasks_of(here), here);
  for (; s->first < s->past && !pp_omp_task_is_canceled(here); s->first++) {
    part p = part_of(s->loop, s->first);
    while (offers && s->past - s->first > 1 && waits_few(&series)) offer_half(here, s);
    pp_omp_series_run(&series, set_part, &p);
  }
  pp_omp_series_end(&series);
}

void pp_omp_run_span(void *arg) {
  pp_omp_data *here = pp_omp_here();
  run_tasks(here, arg, true, pp_omp_task_is_stolen(PP_OWNER_OF(pp_omp_task, data, here)));
}

/* All of them at once, as far as they may wait. */
static void make_tasks(pp_omp_data *here, const tasks_of_loop *loop) {
  for (uint64_t t = 0; t < loop->cut.tasks; t++) {
    if (pp_omp_tasks_are_many(here)) {
      span one = {loop, t, t + 1};
      run_tasks(here, &one, false, false);
    } else {
      pp_omp_task *task = pp_omp_task_make(here, loop->body, loop->flags, loop->priority, NULL);
      part p = part_of(loop, t);
      set_part(task->arg, &p);
      pp_omp_tasks_add(here, task, NULL);
    }
  }
}

/* Whether it is cut only as far as others take parts of it. */
static bool is_cut_late(const pp_omp_data *here, const tasks_of_loop *loop) {
  if ((loop->flags & PP_OMP_NOGROUP) != 0 || loop->priority != 0 || loop->body->copy != NULL) return false;
  return loop->cut.tasks > (uint64_t)PP_OMP_PARTS_FEW * (uint64_t)here->team_size;
}

static void run_loop(pp_omp_data *here, const tasks_of_loop *loop) {
  span all = {loop, 0, loop->cut.tasks};
  if (pp_omp_task_is_included(here, (loop->flags & PP_OMP_IF) != 0)) {
    run_tasks(here, &all, false, false);
  } else if (is_cut_late(here, loop)) {
    run_tasks(here, &all, here->team_size > 1, false);
  } else {
    make_tasks(here, loop);
  }
}

static void run(const pp_omp_body *body, unsigned flags, uint64_t number, int priority, const pp_omp_plan *plan,
                bool is_long) {
  pp_omp_data *here = pp_omp_here();
  tasks_of_loop loop = {.body = body, .plan = plan, .is_long = is_long};
  uintptr_t *reductions = NULL;
  loop.priority = pp_omp_task_priority(flags, priority);
  loop.flags = flags & ~(unsigned)(PP_OMP_DEPEND | PP_OMP_DETACH);
  if ((flags & PP_OMP_NOGROUP) == 0) {
    GOMP_taskgroup_start();
    if ((flags & PP_OMP_REDUCTION) != 0) {
      reductions = reductions_of(body->data, is_long);
      GOMP_taskgroup_reduction_register(reductions);
    }
  }
  if (plan->count != 0 && !pp_omp_task_is_canceled(here)) {
    loop.cut = cut_up(plan->count, number, flags, here->team_size);
    run_loop(here, &loop);
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

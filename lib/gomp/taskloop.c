/* SPDX-License-Identifier: MIT */
/* taskloop.c: loops whose iterations are divided into tasks. The arguments of each begin with its part's first index
 * and the one behind its last, and behind these is where reductions are described.
 *
 * A loop with a group, which its maker waits for, is not cut into so many tasks that wait. Its maker runs one after
 * the other. Whenever fewer than two tasks lie on its deque (in a team of two: none), it puts the upper half of what
 * is left there as one task, which whoever takes it runs in the same way. So as many are made as are stolen, and a few
 * more. A half that takes less time than moving it to another thread is kept, as far as the tasks before tell: then
 * the clock is looked at again when some thread says that it finds no tasks, since those that are left may be longer.
 * A thread says so again and again, and a last time before it sleeps: that holds until it is offered some.
 * That is for arguments which are so many bytes, and for loops of more than a few tasks for each thread: of fewer,
 * each may be long. Where they are copied by a function, it is the maker that copies them, before any task can have
 * written back the value of a variable that is both firstprivate and lastprivate. */
#include "gomp/gomp_abi.h"
#include "gomp/loop.h"
#include "gomp/settings.h"
#include "gomp/task.h"
#include "platform/clock.h"
#include "schedule/tuning.h"

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

/* A loop that is being run. It is its maker's, who waits, and so is what it points to. */
typedef struct tasks_of_loop {
  const pp_omp_body *body;
  const pp_omp_plan *plan;
  cut cut;
  unsigned flags;
  int priority;
  bool is_long;
  pp_atomic_u64 pace; /* what its latest tasks took: ticks, times PACE_UNIT, for each; 0: it is not known */
} tasks_of_loop;

enum { PACE_UNIT = 256 };

/* Where task t begins, in iterations. */
static uint64_t first_of(const cut *c, uint64_t t) { return t * c->size + (t < c->larger ? t : c->larger); }

/* The index that the task of these iterations ends before, or the next one begins with. */
static inline uint64_t index_at(const tasks_of_loop *loop, uint64_t past) {
  return past >= loop->plan->count ? loop->plan->end : loop->plan->begin + past * loop->plan->step;
}

/* Some of its tasks. */
typedef struct span {
  tasks_of_loop *loop;
  uint64_t first, past;
} span;

/* Leaves the lower half in the span. */
static void offer_half(pp_omp_data *here, span *s) {
  span upper = {.loop = s->loop, .first = s->first + (s->past - s->first + 1) / 2, .past = s->past};
  pp_omp_body body = {.function = pp_omp_run_span, .data = &upper, .size = sizeof upper, .alignment = _Alignof(span)};
  s->past = upper.first;
  pp_omp_tasks_add(here, pp_omp_task_make(here, &body, s->loop->flags, 0, NULL), NULL);
}

/* A thread that runs a span, and offers parts of it. */
typedef struct offers {
  pp_omp_tasks *tasks;   /* NULL: it offers none */
  uint64_t few;          /* with so many on its deque others find enough */
  uint64_t began, first; /* when it looked at the clock the last time, and the first task that was left then */
  bool none_is_worth;    /* as long as nobody is hungry */
} offers;

static offers begin_offers(pp_omp_data *here, const span *s) {
  offers o = {.tasks = pp_omp_tasks_of(here), .first = s->first, .began = pp_clock_ticks()};
  o.few = o.tasks->lanes > 2 ? 2 : 1;
  return o;
}

/* Of the tasks since the clock was looked at the last time: after many short ones the first long ones count. */
static void note_pace(offers *o, const span *s) {
  uint64_t now = pp_clock_ticks(), ran = s->first - o->first, ticks = pp_ticks_between(o->began, now);
  if (ran == 0) return;
  pp_store_relaxed(&s->loop->pace, ticks < UINT64_MAX / PACE_UNIT ? ticks * PACE_UNIT / ran + 1 : ticks);
  o->began = now;
  o->first = s->first;
}

/* Whether half of what is left takes long enough, if it takes as long as the tasks before. */
static __attribute__((noinline)) bool is_worth_offering(offers *o, const span *s) {
  uint64_t half = (s->past - s->first) / 2, least = pp_ticks_from_ns(PP_OMP_PART_NS) * PACE_UNIT, pace;
  uint32_t hunger = pp_load_relaxed(&o->tasks->hungry);
  note_pace(o, s);
  pace = pp_load_relaxed(&s->loop->pace);
  o->none_is_worth = pace != 0 && half < least / pace;
  if (hunger == PP_OMP_HUNGRY || (hunger != PP_OMP_FED && !o->none_is_worth))
    (void)pp_cas_relaxed(&o->tasks->hungry, &hunger, PP_OMP_FED);
  return !o->none_is_worth;
}

static inline bool is_to_offer(offers *o, const span *s, const pp_omp_series *series) {
  if (o->tasks == NULL || (o->none_is_worth && pp_load_relaxed(&o->tasks->hungry) == PP_OMP_FED)) return false;
  if (s->past - s->first < 2 || pp_lane_length(series->lane) >= o->few) return false;
  return is_worth_offering(o, s);
}

static void run_tasks(pp_omp_data *here, span *s, bool does_offer, uint8_t told) {
  pp_omp_series series;
  offers o = {.tasks = NULL};
  uint64_t past, begin, end; /* iterations before the end of the next task; the indices that it begins and ends with */
  const bool may_cancel = pp_omp_settings_get()->cancellation;
  series.told = told;
  pp_omp_series_begin(&series, here, s->loop->body, s->loop->flags);
  if (does_offer) o = begin_offers(here, s);
  if (does_offer) series.lane = pp_omp_lane_of(o.tasks, here);
  past = first_of(&s->loop->cut, s->first);
  end = index_at(s->loop, past);
  for (; s->first < s->past && !(may_cancel && pp_omp_task_is_canceled(here)); s->first++) {
    begin = end;
    past += s->loop->cut.size + (s->first < s->loop->cut.larger);
    end = index_at(s->loop, past);
    while (is_to_offer(&o, s, &series)) offer_half(here, s);
    pp_omp_series_run(&series, begin, end, s->loop->is_long);
  }
  if (does_offer) note_pace(&o, s);
  pp_omp_series_end(&series);
}

void pp_omp_run_span(void *arg) {
  pp_omp_data *here = pp_omp_here();
  bool is_stolen = pp_omp_task_is_stolen(PP_OWNER_OF(pp_omp_task, data, here));
  run_tasks(here, arg, true, is_stolen ? PP_EVENT_STOLEN : 0);
}

/* All of them at once, as far as they may wait. */
static void make_tasks(pp_omp_data *here, tasks_of_loop *loop) {
  for (uint64_t t = 0; t < loop->cut.tasks; t++) {
    if (pp_omp_tasks_are_many(here)) {
      span one = {.loop = loop, .first = t, .past = t + 1};
      run_tasks(here, &one, false, 0);
    } else {
      pp_omp_task *task = pp_omp_task_make(here, loop->body, loop->flags, loop->priority, NULL);
      uint64_t begin = index_at(loop, first_of(&loop->cut, t)), end = index_at(loop, first_of(&loop->cut, t + 1));
      pp_omp_set_indices(task->arg, begin, end, loop->is_long);
      pp_omp_tasks_add(here, task, NULL);
    }
  }
}

/* Whether it is cut only as far as others take parts of it. */
static bool is_cut_late(const pp_omp_data *here, const tasks_of_loop *loop) {
  if ((loop->flags & PP_OMP_NOGROUP) != 0 || loop->priority != 0 || loop->body->copy != NULL) return false;
  return loop->cut.tasks > (uint64_t)PP_OMP_PARTS_FEW * (uint64_t)here->team_size;
}

static void run_loop(pp_omp_data *here, tasks_of_loop *loop) {
  span all = {.loop = loop, .past = loop->cut.tasks};
  if (pp_omp_task_is_included(here, (loop->flags & PP_OMP_IF) != 0)) {
    run_tasks(here, &all, false, PP_EVENT_AT_ONCE);
  } else if (is_cut_late(here, loop)) {
    run_tasks(here, &all, here->team_size > 1, 0);
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

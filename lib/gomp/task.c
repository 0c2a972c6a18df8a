/* SPDX-License-Identifier: MIT */
/* task.c: explicit tasks: their arguments' copies, their data environments, and the thread that runs them. */
#include "gomp/task.h"

#include <alloca.h>
#include <string.h>

#include "gomp/check.h"
#include "gomp/check_objects.h"
#include "gomp/depend.h"
#include "gomp/gomp_abi.h"
#include "gomp/holder.h"
#include "gomp/message.h"
#include "gomp/omp_abi.h"
#include "gomp/region.h"
#include "gomp/settings.h"
#include "gomp/shared.h"
#include "gomp/tasks_await.h"
#include "platform/memory.h"
#include "platform/park.h"
#include "platform/race_checker.h"
#include "trace/construct.h"

bool pp_omp_task_is_canceled(const pp_omp_data *here) {
  if (!pp_omp_settings_get()->cancellation) return false;
  return ppar_region_is_canceled(here->seat) || pp_omp_taskgroup_is_canceled(here);
}

/* Outside of all regions tasks are run at once, but for those that have to wait for others, and for these. */
static bool is_alone(const pp_omp_data *here) { return here->region != NULL && pp_omp_region_is_alone(here->region); }

int pp_omp_task_priority(unsigned flags, int priority) {
  int most = pp_omp_settings_get()->max_task_priority;
  if ((flags & PP_OMP_PRIORITY) == 0) return 0;
  return priority < most ? priority : most;
}

bool pp_omp_task_is_included(const pp_omp_data *here, bool if_clause) {
  return !if_clause || here->final || here->region == NULL || is_alone(here);
}

/* A child task's data environment, which the thread that runs it completes. */
static void begin_data(pp_omp_data *data, pp_omp_data *parent, unsigned flags) {
  pp_omp_begin_child(data, parent);
  if ((flags & PP_OMP_FINAL) != 0) data->final = true;
}

/* Where the library itself decides that a task is run at once, since so many wait already, the program still makes as
 * many as it does: such a one is told of as the others are. */
static uint8_t told_of(const pp_omp_data *data, uint8_t flags) {
  bool are_many = (flags & PP_EVENT_AT_ONCE) != 0 && data->region != NULL && pp_omp_tasks_are_many(data);
  return are_many ? flags & (uint8_t)~PP_EVENT_AT_ONCE : flags;
}

__attribute__((noinline)) void pp_omp_task_call_traced(pp_omp_data *data, void (*function)(void *), void *arg,
                                                       uint8_t flags) {
  if (function == pp_omp_run_span) {
    function(arg);
  } else {
    pp_trace_mark mark = pp_traced_begin_lone_task(function, told_of(data, flags));
    function(arg);
    pp_trace_end(mark);
  }
}

/* --- Those that anybody may run ----------------------------------------------------------------------------- */

static size_t round_up(size_t bytes, size_t alignment) { return (bytes + alignment - 1) / alignment * alignment; }

/* Whether these are of a task that may end before a new one does: neither the region's nor the program's. */
static bool may_go_before(const pp_omp_data *here, const pp_omp_icvs *icvs) {
  return icvs != pp_omp_first_icvs() && (here->region == NULL || icvs != &here->region->icvs);
}

/* Its arguments lie behind it, and have room to begin late. */
pp_omp_task *pp_omp_task_make(pp_omp_data *here, const pp_omp_body *body, unsigned flags, int priority, void *event) {
  size_t alignment = body->alignment != 0 ? body->alignment : 1;
  pp_omp_task *task = pp_omp_tasks_take_task(here, body->size + alignment - 1);
  if (task == NULL) pp_omp_no_memory("a task");
  begin_data(&task->data, here, flags);
  task->data.parent = NULL; /* It may end first. */
  if (may_go_before(here, task->data.icvs)) {
    task->data.own = *here->icvs;
    task->data.icvs = &task->data.own;
  }
  task->function = body->function;
  task->priority = priority;
  task->arg = (void *)round_up((uintptr_t)(task + 1), alignment);
  task->copied = task->detached = task->fulfilled = task->ended = task->discarded = false;
  if ((flags & PP_OMP_DETACH) != 0) {
    task->detached = true;
    *(void **)event = task;
    if (pp_omp_is_checked()) pp_omp_object_put(task, PP_OMP_MADE, NULL);
    if (body->data != NULL) *(void **)body->data = task; /* the first of the arguments is the event */
  }
  if (body->copy != NULL) {
    body->copy(task->arg, body->data);
    task->copied = true;
  } else if (body->size != 0) {
    memcpy(task->arg, body->data, body->size);
  }
  return task;
}

/* In a forked child the region may be a copy of the one that the task was made in (fork.c). */
static void move_to_copy(pp_omp_data *data, pp_omp_region *copy) {
  if (data->icvs == &data->region->icvs) data->icvs = &copy->icvs;
  data->region = copy;
}

void pp_omp_task_run(pp_omp_data *here, pp_omp_task *task) {
  if (PPAR_SELDOM_(task->data.region != here->region)) move_to_copy(&task->data, here->region);
  task->data.thread_num = here->thread_num;
  task->data.seat = here->seat;
  task->data.held = pp_omp_held();
  task->data.mark = pp_lane_mark(pp_omp_lane_of(task->tasks, here));
  pp_edge_acquire(task); /* From its maker, and those that it depends on. */
  if (task->copied || !pp_omp_task_is_canceled(&task->data)) {
    pp_omp_task_call(&task->data, task->function, task->arg, pp_omp_task_is_stolen(task) ? PP_EVENT_STOLEN : 0);
    if (PPAR_SELDOM_(task->data.had_loop)) {
      pp_omp_loop_none(&task->data.loop);
      pp_omp_shared_leave(&task->data);
    }
  } else {
    task->discarded = task->detached; /* Its event is one that nobody has to fulfil, and that anybody may. */
    task->detached = false;
  }
  pp_omp_tasks_end_task(here, task);
}

/* --- Those that are run at once ----------------------------------------------------------------------------- */

static inline void begin_included(pp_omp_data *data, pp_omp_data *here, unsigned flags) {
  begin_data(data, here, flags);
  pp_omp_loop_none(&data->loop);
  data->of = here->children != NULL ? here->children : here->of;
  pp_omp_set_mark(data, pp_omp_task_lane(data));
}

static __attribute__((noinline)) void run_included(pp_omp_data *here, void (*function)(void *), void *arg,
                                                   unsigned flags) {
  pp_omp_data data;
  begin_included(&data, here, flags);
  pp_omp_task_call(&data, function, arg, PP_EVENT_AT_ONCE);
  pp_omp_tasks_leave_behind(&data);
}

/* Its arguments are copied under the environment of the task that makes it. */
static __attribute__((noinline)) void run_here_copied(pp_omp_data *here, const pp_omp_body *body, unsigned flags) {
  void *arguments = (void *)round_up((uintptr_t)alloca(body->size + body->alignment), body->alignment);
  body->copy(arguments, body->data);
  run_included(here, body->function, arguments, flags);
}

void pp_omp_task_run_here(pp_omp_data *here, const pp_omp_body *body, unsigned flags) {
  if (body->copy != NULL) {
    run_here_copied(here, body, flags);
  } else {
    run_included(here, body->function, body->data, flags);
  }
}

void pp_omp_series_begin(pp_omp_series *series, pp_omp_data *here, const pp_omp_body *body, unsigned flags) {
  size_t bytes = body->size + body->alignment;
  series->here = here;
  series->body = body;
  series->flags = flags;
  series->large = bytes > sizeof series->room ? pp_memory_alloc(bytes) : NULL;
  if (bytes > sizeof series->room && series->large == NULL) pp_omp_no_memory("a task");
  series->arguments =
      (void *)round_up((uintptr_t)(series->large != NULL ? series->large : series->room), body->alignment);
  begin_included(&series->data, here, flags);
  series->lane = pp_omp_task_lane(here);
  if (body->copy == NULL && body->size != 0) memcpy(series->arguments, body->data, body->size);
}

void pp_omp_series_end(pp_omp_series *series) { pp_memory_free(series->large); }

void pp_omp_series_renew(pp_omp_series *series) { begin_included(&series->data, series->here, series->flags); }

/* The event of a task that is run at once: the thread that makes it waits for that, too, and runs tasks meanwhile, one
 * of which may fulfil it. Its handle is odd, and that of a task's event is the task's address. */
typedef struct included_event {
  pp_atomic_u32 awaited;
  pp_omp_tasks *tasks; /* NULL: the place has none */
} included_event;

#define PP_OMP_INCLUDED_EVENT ((uintptr_t)1)

/* The event of a task that was not made, as what it would be part of had been cancelled: nothing comes of it. */
#define PP_OMP_NO_EVENT PP_OMP_INCLUDED_EVENT

static void run_detached(pp_omp_data *here, const pp_omp_body *body, unsigned flags, uintptr_t *handle) {
  included_event event = {.tasks = here->region != NULL ? pp_omp_tasks_of(here) : NULL};
  pp_store_relaxed(&event.awaited, 1);
  *handle = (uintptr_t)&event | PP_OMP_INCLUDED_EVENT;
  if (pp_omp_is_checked()) pp_omp_object_put((const void *)*handle, PP_OMP_MADE, NULL);
  if (body->data != NULL) *(uintptr_t *)body->data = *handle;
  pp_omp_task_run_here(here, body, flags);
  if (event.tasks != NULL) pp_omp_tasks_await_counter(here, &event.awaited);
  while (pp_load_acquire(&event.awaited) != 0) pp_park(&event.awaited, 1);
}

static void run_here(pp_omp_data *here, const pp_omp_body *body, unsigned flags, void *out) {
  if ((flags & PP_OMP_DETACH) != 0) {
    run_detached(here, body, flags, out);
  } else {
    pp_omp_task_run_here(here, body, flags);
  }
}

/* Where the program is checked, an event that is none is not touched. */
static __attribute__((cold)) bool may_fulfill(uintptr_t handle, const void *place) {
  const void *unused, *event = (const void *)handle;
  switch (pp_omp_object_get(event, &unused)) {
    case PP_OMP_NEVER_MADE: pp_omp_tell("omp_fulfill_event", place, "no task has such an event"); return false;
    case PP_OMP_GONE: pp_omp_tell("omp_fulfill_event", place, "the event has been fulfilled before"); return false;
    case PP_OMP_MADE: pp_omp_object_put(event, PP_OMP_GONE, NULL); return true;
    case PP_OMP_UNSURE: break;
  }
  return true;
}

static void fulfill(uintptr_t handle, const void *place) {
  included_event *event = (included_event *)(handle & ~PP_OMP_INCLUDED_EVENT);
  if (handle == 0) pp_omp_fatal("omp_fulfill_event: 0 is no event");
  if (handle == PP_OMP_NO_EVENT) return;
  if (pp_omp_is_checked() && !may_fulfill(handle, place)) return;
  if ((handle & PP_OMP_INCLUDED_EVENT) == 0) {
    pp_omp_tasks_fulfill((pp_omp_task *)handle);
  } else if (event->tasks != NULL) {
    pp_omp_tasks_clear_counter(event->tasks, &event->awaited);
  } else {
    pp_store_release(&event->awaited, 0); /* pairs with run_detached's load */
    pp_unpark_all(&event->awaited);
  }
}

void omp_fulfill_event(uintptr_t handle) { fulfill(handle, PP_OMP_PLACE); }
void omp_fulfill_event_(uintptr_t handle) { fulfill(handle, PP_OMP_PLACE); }

/* --- Entry points ------------------------------------------------------------------------------------------- */

static void make(pp_omp_data *here, const pp_omp_body *body, unsigned flags, void **depend, int priority, void *event) {
  priority = pp_omp_task_priority(flags, priority);
  if ((flags & PP_OMP_DEPEND) == 0) depend = NULL;
  pp_omp_tasks_add(here, pp_omp_task_make(here, body, flags, priority, event), depend);
}

/* So many of its children have not ended that it had better run one, if any can begin, than make more: those that wait
 * for others are on no deque. They cannot be run at once, since what they wait for may come of what the task does later
 * on, as when it fulfils an event. */
static bool has_many(const pp_omp_data *here) {
  return here->children != NULL &&
         pp_children_unfinished(here->children) >= PP_OMP_TASKS_MANY * (uint32_t)here->team_size;
}

/* Tasks that others may have to wait for, or that wait for others, and those whose arguments are copied by a function
 * of the program's. */
static __attribute__((noinline)) void make_specially(pp_omp_data *here, const pp_omp_body *body, bool if_clause,
                                                     unsigned flags, void **depend, int priority, void *event) {
  bool depends = (flags & PP_OMP_DEPEND) != 0, detaches = (flags & PP_OMP_DETACH) != 0;
  bool included = pp_omp_task_is_included(here, if_clause), alone = is_alone(here) && if_clause && !here->final;
  if (alone && (depends || detaches)) {
    make(here, body, flags, depend, priority, event);
    while (pp_omp_tasks_run_child(here, true)) continue;
  } else if (!included && (depends || detaches || !pp_omp_tasks_are_many(here))) {
    if (depends && has_many(here)) pp_omp_tasks_yield(here);
    make(here, body, flags, depend, priority, event);
  } else {
    if (depends && here->region != NULL) pp_omp_depend_await(here, depend);
    run_here(here, body, flags, event);
  }
}

/* Whether a task that nobody has to wait for, and that waits for none, is run at once. */
static inline bool is_run_at_once(const pp_omp_data *here, bool if_clause) {
  return pp_omp_task_is_included(here, if_clause) || pp_omp_tasks_are_many(here);
}

static __attribute__((noinline)) void make_usual(pp_omp_data *here, void (*function)(void *), void *data, long size,
                                                 long alignment, unsigned flags, int priority) {
  pp_omp_body body = {function, data, NULL, (size_t)size, alignment > 0 ? (size_t)alignment : 1};
  make(here, &body, flags, NULL, priority, NULL);
}

static __attribute__((noinline)) void make_task(void (*function)(void *), void *data, void (*copy)(void *, void *),
                                                long size, long alignment, bool if_clause, unsigned flags,
                                                void **depend, int priority, void *event_out) {
  pp_omp_data *here = pp_omp_here();
  pp_omp_body body = {function, data, copy, (size_t)size, alignment > 0 ? (size_t)alignment : 1};
  if (pp_omp_task_is_canceled(here)) {
    if ((flags & PP_OMP_DETACH) != 0) *(uintptr_t *)event_out = PP_OMP_NO_EVENT;
    return;
  }
  if (copy == NULL && (flags & (PP_OMP_DEPEND | PP_OMP_DETACH)) == 0 && is_run_at_once(here, if_clause)) {
    run_included(here, function, data, flags);
  } else {
    make_specially(here, &body, if_clause, flags, depend, priority, event_out);
  }
}

static inline bool may_cancel(void) {
  const pp_omp_settings *settings = pp_load_acquire(&pp_omp_settings_present);
  return settings == NULL || settings->cancellation;
}

/* All calls are the last of their ways, and what the caller has put on the stack is volatile, so that it stays there
 * until it is asked for: with gcc this function has no frame, and saves no registers. */
void GOMP_task(void (*function)(void *), void *data, void (*copy)(void *, void *), long size, long alignment,
               bool if_clause, volatile unsigned flags, void **volatile depend, volatile int priority,
               void *volatile event_out) {
  const pp_self *self = pp_self_get();
  pp_omp_data *here = self->place.omp;
  bool is_usual = copy == NULL && (flags & (PP_OMP_DEPEND | PP_OMP_DETACH)) == 0;
  if (PPAR_SELDOM_(!is_usual || here == NULL || here->frame != self->place.frame || may_cancel())) {
    make_task(function, data, copy, size, alignment, if_clause, flags, depend, priority, event_out);
  } else if (is_run_at_once(here, if_clause)) {
    run_included(here, function, data, flags);
  } else {
    make_usual(here, function, data, size, alignment, flags, priority);
  }
}

void GOMP_taskwait(void) { pp_omp_tasks_await_children(pp_omp_here()); }

/* taskwait with a depend clause: waits for those children alone that a task with it would wait for. */
void GOMP_taskwait_depend(void **depend) {
  pp_omp_data *here = pp_omp_here();
  if (here->region != NULL) pp_omp_depend_await(here, depend);
}

static void nothing(void *arg) { (void)arg; }

/* The same with nowait: a task that does nothing. */
void GOMP_taskwait_depend_nowait(void **depend) {
  GOMP_task(nothing, NULL, NULL, 0, 1, true, PP_OMP_DEPEND, depend, 0, NULL);
}

/* Runs one of the task's descendants, if there is one that can begin. A place that has no data environment of its own
 * so far has made no tasks. */
void GOMP_taskyield(void) {
  const pp_self *self = pp_self_get();
  pp_omp_data *here = self->place.omp;
  if (here != NULL && here->children != NULL && here->frame == self->place.frame) pp_omp_tasks_yield(here);
}

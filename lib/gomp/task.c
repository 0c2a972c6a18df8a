/* SPDX-License-Identifier: MIT */
/* task.c: explicit tasks: their arguments' copies, their data environments, and the thread that runs them. */
#include "gomp/task.h"

#include <alloca.h>
#include <string.h>

#include "gomp/depend.h"
#include "gomp/gomp_abi.h"
#include "gomp/message.h"
#include "gomp/omp_abi.h"
#include "gomp/region.h"
#include "gomp/settings.h"
#include "platform/memory.h"
#include "platform/park.h"
#include "platform/race_checker.h"

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
  pp_omp_begin(data, parent);
  data->region = parent->region;
  data->seat = parent->seat;
  data->team_size = parent->team_size;
  data->thread_num = parent->thread_num;
  data->explicit_task = true;
  data->final = parent->final || (flags & PP_OMP_FINAL) != 0;
  data->taskgroup = parent->taskgroup;
  data->barriers = parent->barriers;
}

/* The program's function, in this data environment. */
static void call(pp_omp_data *data, void (*function)(void *), void *arg) {
  pp_self *self = pp_self_get();
  pp_omp_data *outer = self->place.omp;
  data->frame = self->place.frame;
  self->place.omp = data;
  function(arg);
  self->place.omp = outer;
}

/* --- Those that anybody may run ----------------------------------------------------------------------------- */

static size_t round_up(size_t bytes, size_t alignment) { return (bytes + alignment - 1) / alignment * alignment; }

/* Whether these are of a task that may end before a new one does: neither the region's nor the program's. */
static bool may_go_before(const pp_omp_data *here, const pp_omp_icvs *icvs) {
  return icvs != pp_omp_first_icvs() && (here->region == NULL || icvs != &here->region->icvs);
}

/* Its arguments lie behind it; those that want more than a cache line's alignment have room to begin late. */
pp_omp_task *pp_omp_task_make(pp_omp_data *here, const pp_omp_body *body, unsigned flags, int priority, void *event) {
  size_t alignment = body->alignment != 0 ? body->alignment : 1;
  size_t room = body->size + (alignment > PP_CACHE_LINE ? alignment : 0);
  pp_omp_task *task = pp_memory_alloc(round_up(sizeof *task, PP_CACHE_LINE) + room);
  if (task == NULL) pp_omp_no_memory("a task");
  memset(task, 0, sizeof *task);
  begin_data(&task->data, here, flags);
  if (may_go_before(here, task->data.icvs)) {
    task->data.own = *here->icvs;
    task->data.icvs = &task->data.own;
  }
  task->function = body->function;
  task->priority = priority;
  task->arg = (void *)round_up((uintptr_t)task + round_up(sizeof *task, PP_CACHE_LINE), alignment);
  if ((flags & PP_OMP_DETACH) != 0) {
    task->detached = true;
    *(void **)event = task;
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

void pp_omp_task_run(pp_omp_data *here, pp_omp_task *task) {
  task->data.thread_num = here->thread_num;
  task->data.seat = here->seat;
  pp_edge_acquire(task); /* From its maker, and those that it depends on. */
  if (task->copied || !pp_omp_task_is_canceled(&task->data)) {
    call(&task->data, task->function, task->arg);
  } else {
    task->detached = false; /* Nobody may know of its event. */
  }
  pp_omp_tasks_end_task(task);
}

/* --- Those that are run at once ----------------------------------------------------------------------------- */

void pp_omp_task_run_here(pp_omp_data *here, const pp_omp_body *body, unsigned flags, pp_omp_change *change,
                          const void *arg) {
  pp_omp_data data;
  void *arguments = body->data;
  begin_data(&data, here, flags);
  if (body->copy != NULL) {
    arguments = (void *)round_up((uintptr_t)alloca(body->size + body->alignment), body->alignment);
    body->copy(arguments, body->data);
  }
  if (change != NULL) change(arguments, arg);
  call(&data, body->function, arguments);
  pp_omp_tasks_leave_children(&data);
}

/* The event of a task that is run at once: the thread that makes it waits for that, too. */
typedef struct event {
  uintptr_t kind; /* where a pp_omp_task has another value: its parent's address, or NULL */
  pp_atomic_u32 fulfilled;
} event;

static char included_event;

static void run_here(pp_omp_data *here, const pp_omp_body *body, unsigned flags, void *out) {
  event awaited = {.kind = (uintptr_t)&included_event};
  if ((flags & PP_OMP_DETACH) != 0) {
    pp_store_relaxed(&awaited.fulfilled, 0);
    *(void **)out = &awaited;
    if (body->data != NULL) *(void **)body->data = &awaited;
  }
  pp_omp_task_run_here(here, body, flags, NULL, NULL);
  if ((flags & PP_OMP_DETACH) == 0) return;
  while (pp_load_acquire(&awaited.fulfilled) == 0) pp_park(&awaited.fulfilled, 0);
}

void omp_fulfill_event(uintptr_t handle) {
  event *awaited = (event *)handle;
  if (handle == 0) pp_omp_fatal("omp_fulfill_event: 0 is no event");
  if (awaited->kind != (uintptr_t)&included_event) {
    pp_omp_tasks_fulfill((pp_omp_task *)handle);
    return;
  }
  pp_store_release(&awaited->fulfilled, 1); /* pairs with run_here's load */
  pp_unpark_all(&awaited->fulfilled);
}

void omp_fulfill_event_(uintptr_t handle) { omp_fulfill_event(handle); }

/* --- Entry points ------------------------------------------------------------------------------------------- */

void GOMP_task(void (*function)(void *), void *data, void (*copy)(void *, void *), long size, long alignment,
               bool if_clause, unsigned flags, void **depend, int priority, void *event_out) {
  pp_omp_data *here = pp_omp_here();
  pp_omp_body body = {function, data, copy, (size_t)size, alignment > 0 ? (size_t)alignment : 1};
  bool depends = (flags & PP_OMP_DEPEND) != 0, detaches = (flags & PP_OMP_DETACH) != 0;
  bool included = pp_omp_task_is_included(here, if_clause), alone = is_alone(here) && if_clause && !here->final;
  if (pp_omp_task_is_canceled(here)) return;
  priority = pp_omp_task_priority(flags, priority);
  if (alone && (depends || detaches)) {
    pp_omp_tasks_add(here, pp_omp_task_make(here, &body, flags, priority, event_out), depends ? depend : NULL);
    while (pp_omp_tasks_run_child(here)) continue;
    return;
  }
  if (!included && (depends || detaches || !pp_omp_tasks_are_many(here))) {
    pp_omp_tasks_add(here, pp_omp_task_make(here, &body, flags, priority, event_out), depends ? depend : NULL);
    return;
  }
  if (depends && here->region != NULL) pp_omp_depend_await(here, depend);
  run_here(here, &body, flags, event_out);
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

/* The task may hold a lock that others want, or be one of a deep recursion: it goes on. */
void GOMP_taskyield(void) {}

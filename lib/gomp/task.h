/* SPDX-License-Identifier: MIT */
/* task.h: making and running explicit tasks. */
#ifndef PP_GOMP_TASK_H
#define PP_GOMP_TASK_H

#include "gomp/region.h"
#include "gomp/tasks.h"
#include "pool/self.h"
#include "schedule/tuning.h"
#include "trace/construct.h"

/* As gcc numbers them, in the flags of a task or of a taskloop. */
enum {
  PP_OMP_UNTIED = 1 << 0,
  PP_OMP_FINAL = 1 << 1,
  PP_OMP_DEPEND = 1 << 3,
  PP_OMP_PRIORITY = 1 << 4,
  PP_OMP_RISES = 1 << 8, /* a taskloop's index */
  PP_OMP_GRAINSIZE = 1 << 9,
  PP_OMP_IF = 1 << 10, /* a taskloop's */
  PP_OMP_NOGROUP = 1 << 11,
  PP_OMP_REDUCTION = 1 << 12,
  PP_OMP_DETACH = 1 << 13,
  PP_OMP_STRICT = 1 << 14
};

/* What a task is made of: a function, and its arguments, which are copied. */
typedef struct pp_omp_body {
  void (*function)(void *);
  void *data;                         /* the arguments, as the creating task has them */
  void (*copy)(void *to, void *from); /* NULL: they are so many bytes */
  size_t size, alignment;
} pp_omp_body;

/* Makes a task that anybody may run; its arguments' copy, to be changed before pp_omp_tasks_add. */
pp_omp_task *pp_omp_task_make(pp_omp_data *here, const pp_omp_body *body, unsigned flags, int priority, void *event);

/* Runs it, in the place of a thread's task, and ends it. */
void pp_omp_task_run(pp_omp_data *here, pp_omp_task *task);

/* Runs a body at once, as an included task. */
void pp_omp_task_run_here(pp_omp_data *here, const pp_omp_body *body, unsigned flags);

/* Whether it is run by another thread than its maker. */
static inline bool pp_omp_task_is_stolen(const pp_omp_task *task) {
  return task->block.home != (uint32_t)task->data.thread_num;
}

/* The two indices that the arguments of a taskloop's task begin with. is_long: they are longs, which may have another
 * size. */
static inline void pp_omp_set_indices(void *arguments, uint64_t begin, uint64_t end, bool is_long) {
  if (is_long) {
    ((long *)arguments)[0] = (long)begin;
    ((long *)arguments)[1] = (long)end;
  } else {
    ((unsigned long long *)arguments)[0] = begin;
    ((unsigned long long *)arguments)[1] = end;
  }
}

/* The function of a task of the library's own, that runs some tasks of a taskloop (taskloop.c). */
void pp_omp_run_span(void *span);

/* Calls the program's function where a trace is made. */
void pp_omp_task_call_traced(pp_omp_data *data, void (*function)(void *), void *arg, uint8_t flags);

/* Calls the program's function, in this data environment. flags: PP_EVENT_STOLEN, PP_EVENT_AT_ONCE. */
static inline void pp_omp_task_call(pp_omp_data *data, void (*function)(void *), void *arg, uint8_t flags) {
  pp_self *self = pp_self_get();
  pp_omp_data *outer = self->place.omp;
  data->frame = self->place.frame;
  data->beneath = outer;
  self->place.omp = data;
  if (pp_trace_is_on()) {
    pp_omp_task_call_traced(data, function, arg, flags);
  } else {
    function(arg);
  }
  self->place.omp = outer;
}

/* The calling thread's; NULL: the region has had no tasks. */
static inline pp_lane *pp_omp_task_lane(const pp_omp_data *data) {
  pp_omp_tasks *tasks = pp_omp_region_tasks(data);
  return tasks != NULL ? pp_omp_lane_of(tasks, data) : NULL;
}

/* X2: what lies on the deque now is none of the included task's. */
static inline void pp_omp_set_mark(pp_omp_data *data, pp_lane *lane) {
  if (lane != NULL) data->mark = pp_lane_mark(lane);
}

/* Several tasks of a taskloop that are run at once, one after the other. */
typedef struct pp_omp_series {
  pp_omp_data *here;
  const pp_omp_body *body;
  unsigned flags;
  uint8_t told;    /* PP_EVENT_STOLEN: from the thread that has made the taskloop; PP_EVENT_AT_ONCE; for pictures */
  void *arguments; /* a copy, in `room`, or else in memory of its own */
  void *large;     /* that memory; NULL: there is none */
  pp_lane *lane;   /* the thread's; NULL: the region has had no tasks */
  pp_omp_data data;
  char room[PP_OMP_SERIES_ROOM];
} pp_omp_series;

void pp_omp_series_begin(pp_omp_series *series, pp_omp_data *here, const pp_omp_body *body, unsigned flags);
void pp_omp_series_end(pp_omp_series *series);

/* What the task before has made its own is not the next one's. */
void pp_omp_series_renew(pp_omp_series *series);

/* Runs one whose arguments begin with these indices. Arguments that are so many bytes are only read by compiled code,
 * but for those that are set here. */
static inline void pp_omp_series_run(pp_omp_series *series, uint64_t begin, uint64_t end, bool is_long) {
  const pp_omp_data *here = series->here;
  pp_omp_data *data = &series->data;
  if (series->body->copy != NULL) series->body->copy(series->arguments, series->body->data);
  pp_omp_set_indices(series->arguments, begin, end, is_long);
  if (series->lane == NULL) series->lane = pp_omp_task_lane(data);
  pp_omp_set_mark(data, series->lane); /* Those before have left tasks there, and the maker the upper half. */
  pp_omp_task_call(data, series->body->function, series->arguments, series->told);
  pp_omp_tasks_leave_behind(data);
  if (data->icvs != here->icvs || data->taskgroup != here->taskgroup || data->shared != NULL)
    pp_omp_series_renew(series);
}

/* The priority of a task with these flags, of which it may have one: no more than OMP_MAX_TASK_PRIORITY. */
int pp_omp_task_priority(unsigned flags, int priority);

/* Whether a new task of `here` is to be run at once. */
bool pp_omp_task_is_included(const pp_omp_data *here, bool if_clause);

/* Whether so many wait that the next one had better be run at once. The task is in a region. */
static inline bool pp_omp_tasks_are_many(const pp_omp_data *here) {
  pp_omp_tasks *tasks = pp_load_acquire(&here->region->tasks);
  if (tasks == NULL) return false;
  return pp_lane_length(pp_omp_lane_of(tasks, here)) >= PP_OMP_TASKS_MANY ||
         pp_load_relaxed(&tasks->listed) >= PP_OMP_TASKS_MANY * tasks->lanes;
}

/* Whether a new task need not run, since what it is inside of is cancelled. */
bool pp_omp_task_is_canceled(const pp_omp_data *here);

#endif

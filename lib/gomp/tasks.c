/* SPDX-License-Identifier: MIT */
/* tasks.c: the lists of a region's tasks, and the threads that wait for them. */
#include "gomp/tasks.h"

#include <stdlib.h>

#include "gomp/depend.h"
#include "gomp/message.h"
#include "gomp/region.h"
#include "gomp/task.h"
#include "gomp/team.h"
#include "platform/memory.h"
#include "platform/race_checker.h"
#include "pool/pool.h"
#include "pool/waiting.h"
#include "schedule/tuning.h"
#include "team/team.h"

/* NULL: the thread is alone. */
static pp_team *team_of(const ppar_team *seat) { return seat != NULL ? seat->team : NULL; }

/* --- Lists -------------------------------------------------------------------------------------------------- */

static pp_omp_list *list_of(pp_omp_task *task, int which) {
  if (which == PP_OMP_OF_PARENT) return task->data.parent != NULL ? &task->data.parent->ready_child : NULL;
  if (which == PP_OMP_OF_GROUP) return task->data.taskgroup != NULL ? &task->data.taskgroup->ready : NULL;
  return &task->tasks->ready;
}

/* Between the two. */
static void link_between(pp_omp_list *list, pp_omp_task *previous, pp_omp_task *task, pp_omp_task *next, int which) {
  task->link[which] = (pp_omp_link){next, previous};
  if (next != NULL) next->link[which].previous = task;
  if (previous != NULL) {
    previous->link[which].next = task;
  } else {
    pp_store_seq_cst(list, task); /* X5 */
  }
}

/* Before those of its priority. Programs seldom have any, and they are hints: a place is looked for among the next
 * few. */
static void link_in(pp_omp_list *list, pp_omp_task *task, int which) {
  pp_omp_task *previous = NULL, *next = pp_load_relaxed(list);
  for (int looks = 0; looks < PP_OMP_PRIORITY_LOOKS && next != NULL && next->priority > task->priority; looks++) {
    previous = next;
    next = next->link[which].next;
  }
  link_between(list, previous, task, next, which);
}

/* Behind those of its priority. */
static void link_in_last(pp_omp_tasks *tasks, pp_omp_task *task) {
  pp_omp_task *previous = tasks->latest_ready, *next = NULL;
  for (int looks = 0; looks < PP_OMP_PRIORITY_LOOKS && previous != NULL && previous->priority < task->priority;
       looks++) {
    next = previous;
    previous = previous->link[PP_OMP_OF_REGION].previous;
  }
  link_between(&tasks->ready, previous, task, next, PP_OMP_OF_REGION);
  if (next == NULL) tasks->latest_ready = task;
}

static void link_out(pp_omp_list *list, pp_omp_task *task, int which) {
  pp_omp_link link = task->link[which];
  if (link.next != NULL) link.next->link[which].previous = link.previous;
  if (link.previous != NULL) {
    link.previous->link[which].next = link.next;
  } else {
    pp_store_relaxed(list, link.next);
  }
  if (which == PP_OMP_OF_REGION && link.next == NULL) task->tasks->latest_ready = link.previous;
}

void pp_omp_tasks_push(pp_omp_task *task) {
  task->ready = true;
  for (int which = 0; which < PP_OMP_LISTS; which++) {
    pp_omp_list *list = list_of(task, which);
    if (which == PP_OMP_OF_REGION) {
      link_in_last(task->tasks, task);
    } else if (list != NULL) {
      link_in(list, task, which);
    }
  }
}

static void take_off(pp_omp_task *task) {
  task->ready = false;
  for (int which = 0; which < PP_OMP_LISTS; which++) {
    pp_omp_list *list = list_of(task, which);
    if (list != NULL) link_out(list, task, which);
  }
}

/* The first of a list, which is then the thread's to run; NULL: there is none. */
static pp_omp_task *take(pp_omp_tasks *tasks, pp_omp_list *list) {
  pp_omp_task *task;
  if (pp_load_seq_cst(list) == NULL) return NULL;
  pp_lock(&tasks->lock);
  task = pp_load_relaxed(list);
  if (task != NULL) take_off(task);
  pp_unlock(&tasks->lock);
  return task;
}

/* --- Making and ending -------------------------------------------------------------------------------------- */

static pp_omp_tasks *make(pp_omp_data *here) {
  pp_omp_tasks *tasks = pp_memory_zalloc(sizeof *tasks), *others = NULL;
  if (tasks == NULL) pp_omp_no_memory("a region's tasks");
  tasks->seat = here->seat;
  pp_store_relaxed(&tasks->users, 1);
  if (pp_cas_seq_cst(&here->region->tasks, &others, tasks)) return tasks; /* X5 */
  pp_memory_free(tasks);
  return others;
}

pp_omp_tasks *pp_omp_tasks_of(pp_omp_data *here) {
  pp_omp_tasks *tasks = pp_load_acquire(&here->region->tasks);
  return tasks != NULL ? tasks : make(here);
}

bool pp_omp_tasks_are_many(const pp_omp_data *here) {
  pp_omp_tasks *tasks = pp_load_acquire(&here->region->tasks);
  return tasks != NULL &&
         pp_load_relaxed(&tasks->unfinished[here->barriers & 1]) >= PP_OMP_TASKS_MANY * (uint32_t)here->team_size;
}

static void add_child(pp_omp_data *parent, pp_omp_task *task) {
  task->younger = NULL;
  task->older = parent->first_child;
  if (task->older != NULL) task->older->younger = task;
  parent->first_child = task;
  (void)pp_add_relaxed(&parent->children, 1);
}

static void remove_child(pp_omp_data *parent, pp_omp_task *task) {
  if (task->older != NULL) task->older->younger = task->younger;
  if (task->younger != NULL) {
    task->younger->older = task->older;
  } else {
    parent->first_child = task->older;
  }
  (void)pp_add_seq_cst(&parent->children, UINT32_MAX);
}

void pp_omp_tasks_tell(pp_omp_tasks *tasks) {
  pp_team *team = team_of(tasks->seat);
  if (pp_pulse_has_sleepers(&tasks->pulse)) pp_pulse_wake(&tasks->pulse);
  if (team != NULL) pp_waiters_tell(team->pool, &team->scope);
}

void pp_omp_tasks_add(pp_omp_data *here, pp_omp_task *task, void **depend) {
  pp_omp_tasks *tasks = pp_omp_tasks_of(here);
  task->tasks = tasks;
  task->barrier = here->barriers & 1;
  task->holds = task->detached;
  if (task->holds) (void)pp_add_relaxed(&tasks->users, 1);
  pp_lock(&tasks->lock);
  add_child(here, task);
  if (task->data.taskgroup != NULL) (void)pp_add_relaxed(&task->data.taskgroup->unfinished, 1);
  (void)pp_add_relaxed(&tasks->unfinished[task->barrier], 1);
  if (depend != NULL) pp_omp_depend_add(here, task, depend);
  pp_edge_release(task); /* To whoever runs it. */
  if (pp_load_relaxed(&task->pending) == 0) pp_omp_tasks_push(task);
  pp_unlock(&tasks->lock);
  pp_omp_tasks_tell(tasks);
}

/* X2; the lock is held. */
static void complete(pp_omp_task *task) {
  pp_omp_tasks *tasks = task->tasks;
  pp_omp_depend_release(task);
  pp_edge_release(&tasks->unfinished[task->barrier]);
  if (task->data.taskgroup != NULL) pp_edge_release(&task->data.taskgroup->unfinished);
  if (task->data.parent != NULL) {
    pp_edge_release(&task->data.parent->children);
    remove_child(task->data.parent, task);
  }
  if (task->data.taskgroup != NULL) (void)pp_add_seq_cst(&task->data.taskgroup->unfinished, UINT32_MAX);
  (void)pp_add_seq_cst(&tasks->unfinished[task->barrier], UINT32_MAX);
}

static void leave_children(pp_omp_data *data) {
  for (pp_omp_task *child = data->first_child; child != NULL; child = child->older) {
    if (child->ready) link_out(&data->ready_child, child, PP_OMP_OF_PARENT);
    child->data.parent = NULL;
  }
  pp_omp_depend_forget(data);
}

void pp_omp_tasks_leave_children(pp_omp_data *data) {
  pp_omp_tasks *tasks;
  if (pp_load_acquire(&data->children) == 0 && data->depends == NULL) return;
  tasks = pp_load_acquire(&data->region->tasks);
  pp_lock(&tasks->lock);
  leave_children(data);
  pp_unlock(&tasks->lock);
}

static void free_task(pp_omp_task *task) {
  free(task->successors);
  pp_memory_free(task);
}

static void leave_tasks(pp_omp_tasks *tasks) {
  if (pp_add_acq_rel(&tasks->users, UINT32_MAX) == 1) pp_memory_free(tasks);
}

void pp_omp_tasks_end_task(pp_omp_task *task) {
  pp_omp_tasks *tasks = task->tasks;
  bool over;
  pp_lock(&tasks->lock);
  leave_children(&task->data);
  task->ended = true;
  over = !task->detached || task->fulfilled;
  if (over) complete(task);
  pp_unlock(&tasks->lock);
  if (!over) return; /* omp_fulfill_event ends it. */
  pp_omp_tasks_tell(tasks);
  if (task->holds) leave_tasks(tasks);
  free_task(task);
}

/* By any thread. The region may end as soon as the task is complete, and its team may be gone: nothing is read of that
 * from then on, and those who wait at its barriers are known by its address. */
void pp_omp_tasks_fulfill(pp_omp_task *task) {
  pp_omp_tasks *tasks = task->tasks;
  const pp_team *team;
  struct ppar_pool *pool;
  pp_scope scope;
  bool over;
  pp_lock(&tasks->lock);
  (void)pp_add_relaxed(&tasks->users, 1);
  team = team_of(tasks->seat);
  pool = team != NULL ? team->pool : NULL;
  pp_scope_begin(&scope, team);
  task->fulfilled = true;
  over = task->ended;
  if (over) complete(task);
  pp_unlock(&tasks->lock);
  pp_pulse_wake(&tasks->pulse);
  if (pool != NULL) pp_waiters_tell(pool, &scope);
  if (over) {
    leave_tasks(tasks); /* the task's own hold */
    free_task(task);
  }
  leave_tasks(tasks);
}

/* --- Waiting ------------------------------------------------------------------------------------------------ */

/* A thread waits for a counter to come to 0, and runs tasks of a list meanwhile. */
typedef struct awaiting {
  pp_waiting waiting;
  pp_omp_data *here;
  pp_omp_tasks *tasks;
  pp_atomic_u32 *counter;
  pp_omp_list *list, *otherwise; /* where it looks first, and then; NULL: nowhere */
  pp_omp_task *found;
  uint32_t beat;
} awaiting;

static awaiting *of(pp_waiting *waiting) { return PP_OWNER_OF(awaiting, waiting, waiting); }

static bool is_over(pp_waiting *waiting) { return pp_load_seq_cst(of(waiting)->counter) == 0; }

static bool find(pp_waiting *waiting) {
  awaiting *a = of(waiting);
  a->found = take(a->tasks, a->list);
  if (a->found == NULL && a->otherwise != NULL) a->found = take(a->tasks, a->otherwise);
  return a->found != NULL;
}

static void run(pp_waiting *waiting) { pp_omp_task_run(of(waiting)->here, of(waiting)->found); }

static bool prepare(pp_waiting *waiting) {
  of(waiting)->beat = pp_pulse_prepare(&of(waiting)->tasks->pulse);
  return true;
}

static void sleep_on_pulse(pp_waiting *waiting) { pp_pulse_park(&of(waiting)->tasks->pulse, of(waiting)->beat); }
static void rise(pp_waiting *waiting) { pp_pulse_done(&of(waiting)->tasks->pulse); }

static const pp_wait_kind task_wait = {
    .is_over = is_over, .find = find, .run = run, .prepare = prepare, .sleep = sleep_on_pulse, .rise = rise};

static void await(pp_omp_data *here, pp_atomic_u32 *counter, pp_omp_list *list, pp_omp_list *otherwise) {
  pp_team *team = team_of(here->seat);
  awaiting a;
  if (pp_load_acquire(counter) == 0) {
    pp_edge_acquire(counter);
    return;
  }
  a = (awaiting){.waiting = pp_waiting_make(&task_wait, team != NULL ? team->pool : ppar_pool_default(), NULL),
                 .here = here,
                 .tasks = pp_omp_tasks_of(here),
                 .counter = counter,
                 .list = list,
                 .otherwise = otherwise};
  if (team != NULL) a.waiting.crowded = &team->crowded;
  pp_wait(&a.waiting);
  pp_edge_acquire(counter); /* From the tasks' ends. */
}

void pp_omp_tasks_await_children(pp_omp_data *here) {
  if (here->region != NULL) await(here, &here->children, &here->ready_child, NULL);
}

/* A task of the group may have to wait for one of the same parent that is not in it. */
void pp_omp_tasks_await_group(pp_omp_data *here, pp_omp_taskgroup *group) {
  if (here->region != NULL) await(here, &group->unfinished, &group->ready, &here->ready_child);
}

void pp_omp_tasks_await_counter(pp_omp_data *here, pp_atomic_u32 *counter) {
  await(here, counter, &here->ready_child, NULL);
}

static void await_barrier(pp_omp_data *here, pp_omp_tasks *tasks, uint32_t barrier) {
  await(here, &tasks->unfinished[barrier & 1], &tasks->ready, NULL);
}

void pp_omp_tasks_await(pp_omp_data *here, uint32_t barrier) {
  pp_omp_tasks *tasks = here->region != NULL ? pp_load_acquire(&here->region->tasks) : NULL;
  if (tasks != NULL) await_barrier(here, tasks, barrier);
}

bool pp_omp_tasks_run_child(pp_omp_data *here) {
  pp_omp_task *task = here->region != NULL ? take(pp_omp_tasks_of(here), &here->ready_child) : NULL;
  if (task != NULL) pp_omp_task_run(here, task);
  return task != NULL;
}

/* --- Regions ------------------------------------------------------------------------------------------------ */

/* Work for threads that wait at a barrier of the team (team/await.c). */
static bool work(bool only_look) {
  pp_omp_data *here = pp_self_get()->place.omp;
  pp_omp_tasks *tasks;
  pp_omp_task *task;
  if (here == NULL || !here->meets || here->frame != pp_self_get()->place.frame) return false;
  tasks = pp_load_seq_cst(&here->region->tasks); /* X5 */
  if (tasks == NULL || pp_load_seq_cst(&tasks->ready) == NULL) return false;
  if (only_look) return true;
  task = take(tasks, &tasks->ready);
  if (task != NULL) pp_omp_task_run(here, task);
  return task != NULL;
}

void pp_omp_tasks_enter(ppar_team *seat) {
  if (seat->team != NULL && pp_load_relaxed(&seat->team->work) != work) pp_store_relaxed(&seat->team->work, work);
}

void pp_omp_tasks_leave(pp_omp_data *here) {
  pp_omp_region *region = here->region;
  pp_omp_tasks *tasks;
  (void)pp_omp_barrier(here); /* Those that come early run the others' tasks. */
  tasks = pp_load_acquire(&region->tasks);
  if (tasks != NULL) { /* Where the region was cancelled, threads may have passed different numbers of barriers. */
    await_barrier(here, tasks, 0);
    await_barrier(here, tasks, 1);
  }
  pp_omp_tasks_leave_children(here);
}

void pp_omp_tasks_end(pp_omp_region *region) {
  pp_omp_tasks *tasks = pp_load_relaxed(&region->tasks);
  if (tasks != NULL) leave_tasks(tasks);
}

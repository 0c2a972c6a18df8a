/* SPDX-License-Identifier: MIT */
/* tasks.c: making and ending the tasks of a region, and their memory. */
#include "gomp/tasks.h"

#include "gomp/depend.h"
#include "gomp/message.h"
#include "gomp/region.h"
#include "gomp/tasks_await.h"
#include "gomp/team.h"
#include "platform/race_checker.h"
#include "pool/waiters.h"
#include "schedule/tuning.h"
#include "team/check.h"
#include "team/team.h"

/* --- A region's ----------------------------------------------------------------------------------------------- */

static void free_discarded(pp_omp_tasks *tasks) {
  pp_omp_task *task = tasks->discarded;
  while (task != NULL) {
    pp_omp_task *next = task->next;
    if (task->block.home == PP_NO_LANE) pp_memory_free(task);
    task = next;
  }
}

static void free_tasks(pp_omp_tasks *tasks) {
  free_discarded(tasks);
  for (uint32_t l = 0; l < tasks->lanes; l++) {
    pp_lane *lane = &tasks->lane[l];
    for (int kind = 0; kind < PP_LANE_KINDS; kind++) pp_stock_free(&lane->stock[kind]);
    if (lane->has_ring) pp_deque_free(&lane->deque);
  }
  pp_memory_free(tasks);
}

static void leave_tasks(pp_omp_tasks *tasks) {
  if (pp_add_acq_rel(&tasks->users, UINT32_MAX) == 1) free_tasks(tasks);
}

static pp_omp_tasks *make(uint32_t lanes) {
  pp_omp_tasks *tasks = pp_memory_zalloc(sizeof *tasks + lanes * sizeof tasks->lane[0]);
  if (tasks == NULL) pp_omp_no_memory("a region's tasks");
  tasks->lanes = lanes;
  for (uint32_t l = 0; l < lanes; l++) tasks->lane[l].number = l;
  return tasks;
}

/* What the region before has left, if that was begun by the same task and had as many threads. The counts go on. */
static pp_omp_tasks *take_spare(pp_omp_data *parent, uint32_t lanes) {
  pp_omp_tasks *tasks = parent != NULL ? parent->spare : NULL;
  if (tasks == NULL || tasks->lanes != lanes) return NULL;
  parent->spare = NULL;
  pp_store_relaxed(&tasks->busy[0], 0);
  pp_store_relaxed(&tasks->busy[1], 0);
  return tasks;
}

/* Several threads may come at once, and the task around the region is one thread's: its thread 0 gives the spare. */
static pp_omp_tasks *make_for(pp_omp_data *here) {
  pp_omp_tasks *others = NULL,
               *spare = here->thread_num == 0 ? take_spare(here->region->parent, (uint32_t)here->team_size) : NULL,
               *tasks = spare != NULL ? spare : make((uint32_t)here->team_size);
  tasks->team = here->seat != NULL && !pp_omp_region_is_alone(here->region) ? here->seat->team : NULL;
  pp_store_relaxed(&tasks->users, 1);
  if (pp_cas_seq_cst(&here->region->tasks, &others, tasks)) return tasks; /* X5 */
  free_tasks(tasks);
  return others;
}

pp_omp_tasks *pp_omp_tasks_of(pp_omp_data *here) {
  pp_omp_tasks *tasks = pp_load_acquire(&here->region->tasks);
  return tasks != NULL ? tasks : make_for(here);
}

/* Whether so little memory was needed that the next region may have it. */
static bool is_small(pp_omp_tasks *tasks) {
  if (tasks->discarded != NULL) return false;
  for (uint32_t l = 0; l < tasks->lanes; l++) {
    for (int kind = 0; kind < PP_LANE_KINDS; kind++) {
      if (tasks->lane[l].stock[kind].made > PP_OMP_BLOCKS_KEPT) return false;
    }
    if (tasks->lane[l].has_ring && pp_deque_is_larger(&tasks->lane[l].deque, PP_OMP_BLOCKS_KEPT)) return false;
  }
  return true;
}

void pp_omp_tasks_end(pp_omp_region *region) {
  pp_omp_tasks *tasks = pp_load_relaxed(&region->tasks);
  pp_omp_data *parent = region->parent;
  if (tasks == NULL) return;
  if (parent == NULL || pp_load_acquire(&tasks->users) != 1 || !is_small(tasks)) {
    leave_tasks(tasks);
    return;
  }
  if (parent->spare != NULL) free_tasks(parent->spare);
  parent->spare = tasks;
}

/* --- Memory --------------------------------------------------------------------------------------------------- */

/* lane: the calling thread's; NULL: it is none of the region's. */
static void give_block(pp_omp_tasks *tasks, pp_lane *lane, pp_lane_kind kind, pp_lane_block *block) {
  pp_lane_give(lane, &tasks->lane[block->home], kind, block);
}

pp_omp_task *pp_omp_tasks_take_task(pp_omp_data *here, size_t room) {
  pp_omp_task *task;
  if (room <= PP_OMP_TASK_ROOM)
    return pp_lane_take(pp_omp_lane_of(pp_omp_tasks_of(here), here), PP_LANE_TASK, sizeof *task + PP_OMP_TASK_ROOM);
  task = room <= PTRDIFF_MAX ? pp_memory_zalloc(sizeof *task + room) : NULL;
  if (task != NULL) task->block.home = PP_NO_LANE;
  return task;
}

static void give_task(pp_omp_tasks *tasks, pp_lane *lane, pp_omp_task *task) {
  if (task->block.home == PP_NO_LANE) {
    pp_memory_free(task);
  } else {
    give_block(tasks, lane, PP_LANE_TASK, &task->block);
  }
}

pp_omp_taskgroup *pp_omp_tasks_take_group(pp_omp_data *here) {
  pp_omp_tasks *tasks = pp_omp_tasks_of(here);
  uint32_t lines = tasks->lanes < PP_OMP_GROUP_LINES ? tasks->lanes : PP_OMP_GROUP_LINES;
  pp_omp_taskgroup *group =
      pp_lane_take(pp_omp_lane_of(tasks, here), PP_LANE_GROUP, sizeof *group + lines * sizeof group->count[0]);
  if (group == NULL) return NULL;
  group->lines = lines;
  group->shared = tasks->lanes > lines;
  return group;
}

void pp_omp_tasks_give_group(pp_omp_data *here, pp_omp_taskgroup *group) {
  pp_omp_tasks *tasks = pp_omp_tasks_of(here);
  give_block(tasks, pp_omp_lane_of(tasks, here), PP_LANE_GROUP, &group->block);
}

/* The record of the task's children. */
static pp_children *children_of(pp_omp_data *here, pp_lane *lane) {
  pp_children *children = here->children;
  if (children != NULL) return children;
  children = pp_lane_take(lane, PP_LANE_CHILDREN, sizeof *children);
  if (children == NULL) pp_omp_no_memory("a task's children");
  pp_children_begin(children, here->of);
  here->children = children;
  return children;
}

/* --- Making --------------------------------------------------------------------------------------------------- */

/* Behind those of its priority. Priorities are hints: a place is looked for among the first few. The lock is held. */
static void list(pp_omp_tasks *tasks, pp_omp_task *task) {
  pp_omp_task *before = NULL, *next = pp_load_relaxed(&tasks->list);
  for (int looks = 0; looks < PP_OMP_PRIORITY_LOOKS && next != NULL && next->priority >= task->priority; looks++) {
    before = next;
    next = next->next;
  }
  task->next = next;
  if (before != NULL) {
    before->next = task;
  } else {
    pp_store_seq_cst(&tasks->list, task); /* X5 */
  }
  (void)pp_add_relaxed(&tasks->listed, 1);
}

void pp_omp_tasks_unlist(pp_omp_tasks *tasks, pp_omp_task *before, const pp_omp_task *task) {
  if (before != NULL) {
    before->next = task->next;
  } else {
    pp_store_relaxed(&tasks->list, task->next);
  }
  (void)pp_add_relaxed(&tasks->listed, UINT32_MAX);
}

static void make_ring(pp_lane *lane) {
  if (!pp_deque_init(&lane->deque, PP_OMP_DEQUE_SIZE)) pp_omp_no_memory("a thread's tasks");
  lane->has_ring = true;
}

bool pp_omp_tasks_push(pp_lane *lane, pp_omp_task *task) {
  pp_entry entry;
  pp_push push;
  if (lane == NULL || task->priority > 0) {
    list(task->tasks, task);
    return true;
  }
  if (!lane->has_ring) make_ring(lane);
  entry.word[PP_LANE_ENTRY_TASK] = (uintptr_t)task;
  entry.word[PP_LANE_ENTRY_CHILDREN] = (uintptr_t)task->data.of;
  entry.word[PP_LANE_ENTRY_GROUP] = (uintptr_t)task->data.taskgroup;
  push = pp_deque_push(&lane->deque, &entry, PP_LANE_ENTRY_WORDS);
  if (push == PP_PUSH_FULL) pp_omp_no_memory("a thread's tasks");
  return push == PP_PUSH_OLDEST;
}

void pp_omp_tasks_tell(pp_omp_tasks *tasks) {
  pp_team *team = tasks->team;
  if (pp_pulse_has_sleepers(&tasks->pulse)) pp_pulse_wake(&tasks->pulse);
  if (team != NULL) pp_waiters_tell(team->pool, &team->scope);
}

/* Before anybody else knows of it. */
static void count_made(pp_omp_tasks *tasks, pp_lane *lane, const pp_omp_data *here, pp_omp_task *task) {
  uint32_t busy = here->barriers + 1;
  task->data.of->made++;
  if (task->data.taskgroup != NULL) pp_omp_taskgroup_count_made(task->data.taskgroup, lane->number);
  pp_count_up(&lane->count[task->barrier].made);
  if (pp_load_relaxed(&tasks->busy[task->barrier]) != busy) pp_store_relaxed(&tasks->busy[task->barrier], busy);
}

void pp_omp_tasks_add(pp_omp_data *here, pp_omp_task *task, void **depend) {
  pp_omp_tasks *tasks = pp_omp_tasks_of(here);
  pp_lane *lane = pp_omp_lane_of(tasks, here);
  bool locks = depend != NULL || task->priority > 0, tells = false;
  task->tasks = tasks;
  task->barrier = here->barriers & 1;
  task->data.of = children_of(here, lane);
  task->holds = task->detached;
  if (task->holds) (void)pp_add_relaxed(&tasks->users, 1);
  count_made(tasks, lane, here, task);
  if (locks) pp_lock(&tasks->lock);
  if (depend != NULL) pp_omp_depend_add(here, task, depend);
  pp_edge_release(task); /* To whoever runs it. */
  if (depend == NULL || pp_load_relaxed(&task->pending) == 0) tells = pp_omp_tasks_push(lane, task);
  if (locks) pp_unlock(&tasks->lock);
  if (tells) pp_omp_tasks_tell(tasks);
}

/* --- Ending --------------------------------------------------------------------------------------------------- */

/* X2. True: sleepers are to be told of tasks that have waited for this one. */
static bool release(pp_omp_tasks *tasks, pp_lane *lane, pp_omp_task *task) {
  bool tells;
  pp_lock(&tasks->lock);
  tells = pp_omp_depend_release(task, lane);
  pp_unlock(&tasks->lock);
  return tells;
}

/* True: its parent may sleep. */
static bool count_ended(pp_omp_tasks *tasks, pp_lane *lane, pp_omp_task *task) {
  pp_omp_taskgroup *group = task->data.taskgroup;
  pp_children *children = task->data.of;
  bool is_here = lane != NULL && lane->number == children->block.home;
  bool tells = !is_here || children->left;
  if (group != NULL) pp_edge_release(group);
  pp_edge_release(&tasks->busy[task->barrier]);
  pp_edge_release(children);
  if (lane != NULL) {
    if (group != NULL) pp_omp_taskgroup_count_ended(group, lane->number, tells);
    pp_count_up(&lane->count[task->barrier].ended);
  } else {
    if (group != NULL) (void)pp_add_seq_cst(&group->outside, 1);
    (void)pp_add_seq_cst(&tasks->outside[task->barrier], 1);
  }
  if (pp_children_end_one(children, is_here)) give_block(tasks, lane, PP_LANE_CHILDREN, &children->block);
  return tells;
}

/* lane: the calling thread's; NULL: it is none of the region's. The region may end as soon as the task has been
 * counted, but for a thread of its own, which it has to wait for. */
static void complete(pp_omp_tasks *tasks, pp_lane *lane, pp_omp_task *task) {
  bool tells = task->depend != NULL && release(tasks, lane, task);
  bool wakes = count_ended(tasks, lane, task);
  if (lane == NULL) return;
  if (wakes && pp_pulse_has_sleepers(&tasks->pulse)) pp_pulse_wake(&tasks->pulse);
  if (tells) pp_omp_tasks_tell(tasks);
}

void pp_omp_tasks_drop_spare(pp_omp_data *data) {
  if (data->spare != NULL) free_tasks(data->spare);
  data->spare = NULL;
}

void pp_omp_tasks_leave_slowly(pp_omp_data *data) {
  pp_children *children = data->children;
  pp_omp_tasks *tasks = pp_omp_region_tasks(data);
  if (data->depends != NULL) {
    pp_lock(&tasks->lock);
    pp_omp_depend_forget(data);
    pp_unlock(&tasks->lock);
  }
  data->children = NULL;
  if (children != NULL && pp_children_leave(children))
    give_block(tasks, pp_omp_lane_of(tasks, data), PP_LANE_CHILDREN, &children->block);
  pp_omp_tasks_drop_spare(data);
}

static bool is_over(pp_omp_tasks *tasks, pp_omp_task *task) {
  bool over;
  pp_lock(&tasks->lock);
  task->ended = true;
  over = task->fulfilled;
  pp_unlock(&tasks->lock);
  return over;
}

/* Its memory is no other task's, which would end when the event of this one is fulfilled. */
static void keep_discarded(pp_omp_tasks *tasks, pp_omp_task *task) {
  pp_lock(&tasks->lock);
  task->next = tasks->discarded;
  tasks->discarded = task;
  pp_unlock(&tasks->lock);
}

void pp_omp_tasks_end_task(pp_omp_data *here, pp_omp_task *task) {
  pp_omp_tasks *tasks = task->tasks;
  pp_lane *lane = pp_omp_lane_of(tasks, here);
  bool holds = task->holds;
  pp_omp_tasks_leave_behind(&task->data);
  if (task->detached && !is_over(tasks, task)) return; /* omp_fulfill_event ends it. */
  if (task->discarded) {
    keep_discarded(tasks, task);
    complete(tasks, lane, task);
  } else {
    complete(tasks, lane, task);
    give_task(tasks, lane, task);
  }
  if (holds) leave_tasks(tasks);
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
  if (task->fulfilled) { /* Twice: the program is wrong, and its task waits for its function alone. */
    pp_unlock(&tasks->lock);
    return;
  }
  (void)pp_add_relaxed(&tasks->users, 1);
  team = tasks->team;
  pool = team != NULL ? team->pool : NULL;
  pp_scope_begin(&scope, team);
  task->fulfilled = true;
  over = task->ended;
  pp_unlock(&tasks->lock);
  if (over) complete(tasks, NULL, task);
  pp_pulse_wake(&tasks->pulse);
  if (pool != NULL) pp_waiters_tell(pool, &scope);
  if (over) {
    give_task(tasks, NULL, task);
    leave_tasks(tasks); /* the task's own hold */
  }
  leave_tasks(tasks);
}

void pp_omp_tasks_clear_counter(pp_omp_tasks *tasks, pp_atomic_u32 *counter) {
  (void)pp_add_relaxed(&tasks->users, 1); /* The region may end as soon as the counter is 0. */
  pp_edge_release(counter);
  pp_store_seq_cst(counter, 0);
  pp_pulse_wake(&tasks->pulse);
  leave_tasks(tasks);
}

/* --- Threads' parts ------------------------------------------------------------------------------------------- */

void pp_omp_tasks_enter(ppar_team *seat) {
  if (seat->team != NULL && pp_load_relaxed(&seat->team->work) != pp_omp_tasks_work)
    pp_store_relaxed(&seat->team->work, pp_omp_tasks_work);
}

/* In a forked child the region's first thread leaves it without the others, which may not have come to its end. It runs
 * the tasks that have not begun. Those that others were in never end, so the counts are no other region's. A task that
 * it ran while it waited for the others may be what has forked. */
static void leave_alone(pp_omp_data *here) {
  here->meets = true;
  while (pp_omp_tasks_work(false, true)) continue;
  here->meets = false;
  pp_omp_tasks_leave_behind(here);
  pp_store_relaxed(&here->region->tasks, NULL);
}

void pp_omp_tasks_leave(pp_omp_data *here) {
  if (here->seat != NULL) {
    pp_check_meets(here->seat, PP_CHECKED_END, 0, 0, 0);
    here->seat->ends = true;
  }
  if (!pp_omp_tasks_are_left(here)) (void)pp_omp_barrier(here); /* Those that come early run the others' tasks. */
  /* Where the region was cancelled, threads may have passed different numbers of barriers; and so has an included task
   * that has come to a loop's barrier, which OpenMP does not allow. */
  if (!pp_omp_tasks_are_left(here)) pp_omp_tasks_await_all(here);
  if (PPAR_SELDOM_(pp_omp_tasks_are_left(here))) {
    leave_alone(here);
  } else {
    pp_omp_tasks_leave_behind(here);
  }
}

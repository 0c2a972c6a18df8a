/* SPDX-License-Identifier: MIT */
/* tasks_await.c: finding tasks that a waiting thread may run, and the waits. */
#include "gomp/tasks_await.h"

#include "gomp/holder.h"
#include "gomp/region.h"
#include "gomp/task.h"
#include "platform/clock.h"
#include "platform/race_checker.h"
#include "pool/pool.h"
#include "pool/waiting.h"
#include "schedule/tuning.h"
#include "task/theft.h"
#include "team/team.h"

/* Which tasks a thread may take: all; or those below a task that waits, and those of a group that it is to end. */
typedef struct choice {
  bool any;
  const pp_children *ancestor;   /* NULL: it has no record, and so nothing is below it */
  const pp_omp_taskgroup *group; /* NULL: it ends none */
  uint64_t mark;                 /* what lies above it on the thread's own deque is allowed */
  bool thorough;                 /* it is the last look before a sleep */
} choice;

static const choice any_task = {.any = true};

/* --- Finding -------------------------------------------------------------------------------------------------- */

/* A task's groups, from the inside out, are in use as long as it has not ended. As it may have, just now, the way is
 * not followed for ever. */
static bool is_in_group(pp_omp_taskgroup *inner, const pp_omp_taskgroup *group) {
  for (int k = 0; k < PP_CHILDREN_GENERATIONS && inner != NULL; k++) {
    if (inner == group) return true;
    inner = pp_omp_taskgroup_around(inner);
  }
  return false;
}

/* True holds of a task that has not begun when this has returned. */
static bool allows(const choice *c, pp_children *children, pp_omp_taskgroup *group) {
  if (c->any) return true;
  if (c->group != NULL && is_in_group(group, c->group)) return true;
  return c->ancestor != NULL && pp_children_are_below(children, c->ancestor);
}

/* Looks at the first few of the list, and at all of it only before a sleep. */
static pp_omp_task *take_listed(pp_omp_tasks *tasks, const choice *c, bool all) {
  pp_omp_task *task, *before = NULL;
  pp_lock(&tasks->lock);
  task = pp_load_relaxed(&tasks->list);
  for (int looks = 0; task != NULL && !allows(c, task->data.of, task->data.taskgroup); looks++) {
    before = task;
    task = all || looks < PP_OMP_PRIORITY_LOOKS ? task->next : NULL;
  }
  if (task != NULL) pp_omp_tasks_unlist(tasks, before, task);
  pp_unlock(&tasks->lock);
  return task;
}

static pp_omp_task *task_of(const pp_entry *entry) { return (pp_omp_task *)(uintptr_t)entry->word[PP_LANE_ENTRY_TASK]; }

static pp_omp_task *pop(pp_lane *lane, uint64_t mark) {
  pp_entry entry;
  if (pp_load_relaxed(&lane->deque.bottom) <= mark || pp_lane_length(lane) == 0) return NULL;
  return pp_deque_pop(&lane->deque, &entry) ? task_of(&entry) : NULL;
}

/* Who is about to sleep must not be the only one that could run a task which lies beneath others: the deque's thread
 * may come to want a lock that the sleeper holds. So what it may not take itself goes into the list. The next task on
 * that deque is then its oldest, and is told of. */
static void put_into_list(pp_omp_tasks *tasks, pp_omp_task *task) {
  pp_lock(&tasks->lock);
  (void)pp_omp_tasks_push(NULL, task);
  pp_unlock(&tasks->lock);
  pp_omp_tasks_tell(tasks);
}

static bool allows_entry(const choice *c, const pp_entry *entry) {
  return allows(c, (pp_children *)(uintptr_t)entry->word[PP_LANE_ENTRY_CHILDREN],
                (pp_omp_taskgroup *)(uintptr_t)entry->word[PP_LANE_ENTRY_GROUP]);
}

/* What the deque has at its top is read before it is stolen (task/theft.h, T1). */
static pp_omp_task *steal(pp_omp_tasks *tasks, pp_lane *victim, const choice *c) {
  pp_theft theft;
  pp_entry entry;
  uint64_t top;
  while (pp_deque_look(&victim->deque, &top)) {
    bool allowed = c->any;
    if (!allowed) {
      if (!pp_deque_peek(&victim->deque, top, &entry)) continue;
      allowed = allows_entry(c, &entry);
    }
    if (!allowed && !c->thorough) return NULL;
    theft = pp_theft_take(&victim->deque, top, &entry);
    if (theft == PP_THEFT_LOST) {
      if (!c->thorough) return NULL;
    } else if (!allowed) {
      put_into_list(tasks, task_of(&entry));
    } else {
      if (theft == PP_THEFT_TELL) pp_omp_tasks_tell(tasks); /* X5 */
      return task_of(&entry);
    }
  }
  return NULL;
}

/* What it has stolen lately was not worth coming for (task/thief.h). */
static bool waits_a_while(const pp_lane *lane) {
  return lane->thief.gap != 0 && pp_thief_waits(&lane->thief, pp_clock_ticks());
}

/* From others, beginning where it found one the last time. */
static pp_omp_task *steal_any(pp_omp_tasks *tasks, pp_lane *lane, const choice *c) {
  if (!c->thorough && waits_a_while(lane)) return NULL;
  for (uint32_t k = 0, v = lane->victim; k < tasks->lanes; k++) {
    pp_omp_task *task = v != lane->number ? steal(tasks, &tasks->lane[v], c) : NULL;
    if (task != NULL) {
      lane->victim = v;
      lane->has_stolen = true;
      return task;
    }
    v = v + 1 < tasks->lanes ? v + 1 : 0;
  }
  return NULL;
}

/* A task that is then the thread's to run; NULL: there is none. */
static pp_omp_task *take(pp_omp_tasks *tasks, pp_lane *lane, const choice *c) {
  pp_omp_task *task = pp_load_seq_cst(&tasks->list) != NULL ? take_listed(tasks, c, false) : NULL; /* X5 */
  if (task == NULL) task = pop(lane, c->mark);
  if (task == NULL) task = steal_any(tasks, lane, c);
  if (task == NULL && c->thorough && pp_load_seq_cst(&tasks->list) != NULL) task = take_listed(tasks, c, true);
  return task;
}

/* Runs what take has given. Where a stolen task leaves others to its thread, those that it has made or that have waited
 * for it, what it took by itself says nothing of what the theft was worth. */
static void run_taken(pp_omp_data *here, pp_lane *lane, pp_omp_task *task) {
  const bool stolen = lane->has_stolen && task->depend == NULL;
  const uint64_t began = stolen ? pp_clock_ticks() : 0;
  lane->has_stolen = false;
  pp_omp_task_run(here, task);
  if (stolen && pp_lane_length(lane) == 0)
    pp_thief_ran(&lane->thief, began, pp_clock_ticks(), pp_ticks_from_ns(PP_OMP_THEFT_NS),
                 pp_ticks_from_ns(PP_OMP_THIEF_GAP_NS));
}

/* --- Waiting -------------------------------------------------------------------------------------------------- */

typedef struct awaiting awaiting;

/* A thread waits for something of tasks, and runs some meanwhile. */
struct awaiting {
  pp_waiting waiting;
  pp_omp_data *here;
  pp_omp_tasks *tasks;
  bool (*is_over)(awaiting *a);
  pp_omp_taskgroup *group;
  pp_atomic_u32 *counter;
  uint32_t barrier;
  choice choice;
  pp_omp_task *found;
  uint32_t beat;
  /* Looks for tasks that are left out between two, since many have found nothing: each moves others' lines. */
  uint32_t skips, skipped;
};

static awaiting *of(pp_waiting *waiting) { return PP_OWNER_OF(awaiting, waiting, waiting); }

static bool children_have_ended(awaiting *a) { return pp_children_unfinished(a->here->children) == 0; }
static bool group_is_over(awaiting *a) { return pp_omp_taskgroup_is_over(a->group); }
static bool counter_is_zero(awaiting *a) { return pp_load_seq_cst(a->counter) == 0; }

/* X4 */
static bool have_ended(pp_omp_tasks *tasks, uint32_t barrier) {
  uint32_t ended = pp_load_seq_cst(&tasks->outside[barrier]), made = 0;
  for (uint32_t l = 0; l < tasks->lanes; l++) ended += pp_load_seq_cst(&tasks->lane[l].count[barrier].ended);
  for (uint32_t l = 0; l < tasks->lanes; l++) made += pp_load_seq_cst(&tasks->lane[l].count[barrier].made);
  return made == ended;
}

static bool barriers_tasks_have_ended(awaiting *a) {
  return pp_omp_tasks_are_left(a->here) || have_ended(a->tasks, a->barrier);
}

/* Whoever has tasks that it has not given away, as they are short, looks whether they still are (taskloop.c). sleeps:
 * the thread does not come to say so again. */
static void be_hungry(pp_omp_tasks *tasks, bool sleeps) {
  uint32_t now = sleeps ? PP_OMP_HUNGRY_ASLEEP : PP_OMP_HUNGRY, before = pp_load_relaxed(&tasks->hungry);
  while (before < now && !pp_cas_relaxed(&tasks->hungry, &before, now)) continue;
}

static bool leaves_out(awaiting *a) {
  if (a->waiting.thorough || a->skipped == a->skips) {
    a->skipped = 0;
    return false;
  }
  a->skipped++;
  return true;
}

/* The counts of many threads are not read at every look either. */
static bool is_over(pp_waiting *waiting) {
  awaiting *a = of(waiting);
  if (a->skipped != 0 && a->tasks->lanes > PP_OMP_LANES_FEW && !waiting->thorough) return false;
  return a->is_over(a);
}

static bool find(pp_waiting *waiting) {
  awaiting *a = of(waiting);
  if (leaves_out(a)) return false;
  a->choice.thorough = a->waiting.thorough;
  a->found = take(a->tasks, pp_omp_lane_of(a->tasks, a->here), &a->choice);
  if (a->found != NULL) {
    a->skips = 0;
  } else if (a->skips < PP_OMP_LOOKS_SKIPPED && !a->waiting.thorough) {
    a->skips++;
  } else {
    be_hungry(a->tasks, a->waiting.thorough);
  }
  return a->found != NULL;
}

static void run(pp_waiting *waiting) {
  const awaiting *a = of(waiting);
  run_taken(a->here, pp_omp_lane_of(a->tasks, a->here), a->found);
}

static bool prepare(pp_waiting *waiting) {
  of(waiting)->beat = pp_pulse_prepare(&of(waiting)->tasks->pulse);
  return true;
}

static void sleep_on_pulse(pp_waiting *waiting) { pp_pulse_park(&of(waiting)->tasks->pulse, of(waiting)->beat); }
static void rise(pp_waiting *waiting) { pp_pulse_done(&of(waiting)->tasks->pulse); }

static const pp_wait_kind task_wait = {
    .is_over = is_over, .find = find, .run = run, .prepare = prepare, .sleep = sleep_on_pulse, .rise = rise};

/* Runs what lies on its own deque first, as that takes no clock. */
static void await(awaiting *a) {
  pp_lane *lane = pp_omp_lane_of(a->tasks, a->here);
  pp_team *team = a->here->seat != NULL ? a->here->seat->team : NULL;
  pp_omp_task *task;
  while (!a->is_over(a)) {
    task = pp_load_seq_cst(&a->tasks->list) == NULL ? pop(lane, a->choice.mark) : NULL;
    if (task == NULL) {
      a->waiting = pp_waiting_make(&task_wait, team != NULL ? team->pool : ppar_pool_default(), NULL);
      if (team != NULL) a->waiting.crowded = &team->crowded;
      pp_wait(&a->waiting);
      return;
    }
    pp_omp_task_run(a->here, task);
  }
}

static choice below(const pp_omp_data *here) { return (choice){.ancestor = here->children, .mark = here->mark}; }

/* Runs descendants of the thread's task meanwhile, and tasks of the group that it is to end, if it is. */
static void await_below(awaiting *a) {
  if (a->is_over(a)) return;
  a->tasks = pp_omp_tasks_of(a->here);
  a->choice = below(a->here);
  a->choice.group = a->group;
  await(a);
}

void pp_omp_tasks_await_children(pp_omp_data *here) {
  awaiting a = {.here = here, .is_over = children_have_ended};
  if (here->children == NULL) return;
  await_below(&a);
  pp_edge_acquire(here->children); /* From the tasks' ends. */
}

/* A task of the group may have to wait for one of the same parent that is not in it. */
void pp_omp_tasks_await_group(pp_omp_data *here, pp_omp_taskgroup *group) {
  awaiting a = {.here = here, .is_over = group_is_over, .group = group};
  await_below(&a);
  pp_edge_acquire(group);
}

void pp_omp_tasks_await_counter(pp_omp_data *here, pp_atomic_u32 *counter) {
  awaiting a = {.here = here, .is_over = counter_is_zero, .counter = counter};
  await_below(&a);
  pp_edge_acquire(counter);
}

/* The thread that sees the end wakes those that sleep, after a locked operation on a line of its own: what it has
 * ended itself comes before its look for them (X5). */
static void await_barrier(pp_omp_data *here, pp_omp_tasks *tasks, uint32_t barrier) {
  pp_atomic_u32 *ended = &pp_omp_lane_of(tasks, here)->count[barrier].ended;
  awaiting a = {
      .here = here, .tasks = tasks, .is_over = barriers_tasks_have_ended, .barrier = barrier, .choice = any_task};
  await(&a);
  pp_store_seq_cst(ended, pp_load_relaxed(ended));
  if (pp_pulse_has_sleepers(&tasks->pulse)) pp_pulse_wake(&tasks->pulse);
  pp_edge_acquire(&tasks->busy[barrier]);
}

void pp_omp_tasks_await(pp_omp_data *here, uint32_t barrier) {
  pp_omp_tasks *tasks = pp_omp_region_tasks(here);
  if (tasks == NULL || pp_load_relaxed(&tasks->busy[barrier & 1]) != barrier + 1) return;
  await_barrier(here, tasks, barrier & 1);
}

void pp_omp_tasks_begin_phase(pp_omp_data *here) {
  if (!here->explicit_task) pp_omp_set_mark(here, pp_omp_task_lane(here));
}

void pp_omp_tasks_await_all(pp_omp_data *here) {
  pp_omp_tasks *tasks = pp_load_acquire(&here->region->tasks);
  for (uint32_t barrier = 0; tasks != NULL && barrier < 2; barrier++) await_barrier(here, tasks, barrier);
}

bool pp_omp_tasks_run_child(pp_omp_data *here, bool thorough) {
  pp_omp_tasks *tasks = pp_omp_region_tasks(here);
  choice c = below(here);
  pp_omp_task *task;
  c.thorough = thorough;
  task = tasks != NULL ? take(tasks, pp_omp_lane_of(tasks, here), &c) : NULL;
  if (task != NULL) run_taken(here, pp_omp_lane_of(tasks, here), task);
  return task != NULL;
}

/* A task that asks again and again may be waiting for one that lies beneath others: so it looks thoroughly now and
 * then. */
void pp_omp_tasks_yield(pp_omp_data *here) {
  const pp_self *self = pp_self_get();
  pp_lane *lane = pp_omp_lane_of(pp_omp_tasks_of(here), here);
  bool holds = pp_omp_held() != here->held || self->held_count > self->place.held_from;
  if (holds || lane->yielding == PP_OMP_YIELDS_DEEP) return;
  lane->yielding++;
  if (pp_omp_tasks_run_child(here, lane->yields == PP_OMP_YIELDS_HASTY)) {
    lane->yields = 0;
  } else {
    lane->yields = lane->yields < PP_OMP_YIELDS_HASTY ? lane->yields + 1 : 0;
  }
  lane->yielding--;
}

/* --- Barriers ------------------------------------------------------------------------------------------------- */

/* Whether a look would find something. */
static bool is_there(pp_omp_tasks *tasks, pp_lane *lane, bool thorough) {
  uint64_t top;
  if (pp_load_seq_cst(&tasks->list) != NULL) return true; /* X5 */
  if (!thorough && waits_a_while(lane)) return pp_deque_look(&lane->deque, &top);
  for (uint32_t k = 0, v = lane->victim; k < tasks->lanes; k++) {
    if (pp_deque_look(&tasks->lane[v].deque, &top)) return true;
    v = v + 1 < tasks->lanes ? v + 1 : 0;
  }
  return false;
}

bool pp_omp_tasks_work(bool only_look, bool thorough) {
  pp_self *self = pp_self_get();
  pp_omp_data *here = self->place.omp;
  pp_omp_tasks *tasks;
  choice c = any_task;
  pp_lane *lane;
  pp_omp_task *task;
  if (here == NULL || !here->meets || here->frame != self->place.frame) return false;
  tasks = pp_load_seq_cst(&here->region->tasks); /* X5 */
  if (tasks == NULL) return false;
  lane = pp_omp_lane_of(tasks, here);
  if (only_look) {
    if (!thorough && lane->idle++ % (PP_OMP_LOOKS_SKIPPED + 1) != 0) return false;
    if (is_there(tasks, lane, thorough)) return true;
    if (thorough || lane->idle % PP_OMP_LOOKS_HUNGRY == 1) be_hungry(tasks, thorough);
    return false;
  }
  c.thorough = thorough;
  task = take(tasks, lane, &c);
  if (task == NULL) return false;
  lane->idle = 0;
  run_taken(here, lane, task);
  return true;
}

/* SPDX-License-Identifier: MIT */
/* run.c: running tasks and dividing ranges. */
#include "task/tasks.h"

#include <ppar/status.h>

#include "loop/record.h"
#include "pool/pool.h"
#include "schedule/divide.h"

void pp_tasks_enter(pp_self *self, pp_task_group *group, pp_tasks *tasks, const pp_scope *scope) {
  struct ppar_pool *pool = pp_load_relaxed(&tasks->pool);
  pp_place *place = &self->place;
  place->thread_num =
      self->worker != NULL && self->worker->pool == pool && !self->worker->extra ? (int)self->worker->number + 1 : 0;
  place->num_threads = pp_pool_threads(pool);
  place->depth = group->depth;
  place->active = group->active;
  place->scope = scope;
  place->seat = NULL;
  place->tasks = tasks;
  place->group = group;
}

bool pp_tasks_push(pp_tasks *tasks, const pp_entry *entry, uint64_t *index) {
  pp_push push;
  *index = pp_load_relaxed(&tasks->deque.bottom);
  if ((entry->word[PP_ENTRY_GROUP] & PP_ENTRY_RANGE) == 0) {
    push = pp_deque_push(&tasks->deque, entry, PP_TASK_WORDS);
  } else {
    push = pp_deque_push(&tasks->deque, entry, PP_ENTRY_WORDS);
  }
  if (push == PP_PUSH_OLDEST) pp_tasks_tell(pp_load_relaxed(&tasks->pool), tasks);
  return push != PP_PUSH_FULL;
}

static uint64_t pieces_of(const pp_entry *range) {
  return pp_divide_up(range->word[PP_ENTRY_COUNT], range->word[PP_ENTRY_SIZE]);
}

/* Leaves the lower half of the pieces in the range. */
static pp_entry divide(pp_entry *range) {
  pp_entry upper = *range;
  uint64_t lower = pieces_of(range) / 2 * range->word[PP_ENTRY_SIZE];
  upper.word[PP_ENTRY_BEGIN] += lower * range->word[PP_ENTRY_STEP];
  upper.word[PP_ENTRY_COUNT] -= lower;
  range->word[PP_ENTRY_COUNT] = lower;
  range->word[PP_ENTRY_END] = upper.word[PP_ENTRY_BEGIN];
  return upper;
}

/* The pieces that are left in the range, one in general, each a loop of its own as far as ppar_cancel can tell. */
static void run_pieces(const pp_self *self, pp_task_group *group, const pp_entry *range) {
  ppar_body *body = (ppar_body *)(uintptr_t)range->word[PP_ENTRY_CALL];
  uint64_t size = range->word[PP_ENTRY_SIZE], count = range->word[PP_ENTRY_COUNT];
  pp_space space = {(int64_t)range->word[PP_ENTRY_BEGIN], (int64_t)range->word[PP_ENTRY_END],
                    (int64_t)range->word[PP_ENTRY_STEP], count};
  pp_control control;
  pp_cancel_reset(&control.cancel);
  pp_store_relaxed(&control.cancel.lock, 0);
  pp_store_relaxed(&control.alert, 0);
  control.record = NULL;
  for (uint64_t first = 0, past; first < count && !pp_task_group_is_canceled(group); first = past) {
    past = count - first < size ? count : first + size;
    ppar_chunk chunk = {.begin = pp_space_index(&space, first),
                        .end = pp_space_end(&space, past),
                        .step = space.step,
                        .count = past - first,
                        .thread = self->place.thread_num,
                        .first_ = first,
                        .loop_ = &control};
    body(&chunk, (void *)(uintptr_t)range->word[PP_ENTRY_ARG]);
    if (pp_load_acquire(&control.alert) != 0) pp_task_group_cancel(group, control.cancel.status);
  }
}

static uint64_t run_range(pp_tasks *tasks, pp_self *self, pp_task_group *group, const pp_entry *entry) {
  pp_entry range = *entry;
  uint64_t run;
  while (range.word[PP_ENTRY_COUNT] > range.word[PP_ENTRY_SIZE] && !pp_task_group_is_canceled(group)) {
    pp_entry whole = range, upper = divide(&range);
    uint64_t index;
    if (!pp_tasks_push(tasks, &upper, &index)) {
      range = whole;
      break;
    }
    /* Where its owner runs it this is a group's entry like any other; a thief has nothing below it. */
    if (group->tasks == tasks && index < group->base) group->base = index;
  }
  run = pieces_of(&range);
  run_pieces(self, group, &range);
  return run;
}

uint64_t pp_tasks_run(pp_tasks *tasks, pp_self *self, const pp_entry *entry) {
  pp_task_group *group = pp_entry_group(entry);
  if ((entry->word[PP_ENTRY_GROUP] & PP_ENTRY_RANGE) != 0) return run_range(tasks, self, group, entry);
  if (!pp_task_group_is_canceled(group)) {
    ((ppar_task *)(uintptr_t)entry->word[PP_ENTRY_CALL])((void *)(uintptr_t)entry->word[PP_ENTRY_ARG]);
  }
  return 1;
}

/* SPDX-License-Identifier: MIT */
/* run.h: entries of a queue: what is on it, pushing them, running them. */
#ifndef PP_TASK_RUN_H
#define PP_TASK_RUN_H

#include "platform/race_checker.h"
#include "task/group.h"

/* A task is {task, arg, group}, or {task, copy of the arg, group | PP_ENTRY_COPY} where it owns the copy (copy.h); a
 * range is {body, arg, group | PP_ENTRY_RANGE, begin, step, count, size of a piece, end}. */
enum {
  PP_ENTRY_CALL,
  PP_ENTRY_ARG,
  PP_ENTRY_GROUP,
  PP_ENTRY_BEGIN,
  PP_ENTRY_STEP,
  PP_ENTRY_COUNT,
  PP_ENTRY_SIZE,
  PP_ENTRY_END
};
#define PP_ENTRY_RANGE UINT64_C(1)
#define PP_ENTRY_COPY UINT64_C(2)
#define PP_TASK_WORDS 3u

static inline pp_task_group *pp_entry_group(const pp_entry *entry) {
  return (pp_task_group *)(uintptr_t)(entry->word[PP_ENTRY_GROUP] & ~(PP_ENTRY_RANGE | PP_ENTRY_COPY));
}

/* For race checkers: the edge from the push of the queue's entry `index` to whoever steals it. Entries have one each
 * (64 times the smallest ring's), so that what the spawner does after it has spawned a task is not thought to come
 * before that task. */
static inline const void *pp_push_edge(const pp_queue *queue, uint64_t index) {
  return (const char *)queue->deque.first->cells + index % (PP_DEQUE_FIRST_SIZE * sizeof(pp_cell));
}

/* Pushes an entry of the group onto the thread's queue and tells a sleeper; false: no memory. */
bool pp_entry_push(pp_queue *queue, const pp_entry *entry, uint64_t *index);

/* Runs an entry whose place has been entered; what it divides off goes onto `queue`, and for NULL nothing is. Returns
 * how many tasks that was. */
uint64_t pp_entry_run(pp_queue *queue, pp_self *self, const pp_entry *entry);

/* One that nobody will run. */
void pp_entry_drop(const pp_entry *entry);

/* A thread that runs tasks of a group: where it was before. */
typedef struct pp_task_place {
  pp_place saved;
  uint32_t held; /* What the thread held before. */
  pp_fp_switch fp;
} pp_task_place;

/* Enters tasks of the group on this thread, which spawns on `queue`, or on its own first one for NULL; and comes
 * back. */
void pp_task_enter(pp_task_place *place, pp_self *self, pp_task_group *group, pp_queue *queue, const pp_scope *scope);
void pp_task_leave(const pp_task_place *place, pp_self *self);

#endif

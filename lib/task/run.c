/* SPDX-License-Identifier: MIT */
/* run.c: running tasks and dividing ranges. */
#include "task/run.h"

#include <ppar/status.h>

#include "platform/boundary.h"
#include "pool/pool.h"
#include "schedule/divide.h"
#include "schedule/space.h"
#include "share/control.h"
#include "task/copy.h"
#include "task/steal.h"
#include "task/storage.h"
#include "trace/construct.h"

/* The thread's number in the pool; 0 for a thread that is none of its regular ones. */
static int thread_in(const ppar_pool *pool, const pp_self *self) {
  const pp_worker *worker = self->worker;
  return worker != NULL && worker->pool == pool && !worker->extra ? (int)worker->number + 1 : 0;
}

void pp_task_enter(pp_task_place *place, pp_self *self, pp_task_group *group, pp_queue *queue, const pp_scope *scope) {
  ppar_pool *pool = pp_task_group_pool(group);
  place->saved = self->place;
  place->held = self->held_count;
  place->fp = pp_fp_switch_to(group->fp_state);
  self->place = (pp_place){.thread_num = thread_in(pool, self),
                           .num_threads = pp_pool_threads(pool),
                           .frame = place,
                           .depth = group->depth,
                           .active = group->active,
                           .scope = scope,
                           .held_from = scope == place->saved.scope ? place->saved.held_from : self->held_count,
                           .pool = pool,
                           .queue = queue,
                           .group = group};
}

void pp_task_leave(const pp_task_place *place, pp_self *self) {
  pp_fp_switch_back(&place->fp);
  self->held_count = place->held; /* Whatever the tasks have not given up. */
  self->place = place->saved;
}

bool pp_entry_push(pp_queue *queue, const pp_entry *entry, uint64_t *index) {
  pp_push push;
  *index = pp_load_relaxed(&queue->deque.bottom);
  if ((entry->word[PP_ENTRY_GROUP] & PP_ENTRY_RANGE) == 0) {
    pp_edge_release(pp_push_edge(queue, *index));
    push = pp_deque_push(&queue->deque, entry, PP_TASK_WORDS);
  } else { /* Its pieces are ordered after its spawn, and not after what its divider has run before. */
    push = pp_deque_push(&queue->deque, entry, PP_ENTRY_WORDS);
  }
  if (push == PP_PUSH_OLDEST) pp_tasks_tell(pp_queue_pool(queue), queue);
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
  pp_control_reset(&control);
  control.share = NULL;
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
    PP_BOUNDARY();
    if (pp_load_acquire(&control.alert) != 0) pp_task_group_cancel(group, control.cancel.status);
  }
}

static uint64_t run_range(pp_queue *queue, pp_self *self, pp_task_group *group, const pp_entry *entry) {
  pp_entry range = *entry;
  uint64_t run;
  while (range.word[PP_ENTRY_COUNT] > range.word[PP_ENTRY_SIZE] && !pp_task_group_is_canceled(group)) {
    pp_entry whole = range, upper = divide(&range);
    uint64_t index;
    if (queue == NULL || !pp_entry_push(queue, &upper, &index)) {
      range = whole;
      break;
    }
    /* On the owner's queue the upper half is an entry of the group like any other, and none may lie below the
     * group's base. A thief pushes it onto a queue of its own, which the base does not count for. */
    if (group->queue == queue) pp_group_has_pushed(group, index);
  }
  run = pieces_of(&range);
  run_pieces(self, group, &range);
  return run;
}

static uint64_t run_entry(pp_queue *queue, pp_self *self, const pp_entry *entry) {
  pp_task_group *group = pp_entry_group(entry);
  if ((entry->word[PP_ENTRY_GROUP] & PP_ENTRY_RANGE) != 0) return run_range(queue, self, group, entry);
  if (!pp_task_group_is_canceled(group)) {
    ((ppar_task *)(uintptr_t)entry->word[PP_ENTRY_CALL])((void *)(uintptr_t)entry->word[PP_ENTRY_ARG]);
    PP_BOUNDARY();
  }
  if ((entry->word[PP_ENTRY_GROUP] & PP_ENTRY_COPY) != 0) pp_copy_free((void *)(uintptr_t)entry->word[PP_ENTRY_ARG]);
  return 1;
}

/* A group without storage is its owner's alone, and none of its tasks is known to belong to it. */
static __attribute__((noinline)) uint64_t run_traced(pp_queue *queue, pp_self *self, const pp_entry *entry) {
  static const pp_traced none;
  pp_task_group *group = pp_entry_group(entry);
  const pp_traced *traced = group->queue != NULL ? &pp_stored_group_of(group)->traced : &none;
  bool is_range = (entry->word[PP_ENTRY_GROUP] & PP_ENTRY_RANGE) != 0;
  pp_trace_mark mark =
      pp_traced_begin_task(traced, (const void *)(uintptr_t)entry->word[PP_ENTRY_CALL],
                           is_range ? entry->word[PP_ENTRY_COUNT] : 0, queue != group->queue, self->place.thread_num);
  uint64_t run = run_entry(queue, self, entry);
  pp_trace_end(mark);
  return run;
}

uint64_t pp_entry_run(pp_queue *queue, pp_self *self, const pp_entry *entry) {
  return pp_trace_is_on() ? run_traced(queue, self, entry) : run_entry(queue, self, entry);
}

void pp_entry_drop(const pp_entry *entry) {
  uint64_t kind = entry->word[PP_ENTRY_GROUP] & (PP_ENTRY_RANGE | PP_ENTRY_COPY);
  if (kind == PP_ENTRY_COPY) pp_copy_free((void *)(uintptr_t)entry->word[PP_ENTRY_ARG]);
}

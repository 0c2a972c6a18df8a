/* SPDX-License-Identifier: MIT */
/* task.c: task groups, ranges of tasks and futures, checked. */
#include <ppar/task.h>

#include <errno.h>
#include <string.h>

#include <ppar/status.h>

#include "pool/pool.h"
#include "schedule/divide.h"
#include "schedule/space.h"
#include "schedule/tuning.h"
#include "settings/options.h"
#include "task/copy.h"
#include "task/run.h"

#define PP_PIECES_MOST (UINT64_C(1) << 62) /* of a group: they are counted in twos (task/queue.h) */

static pp_task_group *group_of(ppar_task_group *group) { return (pp_task_group *)group; }

/* Begun, and by this thread. */
static bool is_own(const pp_task_group *group) {
  return group != NULL && group->queue != NULL && group->queue->owned.owner == pp_self_get();
}

int ppar_task_group_begin(ppar_task_group *group, const ppar_options *options) {
  pp_call call = PP_CALL("ppar_task_group_begin");
  ppar_options room;
  ppar_pool *pool;
  if (group == NULL) return pp_refuse(call, PP_NOTHING_DONE, "group", PP_REFUSED_NULL, 0);
  if (pp_options_read(&options, &room, PP_TAKES_STEP | PP_TAKES_CHUNK, call) != PPAR_OK) return PPAR_EINVAL;
  pool = options->pool != NULL ? options->pool : ppar_pool_default();
  if (!pp_pool_is_usable(pool)) return pp_refuse(call, PP_NOTHING_DONE, "options->pool", PP_REFUSED_POOL, 0);
  return pp_task_group_begin(group_of(group), pool) ? PPAR_OK : PPAR_ENOMEM;
}

/* That is_own says no to. */
static int refuse_group(pp_call call, const char *outcome, const void *group) {
  return pp_refuse(call, outcome, "group", group == NULL ? PP_REFUSED_NULL : PP_REFUSED_OWNER, 0);
}

/* Whether a task may be spawned: PPAR_OK, or what the caller is to be told. */
static int may_spawn(pp_call call, ppar_task_group *group, ppar_task *task) {
  if (!is_own(group_of(group))) return refuse_group(call, PP_NOTHING_RUN, group);
  if (task == NULL) return pp_refuse(call, PP_NOTHING_RUN, "task", PP_REFUSED_NULL, 0);
  return pp_task_group_is_canceled(group_of(group)) ? PPAR_ECANCELED : PPAR_OK;
}

/* The words of a task (PP_TASK_WORDS); the others are a range's. */
static void describe(pp_entry *entry, pp_task_group *group, ppar_task *task, const void *arg, uint64_t kind) {
  entry->word[PP_ENTRY_CALL] = (uint64_t)(uintptr_t)task;
  entry->word[PP_ENTRY_ARG] = (uint64_t)(uintptr_t)arg;
  entry->word[PP_ENTRY_GROUP] = (uint64_t)(uintptr_t)group | kind;
}

static int spawn(pp_call call, ppar_task_group *group, ppar_task *task, void *arg) {
  int status = may_spawn(call, group, task);
  if (status == PPAR_OK) {
    pp_entry entry;
    describe(&entry, group_of(group), task, arg, 0);
    pp_task_group_spawn(group_of(group), &entry, 1);
  }
  return status;
}

int ppar_task_spawn(ppar_task_group *group, ppar_task *task, void *arg) {
  return spawn(PP_CALL("ppar_task_spawn"), group, task, arg);
}

/* There is no memory for a copy: one on the stack serves, since the task runs here and now. Not inlined, so that other
 * calls need not have room for it. */
static __attribute__((noinline)) void run_here(pp_task_group *group, ppar_task *task, const void *arg, size_t size) {
  _Alignas(PP_COPY_ALIGNMENT) char room[PP_COPY_ALIGNMENT];
  pp_entry entry;
  describe(&entry, group, task, size <= sizeof room ? memcpy(room, arg, size) : arg, 0);
  group->owed++;
  pp_task_group_run(group, &entry);
}

int ppar_task_spawn_copy(ppar_task_group *group, ppar_task *task, const void *arg, size_t size) {
  pp_call call = PP_CALL("ppar_task_spawn_copy");
  int status = may_spawn(call, group, task);
  void *copy;
  pp_entry entry;
  if (status == PPAR_EINVAL) return status;
  if (arg == NULL) return pp_refuse(call, PP_NOTHING_RUN, "arg", PP_REFUSED_NULL, 0);
  if (size == 0) return pp_refuse(call, PP_NOTHING_RUN, "size", PP_REFUSED_ZERO, 0);
  if (status != PPAR_OK) return status;
  copy = pp_copy_make(arg, size);
  if (copy == NULL) {
    run_here(group_of(group), task, arg, size);
  } else {
    describe(&entry, group_of(group), task, copy, PP_ENTRY_COPY);
    pp_task_group_spawn(group_of(group), &entry, 1);
  }
  return PPAR_OK;
}

int ppar_task_spawn_range(ppar_task_group *group, int64_t begin, int64_t end, ppar_body *body, void *arg,
                          const ppar_options *options) {
  pp_task_group *own = group_of(group);
  pp_space space;
  ppar_options room;
  uint64_t size, pieces;
  pp_entry entry;
  pp_call call = PP_CALL("ppar_task_spawn_range");
  if (!is_own(own)) return refuse_group(call, PP_NOTHING_RUN, group);
  if (body == NULL) return pp_refuse(call, PP_NOTHING_RUN, "body", PP_REFUSED_NULL, 0);
  if (pp_options_read(&options, &room, PP_TAKES_STEP | PP_TAKES_CHUNK, call) != PPAR_OK) return PPAR_EINVAL;
  size = (uint64_t)options->schedule.chunk;
  (void)pp_space_make(&space, begin, end, pp_options_step(options));
  if (pp_task_group_is_canceled(own)) return PPAR_ECANCELED;
  if (space.count == 0) return PPAR_OK;
  if (size == 0) {
    uint64_t threads = (uint64_t)pp_pool_threads(pp_queue_pool(own->queue));
    size = pp_divide_up(space.count, threads * PP_PIECES_PER_SLOT);
  }
  pieces = pp_divide_up(space.count, size);
  if (pieces > PP_PIECES_MOST - own->owed) return pp_refuse(call, PP_NOTHING_RUN, "options", PP_REFUSED_PIECES, 0);
  entry = (pp_entry){{(uint64_t)(uintptr_t)body, (uint64_t)(uintptr_t)arg, (uint64_t)(uintptr_t)own | PP_ENTRY_RANGE,
                      (uint64_t)space.begin, (uint64_t)space.step, space.count, size, (uint64_t)space.end}};
  pp_task_group_spawn(own, &entry, pieces);
  return PPAR_OK;
}

static int wait(pp_call call, ppar_task_group *group) {
  int saved_errno = errno, status;
  if (!is_own(group_of(group))) return refuse_group(call, PP_NOTHING_DONE, group);
  status = pp_task_group_wait(group_of(group));
  errno = saved_errno;
  return status;
}

int ppar_task_group_wait(ppar_task_group *group) { return wait(PP_CALL("ppar_task_group_wait"), group); }

void ppar_task_group_cancel(ppar_task_group *group, int status) {
  if (group != NULL) {
    pp_task_group_cancel(group_of(group), status);
  } else {
    (void)refuse_group(PP_CALL("ppar_task_group_cancel"), PP_NOTHING_DONE, NULL);
  }
}

bool ppar_task_group_is_canceled(const ppar_task_group *group) {
  return group != NULL && pp_task_group_is_canceled((pp_task_group *)(uintptr_t)group);
}

/* --- Futures ------------------------------------------------------------------------------------------------ */

int ppar_future_start(ppar_future *future, ppar_task *task, void *arg) {
  pp_call call = PP_CALL("ppar_future_start");
  int status;
  if (future == NULL) return pp_refuse(call, PP_NOTHING_RUN, "future", PP_REFUSED_NULL, 0);
  if (task == NULL) return pp_refuse(call, PP_NOTHING_RUN, "task", PP_REFUSED_NULL, 0);
  if (!pp_task_group_begin(group_of(&future->group_), ppar_pool_default())) return PPAR_ENOMEM;
  status = spawn(call, &future->group_, task, arg);
  if (status != PPAR_OK) (void)pp_task_group_wait(group_of(&future->group_)); /* nothing is left to wait for */
  return status;
}

int ppar_future_wait(ppar_future *future) {
  return wait(PP_CALL("ppar_future_wait"), future != NULL ? &future->group_ : NULL);
}

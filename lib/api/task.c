/* SPDX-License-Identifier: MIT */
/* task.c: task groups, ranges of tasks and futures, checked. */
#include <ppar/task.h>

#include <errno.h>
#include <string.h>

#include <ppar/status.h>

#include "api/shake_task.h"
#include "api/shaker.h"
#include "platform/race_checker.h"
#include "pool/pool.h"
#include "schedule/divide.h"
#include "schedule/space.h"
#include "schedule/tuning.h"
#include "settings/environment.h"
#include "settings/options.h"
#include "task/copy.h"
#include "task/run.h"
#include "task/storage.h"
#include "trace/construct.h"

/* Pieces of a group: they are counted in twos (task/queue.h). Of a range that a task of the group spawns, where the
 * owner's count cannot be read, fewer by far: so many such ranges that the count could wrap are never there at once. */
#define PP_PIECES_MOST (UINT64_C(1) << 62)
#define PP_PIECES_MOST_INSIDE (UINT64_C(1) << 48)

static pp_group_handle *handle_of(ppar_task_group *group) { return (pp_group_handle *)group; }

/* NULL: it is not begun, or not this thread's. */
static pp_task_group *own_group(ppar_task_group *group) {
  return group != NULL ? pp_group_own(handle_of(group)) : NULL;
}

/* A group that a thread spawns into. */
typedef struct target {
  pp_task_group *group; /* NULL: it is not begun, or the thread has nothing to do with it */
  bool is_inside;       /* the thread is not its owner, but runs one of its tasks */
} target;

static target target_of(ppar_task_group *group) {
  target to = {own_group(group), false};
  if (PPAR_SELDOM_(to.group == NULL) && group != NULL)
    to = (target){.group = pp_group_around(handle_of(group)), .is_inside = true};
  return to;
}

static inline void spawn_into(target to, const pp_entry *entry, uint64_t pieces) {
  if (PPAR_SELDOM_(to.is_inside)) {
    pp_task_group_spawn_inside(to.group, entry, pieces);
  } else {
    pp_task_group_spawn(to.group, entry, pieces);
  }
}

/* What is recorded of a group; NULL: it has no storage, and nothing is. */
static pp_traced *traced_of(pp_task_group *group) {
  return group->queue != NULL ? &pp_stored_group_of(group)->traced : NULL;
}

static void tell_of_begin(pp_call call, pp_task_group *group, ppar_pool *pool, const char *name) {
  pp_traced *traced = traced_of(group);
  uint32_t threads = (uint32_t)pp_pool_threads(pool);
  if (traced == NULL) return;
  pp_traced_begin(
      traced, &(pp_trace_what){
                  .kind = PP_CONSTRUCT_TASKS, .address = call.place, .name = name, .slots = threads, .asked = threads});
}

static inline void begin(pp_call call, pp_group_handle *handle, ppar_pool *pool, const char *name) {
  pp_task_group_begin(handle, pool, name, call.place);
  if (pp_trace_is_on()) tell_of_begin(call, handle->group, pool, name);
}

static inline void tell_of_spawn(pp_task_group *group, const pp_entry *entry, uint64_t pieces) {
  pp_traced *traced = pp_trace_is_on() ? traced_of(group) : NULL;
  if (traced != NULL) pp_traced_spawn(traced, (const void *)(uintptr_t)entry->word[PP_ENTRY_CALL], pieces);
}

/* Apart from the way without options, which is the usual one and needs no stack. */
static __attribute__((noinline)) int begin_with_options(pp_call call, ppar_task_group *group,
                                                        const ppar_options *options) {
  ppar_options room;
  ppar_pool *pool;
  if (pp_options_read(&options, &room, PP_TAKES_STEP | PP_TAKES_CHUNK, call) != PPAR_OK) return PPAR_EINVAL;
  pool = options->pool != NULL ? options->pool : ppar_pool_default();
  if (!pp_pool_is_usable(pool)) return pp_refuse(call, PP_NOTHING_DONE, "options->pool", PP_REFUSED_POOL, 0);
  begin(call, handle_of(group), pool, options->name);
  return PPAR_OK;
}

int ppar_task_group_begin(ppar_task_group *group, const ppar_options *options) {
  pp_call call = PP_CALL("ppar_task_group_begin");
  if (group == NULL) return pp_refuse(call, PP_NOTHING_DONE, "group", PP_REFUSED_NULL, 0);
  if (options != NULL) return begin_with_options(call, group, options);
  begin(call, handle_of(group), ppar_pool_default(), NULL);
  return PPAR_OK;
}

/* otherwise: why, where it is not NULL. */
static int refuse_group(pp_call call, const char *outcome, const void *group, pp_refusal otherwise) {
  return pp_refuse(call, outcome, "group", group == NULL ? PP_REFUSED_NULL : otherwise, 0);
}

/* Whether a task may be spawned: PPAR_OK, or what the caller is to be told. */
static int may_spawn(pp_call call, ppar_task_group *group, pp_task_group *own, ppar_task *task) {
  if (own == NULL) return refuse_group(call, PP_NOTHING_RUN, group, PP_REFUSED_SPAWNER);
  if (task == NULL) return pp_refuse(call, PP_NOTHING_RUN, "task", PP_REFUSED_NULL, 0);
  return pp_task_group_is_canceled(own) ? PPAR_ECANCELED : PPAR_OK;
}

/* The words of a task (PP_TASK_WORDS); the others are a range's. */
static void describe(pp_entry *entry, pp_task_group *group, ppar_task *task, const void *arg, uint64_t kind) {
  entry->word[PP_ENTRY_CALL] = (uint64_t)(uintptr_t)task;
  entry->word[PP_ENTRY_ARG] = (uint64_t)(uintptr_t)arg;
  entry->word[PP_ENTRY_GROUP] = (uint64_t)(uintptr_t)group | kind;
}

/* Under PPAR_SHAKE. Where there is no memory the task runs as it is. */
static __attribute__((noinline)) void spawn_shaken(target to, ppar_task *task, void *arg) {
  pp_task_group *group = to.group;
  pp_shaken_task shaken = pp_shake_spawn(task, arg);
  void *copy = pp_copy_make(&shaken, sizeof shaken);
  pp_entry entry;
  if (copy != NULL) {
    describe(&entry, group, pp_shake_run_task, copy, PP_ENTRY_COPY);
  } else {
    describe(&entry, group, task, arg, 0);
  }
  tell_of_spawn(group, &entry, 1);
  spawn_into(to, &entry, 1);
}

static int spawn(pp_call call, ppar_task_group *group, ppar_task *task, void *arg) {
  target to = target_of(group);
  int status = may_spawn(call, group, to.group, task);
  if (status == PPAR_OK && pp_mode_is_on(PP_MODE_SHAKE)) {
    spawn_shaken(to, task, arg);
  } else if (status == PPAR_OK) {
    pp_entry entry;
    describe(&entry, to.group, task, arg, 0);
    tell_of_spawn(to.group, &entry, 1);
    spawn_into(to, &entry, 1);
  }
  return status;
}

int ppar_task_spawn(ppar_task_group *group, ppar_task *task, void *arg) {
  return spawn(PP_CALL("ppar_task_spawn"), group, task, arg);
}

/* There is no memory for a copy: one on the stack serves, since the task runs here and now. Not inlined, so that other
 * calls need not have room for it. */
static __attribute__((noinline)) void run_here(target to, ppar_task *task, const void *arg, size_t size) {
  _Alignas(PP_COPY_ALIGNMENT) char room[PP_COPY_ALIGNMENT];
  pp_entry entry;
  describe(&entry, to.group, task, size <= sizeof room ? memcpy(room, arg, size) : arg, 0);
  if (to.is_inside) {
    pp_task_group_count_inside(to.group, 1);
    pp_task_group_run_inside(to.group, &entry);
  } else {
    to.group->owed++;
    pp_task_group_run(to.group, &entry);
  }
}

int ppar_task_spawn_copy(ppar_task_group *group, ppar_task *task, const void *arg, size_t size) {
  pp_call call = PP_CALL("ppar_task_spawn_copy");
  target to = target_of(group);
  int status = may_spawn(call, group, to.group, task);
  void *copy;
  pp_entry entry;
  if (status == PPAR_EINVAL) return status;
  if (arg == NULL) return pp_refuse(call, PP_NOTHING_RUN, "arg", PP_REFUSED_NULL, 0);
  if (size == 0) return pp_refuse(call, PP_NOTHING_RUN, "size", PP_REFUSED_ZERO, 0);
  if (status != PPAR_OK) return status;
  copy = pp_copy_make(arg, size);
  if (copy == NULL) {
    run_here(to, task, arg, size);
  } else {
    describe(&entry, to.group, task, copy, PP_ENTRY_COPY);
    tell_of_spawn(to.group, &entry, 1);
    spawn_into(to, &entry, 1);
  }
  return PPAR_OK;
}

/* How many pieces more there may be. What its owner has counted is the owner's to read. */
static uint64_t pieces_left(target to) {
  return to.is_inside ? PP_PIECES_MOST_INSIDE : PP_PIECES_MOST - to.group->owed;
}

int ppar_task_spawn_range(ppar_task_group *group, int64_t begin, int64_t end, ppar_body *body, void *arg,
                          const ppar_options *options) {
  target to = target_of(group);
  pp_task_group *own = to.group;
  pp_space space;
  ppar_options room;
  uint64_t size, pieces;
  pp_entry entry;
  pp_call call = PP_CALL("ppar_task_spawn_range");
  if (own == NULL) return refuse_group(call, PP_NOTHING_RUN, group, PP_REFUSED_SPAWNER);
  if (body == NULL) return pp_refuse(call, PP_NOTHING_RUN, "body", PP_REFUSED_NULL, 0);
  if (pp_options_read(&options, &room, PP_TAKES_STEP | PP_TAKES_CHUNK, call) != PPAR_OK) return PPAR_EINVAL;
  size = (uint64_t)options->schedule.chunk;
  (void)pp_space_make(&space, begin, end, pp_options_step(options));
  if (pp_task_group_is_canceled(own)) return PPAR_ECANCELED;
  if (space.count == 0) return PPAR_OK;
  if (size == 0) {
    uint64_t threads = (uint64_t)pp_pool_threads(pp_task_group_pool(own));
    size = pp_divide_up(space.count, threads * PP_PIECES_PER_SLOT);
  }
  pieces = pp_divide_up(space.count, size);
  if (pieces > pieces_left(to)) return pp_refuse(call, PP_NOTHING_RUN, "options", PP_REFUSED_PIECES, 0);
  entry = (pp_entry){{(uint64_t)(uintptr_t)body, (uint64_t)(uintptr_t)arg, (uint64_t)(uintptr_t)own | PP_ENTRY_RANGE,
                      (uint64_t)space.begin, (uint64_t)space.step, space.count, size, (uint64_t)space.end}};
  tell_of_spawn(own, &entry, pieces);
  spawn_into(to, &entry, pieces);
  return PPAR_OK;
}

/* Tasks that the owner runs meanwhile may spawn further ones. As the wait returns the group's storage is free, but it
 * is this thread that would begin the next group in it. */
static int wait_traced(pp_group_handle *handle, pp_task_group *group) {
  pp_traced *own = traced_of(group);
  pp_trace_mark mark;
  int status;
  if (own == NULL) return pp_task_group_wait(handle, group);
  mark = pp_trace_begin_wait(PP_EVENT_WAIT, own->number);
  status = pp_task_group_wait(handle, group);
  pp_trace_end(mark);
  pp_traced_end(own, 0, 0, pp_load_relaxed(&own->spawned), status);
  return status;
}

static int wait(pp_call call, ppar_task_group *group) {
  pp_task_group *own = own_group(group);
  int saved_errno = errno, status;
  if (own == NULL) return refuse_group(call, PP_NOTHING_DONE, group, PP_REFUSED_OWNER);
  if (pp_mode_is_on(PP_MODE_SHAKE)) pp_shake_wait();
  status = pp_trace_is_on() ? wait_traced(handle_of(group), own) : pp_task_group_wait(handle_of(group), own);
  errno = saved_errno;
  return status;
}

int ppar_task_group_wait(ppar_task_group *group) { return wait(PP_CALL("ppar_task_group_wait"), group); }

void ppar_task_group_cancel(ppar_task_group *group, int status) {
  pp_task_group *canceled = group != NULL ? pp_group_of(handle_of(group)) : NULL;
  if (canceled != NULL) {
    pp_edge_release(&canceled->status); /* Who learns of it sees what led to it. */
    pp_task_group_cancel(canceled, status);
  } else {
    (void)refuse_group(PP_CALL("ppar_task_group_cancel"), PP_NOTHING_DONE, group, PP_REFUSED_OWNER);
  }
}

/* Of one that has been waited for, too. */
bool ppar_task_group_is_canceled(const ppar_task_group *group) {
  const pp_group_handle *handle = (const pp_group_handle *)group;
  pp_task_group *open = handle != NULL ? pp_group_of(handle) : NULL;
  if (open != NULL) {
    if (!pp_task_group_is_canceled(open)) return false;
    pp_edge_acquire(&open->status);
    return true;
  }
  return handle != NULL && handle->group == NULL && handle->status != 0;
}

/* --- Futures ------------------------------------------------------------------------------------------------ */

int ppar_future_start(ppar_future *future, ppar_task *task, void *arg) {
  pp_call call = PP_CALL("ppar_future_start");
  int status;
  if (future == NULL) return pp_refuse(call, PP_NOTHING_RUN, "future", PP_REFUSED_NULL, 0);
  if (task == NULL) return pp_refuse(call, PP_NOTHING_RUN, "task", PP_REFUSED_NULL, 0);
  begin(call, handle_of(&future->group_), ppar_pool_default(), NULL);
  status = spawn(call, &future->group_, task, arg);
  if (status != PPAR_OK) (void)wait(call, &future->group_); /* nothing is left to wait for */
  return status;
}

int ppar_future_wait(ppar_future *future) {
  return wait(PP_CALL("ppar_future_wait"), future != NULL ? &future->group_ : NULL);
}

/* SPDX-License-Identifier: MIT */
/* fork.c: the regions and tasks that a forked child is inside of.
 *
 * A region lies on the stack of the thread that has begun it, and so do the data environments of the tasks around it.
 * Where another thread of the region's forks, the child does not have that thread. Its stack is there still, with all
 * that lies on it, until the C library gives it to a thread that the child begins: a region inside of that one would
 * find what the new thread has written. So the child takes copies of what it is inside of, before it goes on: inside of
 * the task that it forked in, and of those that the thread goes on with afterwards. A task that has been made before
 * and begins afterwards is moved to the copy of its region then (task.c). */
#include <pthread.h>

#include "claim/lock.h"
#include "gomp/data.h"
#include "gomp/loop.h"
#include "gomp/region.h"
#include "gomp/settings.h"
#include "gomp/tasks.h"
#include "platform/at_load.h"
#include "platform/memory.h"
#include "pool/left.h"

/* Nobody knows when the child has left what they are of, so they stay; checkers of memory find them here. */
typedef struct copied {
  struct copied *next;
  pp_omp_data data;
  pp_omp_region region;
  pp_omp_plan plan;
} copied;

static copied *all;

static copied *make(void) {
  copied *c = pp_memory_zalloc(sizeof *c);
  if (c == NULL) return NULL;
  c->next = all;
  all = c;
  return c;
}

static pp_omp_region *copy_region(const pp_omp_region *region) {
  copied *c = make();
  if (c == NULL) return NULL;
  memcpy(&c->region, region, sizeof *region); /* No other thread is there that could write to it. */
  if (region->plan != NULL) {
    c->plan = *region->plan;
    c->region.plan = &c->plan;
  }
  return &c->region;
}

static pp_omp_data *copy_data(const pp_omp_data *data) {
  copied *c = make();
  if (c == NULL) return NULL;
  c->data = *data;
  return &c->data;
}

/* Those that it has may be the region's, or another task's. */
static void keep_icvs(pp_omp_data *data) {
  if (data->icvs != pp_omp_first_icvs()) (void)pp_omp_own_icvs(data);
}

/* The task that the task's was made by, or that has begun its region. NULL: none. */
static pp_omp_data *around(const pp_omp_data *data) {
  if (data->parent != NULL) return data->parent;
  return data->region != NULL ? data->region->parent : NULL;
}

/* The task that the forking thread goes on with when it has ended this one of its own, or that is around it. */
static pp_omp_data *beneath(const pp_omp_data *data) { return data->beneath != NULL ? data->beneath : around(data); }

/* Whether it is in a region that another thread has begun. */
static bool is_in_others(const pp_omp_data *data) {
  return data->region != NULL && !pp_omp_region_is_alone(data->region) && data->thread_num != 0;
}

/* From the innermost task outwards. It is the forking thread's own, and so are those beneath, up to the implicit task
 * of a region that the thread is not the first of: that region and all around it are another thread's. */
static void copy_what_is_around(pp_omp_data *data) {
  const pp_omp_region *known = NULL; /* the latest region that was copied */
  pp_omp_region *copy = NULL;
  bool is_others = false; /* whether the task was another thread's; then `data` is a copy by now */
  while (data != NULL) {
    pp_omp_region *region = data->region;
    pp_omp_data *next = is_others ? around(data) : beneath(data), *kept = next;
    bool region_is_others = is_others || is_in_others(data);
    bool leaves_region = next == NULL || next->region != region;
    if (region_is_others) keep_icvs(data);
    if (region_is_others && region != NULL) {
      if (region != known) copy = copy_region(region);
      if (copy == NULL) return;
      known = region;
      data->region = copy;
    }
    if (leaves_region) is_others = region_is_others;
    if (is_others && next != NULL) kept = copy_data(next);
    if (next != NULL && kept == NULL) return;
    if (is_others && data->parent == next) data->parent = kept;
    if (is_others && leaves_region && copy != NULL && copy->parent == next) copy->parent = kept;
    data = kept;
  }
}

/* --- Tasks ---------------------------------------------------------------------------------------------------- */

/* Another thread may be about to change what a region's tasks wait for, or its list: the child would find that half
 * changed, and locked for ever. So the locks of the regions that the forking thread is inside of are held over the
 * fork, the innermost one's first; those around a region that another thread has begun have no tasks for the child. */
static pp_omp_data *next_with_tasks(const pp_omp_data *data) {
  return data->beneath == NULL && is_in_others(data) ? NULL : beneath(data);
}

/* The innermost task; NULL: there is none, or the thread has left it by longjmp. */
static pp_omp_data *innermost(const pp_self *self) { return pp_left_is_seen(self) ? NULL : self->place.omp; }

static void hold_tasks(void) {
  pp_self *self = pp_self_get();
  for (const pp_omp_data *data = innermost(self); data != NULL; data = next_with_tasks(data)) {
    pp_omp_tasks *tasks = pp_omp_region_tasks(data);
    if (tasks == NULL || pp_load_relaxed(&tasks->forks) == self) continue;
    pp_lock(&tasks->lock);
    pp_store_relaxed(&tasks->forks, self);
  }
}

static void release_tasks(void) {
  const pp_self *self = pp_self_get();
  for (const pp_omp_data *data = innermost(self); data != NULL; data = next_with_tasks(data)) {
    pp_omp_tasks *tasks = pp_omp_region_tasks(data);
    if (tasks == NULL || pp_load_relaxed(&tasks->forks) != self) continue;
    pp_store_relaxed(&tasks->forks, NULL);
    pp_unlock(&tasks->lock);
  }
}

/* Another thread has made the region's first task meanwhile, and may have had the lock. */
static void forget_new_tasks(void) {
  const pp_self *self = pp_self_get();
  for (const pp_omp_data *data = innermost(self); data != NULL; data = next_with_tasks(data)) {
    const pp_omp_tasks *tasks = pp_omp_region_tasks(data);
    if (tasks != NULL && pp_load_relaxed(&tasks->forks) != self) pp_store_relaxed(&data->region->tasks, NULL);
  }
}

static void begin_child(void) {
  forget_new_tasks();
  release_tasks();
  copy_what_is_around(innermost(pp_self_get()));
}

PP_AT_LOAD(PP_LOAD_TEAM) static void watch_forks(void) { (void)pthread_atfork(hold_tasks, release_tasks, begin_child); }

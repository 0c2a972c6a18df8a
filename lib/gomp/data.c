/* SPDX-License-Identifier: MIT */
/* data.c: data environments of places that no OpenMP construct has made: a thread outside of all regions, and bodies,
 * regions and tasks of ppar's own. They are kept in a list of the thread's, and are given back as it ends. */
#include "gomp/data.h"

#include <pthread.h>
#include <string.h>

#include "gomp/affinity.h"
#include "gomp/holder.h"
#include "gomp/message.h"
#include "gomp/region.h"
#include "gomp/settings.h"
#include "gomp/shared.h"
#include "gomp/tasks.h"
#include "platform/memory.h"

/* One that belongs to no construct. Where its thread is alone its tasks are in a region of that thread's own. */
typedef struct kept {
  pp_omp_data data;
  pp_omp_region alone;
  struct kept *next;
} kept;

static pthread_key_t lists;
static pthread_once_t lists_once = PTHREAD_ONCE_INIT;
static bool has_lists;

/* What has come of its tasks and constructs goes. */
static void leave(kept *k) {
  pp_omp_tasks_leave_behind(&k->data);
  pp_omp_shared_leave(&k->data);
  pp_omp_tasks_end(&k->alone);
}

static void free_list(void *list) {
  for (kept *k = list; k != NULL;) {
    kept *next = k->next;
    leave(k);
    pp_memory_free(k);
    k = next;
  }
  pp_self_get()->place.omp = NULL; /* The thread's other destructors may come to constructs once more. */
}

static void make_lists(void) { has_lists = pthread_key_create(&lists, free_list) == 0; }

/* A place that has been left lies deeper on the stack than the present one, or was where that is now: so what belongs
 * to it can be used again. The thread's first place has no frame, and is never left. */
static bool is_left(const kept *k, const void *frame) {
  return k->data.frame != NULL && (uintptr_t)k->data.frame <= (uintptr_t)frame;
}

static kept *take(const void *frame) {
  kept *list, *k;
  (void)pthread_once(&lists_once, make_lists);
  if (!has_lists) pp_omp_no_memory("a thread's data environment");
  list = pthread_getspecific(lists);
  if (frame != NULL) {
    for (k = list; k != NULL; k = k->next) {
      if (is_left(k, frame)) return k;
    }
  }
  k = pp_memory_zalloc(sizeof *k);
  if (k == NULL) pp_omp_no_memory("a thread's data environment");
  k->next = list;
  if (pthread_setspecific(lists, k) != 0) pp_omp_no_memory("a thread's data environment");
  return k;
}

void pp_omp_begin(pp_omp_data *data, pp_omp_data *parent) {
  memset(data, 0, sizeof *data);
  data->parent = parent;
  data->icvs = parent != NULL ? parent->icvs : pp_omp_first_icvs();
  data->num_teams = 1;
  data->team_size = 1;
  data->held = pp_omp_held();
  if (parent == NULL) return;
  data->level = parent->level;
  data->active_level = parent->active_level;
  data->team_num = parent->team_num;
  data->num_teams = parent->num_teams;
}

/* A region of ppar's own counts as one of OpenMP's: its threads have its numbers. */
pp_omp_data *pp_omp_make(pp_self *self) {
  kept *k = take(self->place.frame);
  pp_omp_data *data = &k->data, *around = self->place.omp;
  leave(k);
  memset(&k->alone, 0, sizeof k->alone);
  pp_omp_begin(data, around);
  if (PPAR_SELDOM_(data->icvs->bind != PPAR_BIND_FALSE)) data->place = pp_omp_affinity_arrive(self, around);
  data->frame = self->place.frame;
  data->seat = self->place.seat;
  if (data->seat != NULL) {
    data->thread_num = (int)data->seat->head.thread;
    data->team_size = (int)data->seat->head.size;
    data->level++;
    data->active_level += data->team_size > 1;
  }
  if (data->team_size == 1) data->region = &k->alone;
  self->place.omp = data;
  return data;
}

pp_omp_icvs *pp_omp_own_icvs(pp_omp_data *here) {
  if (here->icvs != &here->own) {
    here->own = *here->icvs;
    here->icvs = &here->own;
  }
  return &here->own;
}

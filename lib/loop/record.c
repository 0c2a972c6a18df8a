/* SPDX-License-Identifier: MIT */
/* record.c: making, finding and giving back loop records. None of this is on a path that runs per loop, but the
 * search of the owner's list, whose first entry nearly always fits. */
#include "loop/record.h"

#include <pthread.h>
#include <string.h>

#include "platform/memory.h"
#include "platform/park.h"
#include "pool/pool.h"
#include "team/team.h"

static pthread_key_t leave_key;
static pthread_once_t leave_once = PTHREAD_ONCE_INIT;
static bool leave_works;

/* A thread ends: its records and deques go to their pools. */
static void leave_records(void *thread) {
  pp_self *self = thread;
  pthread_mutex_lock(&pp_pools_lock);
  while (self->records != NULL) {
    pp_record *record = self->records;
    struct ppar_pool *pool = pp_load_acquire(&record->pool);
    self->records = record->next;
    record->owner = NULL;
    if (pool == NULL) {
      pp_record_free(record);
    } else {
      pthread_mutex_lock(&pool->lock);
      record->next = pool->unowned;
      pool->unowned = record;
      pthread_mutex_unlock(&pool->lock);
    }
  }
  pp_tasks_leave(self);
  self->leaves = false;
  pthread_mutex_unlock(&pp_pools_lock);
}

static void make_leave_key(void) { leave_works = pthread_key_create(&leave_key, leave_records) == 0; }

static bool seize_all(pp_record *record) {
  uint32_t open = pp_load_relaxed(&record->open_groups);
  for (uint32_t g = 0; g < open; g++) {
    if (!pp_group_seize(&record->groups[g])) return false;
  }
  return true;
}

static bool fits(const pp_record *record, const struct ppar_pool *pool, uint32_t parts) {
  return pp_load_relaxed(&record->pool) == pool && pp_load_relaxed(&record->busy) == 0 && record->capacity >= parts;
}

void pp_record_reset(pp_record *record) {
  for (uint32_t g = 0; g < record->capacity / PP_GROUP_SLOTS; g++) {
    record->groups[g].preset = 0;
    pp_store_release(&record->groups[g].word, PP_CLOSED);
  }
  for (uint32_t s = 0; s < record->capacity; s++) pp_range_put(&record->slots[s].range, (pp_span){0, 0});
  pp_store_relaxed(&record->control.cancel.lock, 0);
  pp_store_relaxed(&record->active, 0);
  pp_store_relaxed(&record->parked, 0);
  pp_store_relaxed(&record->open_groups, 0);
}

pp_record *pp_record_make(uint32_t slots) {
  uint32_t groups = pp_groups_for(slots);
  size_t slots_offset = sizeof(pp_record) + groups * sizeof(pp_group);
  pp_record *record = pp_memory_zalloc(slots_offset + groups * PP_GROUP_SLOTS * sizeof(pp_slot));
  if (record == NULL) return NULL;
  record->capacity = groups * PP_GROUP_SLOTS;
  record->slots = (pp_slot *)((unsigned char *)record + slots_offset);
  record->control.record = record;
  pp_record_reset(record);
  return record;
}

void pp_record_free(pp_record *record) {
  if (record->team != NULL) pp_team_free(record->team);
  pp_memory_free(record->partials_block);
  pp_memory_free(record);
}

/* From the pool's unowned ones, or a new one. */
static pp_record *record_from_pool(struct ppar_pool *pool, pp_self *self, uint32_t parts) {
  pp_record **link, *record;
  pthread_mutex_lock(&pool->lock);
  for (link = &pool->unowned; (record = *link) != NULL; link = &record->next) {
    if (record->capacity >= parts && seize_all(record)) {
      *link = record->next;
      break;
    }
  }
  if (record == NULL) {
    uint32_t threads = (uint32_t)pp_pool_threads(pool);
    record = pp_record_make(parts > threads ? parts : threads);
    if (record != NULL) pp_store_relaxed(&record->pool, pool);
    if (record != NULL && !pp_pool_enlist(pool, record)) {
      pp_record_free(record);
      record = NULL;
    }
  }
  if (record != NULL) {
    record->owner = self; /* under the lock: a fork must not find it busy and unowned */
    pp_store_relaxed(&record->busy, 1);
  }
  pthread_mutex_unlock(&pool->lock);
  return record;
}

/* Frees the records of pools that are gone. */
static void drop_orphans(pp_self *self) {
  pp_record **link = &self->records, *record;
  while ((record = *link) != NULL) {
    if (pp_load_acquire(&record->pool) == NULL) {
      *link = record->next;
      pp_record_free(record);
    } else {
      link = &record->next;
    }
  }
}

void pp_self_watch(pp_self *self) {
  if (self->leaves) return;
  pthread_once(&leave_once, make_leave_key);
  self->leaves = leave_works && pthread_setspecific(leave_key, self) == 0;
}

pp_record *pp_record_acquire(struct ppar_pool *pool, pp_self *self, uint32_t parts) {
  pp_record *record;
  for (record = self->records; record != NULL; record = record->next) {
    if (fits(record, pool, parts) && seize_all(record)) {
      pp_store_relaxed(&record->busy, 1);
      return record;
    }
  }
  drop_orphans(self);
  pp_self_watch(self);
  record = record_from_pool(pool, self, parts);
  if (record == NULL) return NULL;
  record->next = self->records;
  self->records = record;
  return record;
}

static pp_record *owned_with_team(struct ppar_pool *pool, const pp_self *self, uint32_t threads) {
  pp_record *found = NULL;
  for (pp_record *record = self->records; record != NULL; record = record->next) {
    if (record->team == NULL || !fits(record, pool, 1)) continue;
    if (record->team->capacity >= threads) return record;
    found = record;
  }
  return found;
}

pp_record *pp_record_acquire_team(struct ppar_pool *pool, pp_self *self, uint32_t threads) {
  pp_record *record = owned_with_team(pool, self, threads);
  if (record == NULL) return pp_record_acquire(pool, self, 1);
  pp_store_relaxed(&record->busy, 1);
  return record;
}

void pp_records_end(pp_self *self) {
  drop_orphans(self);
  pp_tasks_drop_orphans(self);
  if (leave_works) (void)pthread_key_delete(leave_key);
  leave_works = false;
}

unsigned char *pp_record_partials(pp_record *record, uint32_t count, size_t size, size_t *stride) {
  size_t needed;
  if (size > SIZE_MAX - PP_CACHE_LINE) return NULL;
  *stride = (size + PP_CACHE_LINE - 1) / PP_CACHE_LINE * PP_CACHE_LINE;
  if (__builtin_mul_overflow(*stride, (size_t)count, &needed)) return NULL;
  if (needed > record->partials_size) {
    pp_memory_free(record->partials_block);
    record->partials_block = pp_memory_alloc(needed);
    record->partials_size = record->partials_block != NULL ? needed : 0;
  }
  return record->partials_block;
}

/* Member by member: a line is only lost to other threads when something is written. */
#define SET(member) \
  if (to->member != from->member) to->member = from->member

_Static_assert(sizeof(void *) != 8 || sizeof(pp_loop) == 192, "a member more or less: see pp_record_describe");

void pp_record_describe(pp_record *record, const pp_loop *from) {
  pp_loop *to = &record->loop;
  SET(body);
  SET(fold);
  SET(arg);
  SET(name);
  SET(space.begin);
  SET(space.end);
  SET(space.step);
  SET(space.count);
  SET(sharing);
  SET(guided);
  SET(timed);
  SET(adaptive);
  SET(chunk);
  SET(units.size);
  SET(units.count);
  SET(units.count_iterations);
  SET(slots);
  SET(parts);
  SET(depth);
  SET(active);
  SET(group);
  if (!pp_fp_state_equal(to->fp_state, from->fp_state)) to->fp_state = from->fp_state;
  SET(reduction);
  SET(partials);
  SET(stride);
  SET(pace.body);
  SET(pace.fold);
  SET(pace.site);
  SET(pace.batch);
}

void pp_record_open(pp_record *record) {
  const pp_loop *loop = &record->loop;
  bool sharing = loop->sharing != PP_BY_SLOT, pooled = loop->sharing == PP_BY_COUNTER;
  uint32_t groups = pp_groups_for(loop->parts);
  if (pp_load_relaxed(&record->open_groups) != groups) pp_store_relaxed(&record->open_groups, groups);
  pp_store_relaxed(&record->active, 1);
  for (uint32_t g = 0; g < groups; g++) {
    uint32_t left = loop->parts - g * PP_GROUP_SLOTS;
    pp_group_open(&record->groups[g], left < PP_GROUP_SLOTS ? left : PP_GROUP_SLOTS, g == 0, sharing, pooled);
  }
}

void pp_record_alert(pp_record *record) {
  for (uint32_t s = 0; s < record->loop.parts; s++) pp_store_release(&record->slots[s].alert, 1);
}

void pp_record_wake(pp_record *record) {
  if (record->pulse != NULL) {
    pp_pulse_wake(record->pulse);
    return;
  }
  if (pp_exchange_acq_rel(&record->parked, 0) != 0) pp_unpark_one(&record->parked);
}

/* SPDX-License-Identifier: MIT */
/* record.c: making and finding records. None of this is on a path that runs per loop, but the search of the owner's
 * list, whose first entry nearly always fits. */
#include "loop/record.h"

#include "platform/memory.h"
#include "pool/pool.h"

static bool seize_all(pp_record *record) {
  uint32_t open = pp_load_relaxed(&record->open_groups);
  for (uint32_t g = 0; g < open; g++) {
    if (!pp_group_seize(&record->share.groups[g])) return false;
  }
  return true;
}

/* Makes every group quiet, whatever has happened to its members. */
static void reset(pp_record *record) {
  for (uint32_t g = 0; g < record->capacity / PP_GROUP_SLOTS; g++) {
    record->share.groups[g].preset = 0;
    pp_store_release(&record->share.groups[g].word, PP_CLOSED);
  }
  for (uint32_t s = 0; s < record->capacity; s++) pp_slot_clear(&record->share.slots[s]);
  pp_store_relaxed(&record->control.cancel.lock, 0);
  pp_store_relaxed(&record->active, 0);
  pp_parking_reset(&record->parking);
  pp_store_relaxed(&record->open_groups, 0);
}

static void offer(pp_share *share) {
  pp_record *record = PP_OWNER_OF(pp_record, share, share);
  pp_record_ring(record);
  if (record->scope.depth > 1) pp_waiters_tell(pp_load_relaxed(&record->owned.pool), &record->scope);
  pp_parking_wake(&record->parking);
}

static pp_owned *record_make(struct ppar_pool *pool, uint32_t parts) {
  uint32_t threads = (uint32_t)pp_pool_threads(pool), slots = parts > threads ? parts : threads;
  pp_record *record = pp_memory_zalloc(pp_share_bytes(sizeof *record, slots));
  if (record == NULL) return NULL;
  record->capacity = pp_groups_for(slots) * PP_GROUP_SLOTS;
  pp_share_place(&record->share, record, sizeof *record, slots);
  record->share.division = &record->loop.division;
  record->share.counter = &record->counter;
  record->share.offer = offer;
  pp_known_init(&record->known);
  pp_control_reset(&record->control);
  record->control.share = &record->share;
  reset(record);
  if (pp_board_append(&pool->board, record, &record->number)) return &record->owned;
  pp_memory_free(record);
  return NULL;
}

static bool record_fits(pp_owned *owned, uint32_t parts) {
  pp_record *record = pp_record_of(owned);
  return record->capacity >= parts && seize_all(record);
}

static void record_free(pp_owned *owned) {
  pp_record *record = pp_record_of(owned);
  pp_memory_free(record->partials_block);
  pp_memory_free(record);
}

/* Where the forking thread is inside a body of the loop, its groups are closed: the child's workers have no business
 * in the parent's loop. What was torn is left to the process's end. */
static void record_renew(pp_owned *owned, bool own, bool torn) {
  pp_record *record = pp_record_of(owned);
  if (own && pp_load_relaxed(&owned->busy) != 0) {
    pp_store_relaxed(&record->control.cancel.lock, 0);
    for (uint32_t g = 0; g < pp_load_relaxed(&record->open_groups); g++) (void)pp_group_close(&record->share.groups[g]);
    return;
  }
  reset(record);
  if (!torn) return;
  record->partials_block = NULL;
  record->partials_size = 0;
}

/* Partial values are looked at by nobody when the loop is over. */
static void record_trim(pp_owned *owned) {
  pp_record *record = pp_record_of(owned);
  pp_memory_free(record->partials_block);
  record->partials_block = NULL;
  record->partials_size = 0;
}

static const pp_owned_type record_type = {.kind = PP_OWNED_RECORD,
                                          .make = record_make,
                                          .fits = record_fits,
                                          .free = record_free,
                                          .renew = record_renew,
                                          .trim = record_trim};

pp_record *pp_record_acquire(struct ppar_pool *pool, pp_self *self, uint32_t parts) {
  pp_owned *owned;
  for (owned = self->owned[PP_OWNED_RECORD]; owned != NULL; owned = owned->next_owned) {
    if (pp_load_relaxed(&owned->pool) == pool && pp_load_relaxed(&owned->busy) == 0 && record_fits(owned, parts)) break;
  }
  if (owned == NULL) owned = pp_owned_take(pool, self, &record_type, parts);
  if (owned == NULL) return NULL;
  pp_store_relaxed(&owned->busy, 1);
  return pp_record_of(owned);
}

void pp_record_open(pp_record *record) {
  const pp_division *division = &record->loop.division;
  bool sharing = division->sharing != PP_BY_SLOT, pooled = division->sharing == PP_BY_COUNTER;
  uint32_t groups = pp_groups_for(division->parts);
  if (pp_load_relaxed(&record->open_groups) != groups) pp_store_relaxed(&record->open_groups, groups);
  pp_store_relaxed(&record->active, 1);
  for (uint32_t g = 0; g < groups; g++)
    pp_group_open(&record->share.groups[g], pp_group_slots(division->parts, g), g == 0, sharing, pooled);
}

void pp_record_ring(pp_record *record) { pp_pool_ring(pp_load_relaxed(&record->owned.pool), record->number); }

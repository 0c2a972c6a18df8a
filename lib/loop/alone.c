/* SPDX-License-Identifier: MIT */
/* alone.c: loops on the calling thread. */
#include "loop/alone.h"

#include <ppar/status.h>

#include "loop/record.h"
#include "platform/boundary.h"
#include "platform/clock.h"
#include "pool/left.h"
#include "pool/pool.h"

/* The first record of the thread's own on the pool, busy or not; NULL: it has run no loop there yet. */
static pp_record *own_record(struct ppar_pool *pool, const pp_self *self) {
  pp_owned *owned = self->owned[PP_OWNED_RECORD];
  while (owned != NULL && pp_load_relaxed(&owned->pool) != pool) owned = owned->next_owned;
  return owned != NULL ? pp_record_of(owned) : NULL;
}

/* Runs iterations first ... past - 1 of the loop as one chunk. */
static inline void run(const pp_alone *alone, pp_control *control, uint64_t first, uint64_t past) {
  ppar_chunk chunk = {.begin = pp_space_index(&alone->space, first),
                      .end = pp_space_end(&alone->space, past),
                      .step = alone->space.step,
                      .count = past - first,
                      .first_ = first,
                      .loop_ = control};
  if (alone->body != NULL) {
    alone->body(&chunk, alone->arg);
  } else {
    alone->fold(&chunk, alone->partial, alone->arg);
  }
}

static inline bool has_failed(pp_control *control) {
  return pp_load_relaxed(&control->cancel.lowest) != PP_CANCEL_NONE;
}

/* Runs the first eighth, and the rest where that took no longer than it should. Returns how many iterations were
 * run. */
static uint64_t run_watched(const pp_alone *alone, pp_control *control, pp_known_table *table) {
  uint64_t count = alone->space.count, run_so_far = count / 8 + 1, limit = table->limit;
  uint64_t start = pp_clock_ticks(), ticks;
  pp_known *known;
  run(alone, control, 0, run_so_far);
  ticks = pp_clock_ticks() - start;
  PP_BOUNDARY();
  if (has_failed(control)) return count;
  if (run_so_far < count && ticks <= limit / 2) {
    run(alone, control, run_so_far, count);
    run_so_far = count;
    ticks = pp_clock_ticks() - start;
  }
  known = pp_known_find(table, alone->code, alone->site); /* Loops inside may have taken the entry. */
  if (known == NULL || ticks > limit || count > known->most / 2 || known->caution != 0)
    pp_known_learn(table, alone->code, alone->site, run_so_far, ticks, true);
  return run_so_far;
}

/* What the bodies see of the thread's place is as in any other loop. */
static void enter(pp_self *self, uint32_t slots, const void *frame) {
  self->place.frame = frame;
  self->place.thread_num = 0;
  self->place.num_threads = (int)slots;
  self->place.depth++;
  self->place.active += slots > 1;
  pp_place_sit(&self->place, NULL, 0);
}

pp_alone_end pp_alone_run(struct ppar_pool *pool, pp_alone *alone) {
  pp_self *self = pp_self_get();
  pp_record *record = own_record(pool, self);
  pp_control control;
  pp_place place;
  uint64_t run_so_far;
  uint32_t held, busy;
  bool nobody_else = alone->slots == 1 || alone->space.count == 1;
  if (alone->reduction != NULL && alone->reduction->size > PP_SMALL_PARTIAL) return PP_ALONE_NOT;
  if (record == NULL && (!nobody_else || pool->destroyable)) return PP_ALONE_NOT;
  if (!nobody_else && !pp_known_is_short(pp_known_find(&record->known, alone->code, alone->site), alone->space.count))
    return PP_ALONE_NOT;
  pp_left_check(self);
  pp_control_reset(&control);
  control.share = NULL;
  if (alone->reduction != NULL) ppar_reduction_start_(alone->reduction, alone->partial);
  place = self->place;
  held = self->held_count;
  enter(self, alone->slots, &place);
  /* ppar_pool_destroy must see that the pool is in use. */
  busy = pool->destroyable ? pp_load_relaxed(&record->owned.busy) : 1;
  if (busy == 0) pp_store_relaxed(&record->owned.busy, 1);
  if (!nobody_else) {
    run_so_far = run_watched(alone, &control, &record->known);
  } else {
    run_so_far = alone->space.count;
    run(alone, &control, 0, run_so_far);
  }
  PP_BOUNDARY();
  if (busy == 0) pp_store_release(&record->owned.busy, 0);
  self->held_count = held; /* Whatever the bodies have not given up. */
  self->place = place;
  alone->status = has_failed(&control) ? control.cancel.status : PPAR_OK;
  if (run_so_far == alone->space.count) return PP_ALONE_DONE;
  alone->space.begin = pp_space_index(&alone->space, run_so_far);
  alone->space.count -= run_so_far;
  return PP_ALONE_PART;
}

/* SPDX-License-Identifier: MIT */
/* member.c: running chunks. */
#include "loop/member.h"

#include "schedule/static_schedule.h"

void pp_member_enter(pp_member *member, const pp_loop *loop, pp_control *control, pp_self *self) {
  member->loop = loop;
  member->control = control;
  member->record = control->record;
  member->self = self;
  member->alert = &control->alert;
  member->accumulator = NULL;
  member->done = 0;
  member->worked = 0;
  member->batch = 0;
  member->all_below = 0;
  member->spared = false;
  member->skipping = pp_member_is_canceled(member);
  member->train.chunks = 0;
  member->train.hop = 0;
  member->chunk.step = loop->space.step;
  member->chunk.loop_ = control;
  member->chunk.train_ = NULL;
  member->saved = self->place;
  self->place.num_threads = (int)loop->slots;
  self->place.depth = loop->depth;
  self->place.active = loop->active;
  self->place.seat = NULL;
  self->place.group = loop->group;
  if (member->record != NULL) self->place.scope = &member->record->scope;
}

void pp_member_exit(pp_member *member) { member->self->place = member->saved; }

void pp_member_use_slot(pp_member *member, uint32_t slot, bool anew) {
  const pp_loop *loop = member->loop;
  member->number = slot;
  member->anew = anew;
  member->chunk.thread = (int)slot;
  member->self->place.thread_num = (int)slot;
  if (loop->reduction != NULL) member->accumulator = loop->partials + slot * loop->stride;
}

void pp_member_start_value(pp_member *member) {
  const pp_loop *loop = member->loop;
  member->anew = false;
  if (loop->reduction != NULL) pp_reduction_start(loop->reduction, member->accumulator);
}

static inline void call(pp_member *member) {
  const pp_loop *loop = member->loop;
  if (loop->body != NULL) {
    loop->body(&member->chunk, loop->arg);
  } else {
    loop->fold(&member->chunk, member->accumulator, loop->arg);
  }
}

static inline void set_chunk(pp_member *member, uint64_t first, uint64_t past) {
  const pp_space *space = &member->loop->space;
  member->chunk.begin = pp_space_index(space, first);
  member->chunk.end = pp_space_end(space, past);
  member->chunk.count = past - first;
  member->chunk.first_ = first;
}

bool pp_member_heed(pp_member *member) {
  /* Pairs with the release store of pp_record_alert and pp_member_beg: what came before the alert is seen. An alert
   * raised after this exchange stays. */
  (void)pp_exchange_acquire(member->alert, 0);
  member->skipping = pp_member_is_canceled(member);
  return member->skipping;
}

void pp_member_run_chunk(pp_member *member, uint64_t first, uint64_t past) {
  if (member->skipping && pp_cancel_skips(&member->control->cancel, first)) return;
  set_chunk(member, first, past);
  member->chunk.train_ = NULL;
  call(member);
}

static inline void advance(ppar_chunk *chunk, int64_t hop, uint64_t hop_iterations) {
  chunk->begin = ppar_index_add_(chunk->begin, hop);
  chunk->end = ppar_index_add_(chunk->end, hop);
  chunk->first_ += hop_iterations;
}

uint64_t pp_member_run_chunks(pp_member *member, uint64_t first, uint64_t count, uint64_t size, uint64_t hop,
                              uint64_t most) {
  int64_t hop_index = (int64_t)(hop * (uint64_t)member->loop->space.step);
  uint64_t run = 0;
  if (count == 0) return 0;
  set_chunk(member, first, first + size);
  member->train.hop = hop_index;
  member->chunk.train_ = &member->train;
  for (;;) { /* the first call, and all calls of bodies that take trains */
    uint64_t offered = (count - run < most ? count - run : most) - 1;
    uint64_t taken;
    member->train.chunks = offered;
    call(member);
    taken = offered - member->train.chunks;
    run += 1 + taken;
    if (run == count || pp_load_relaxed(member->alert) != 0) return run;
    advance(&member->chunk, (int64_t)((uint64_t)hop_index * (1 + taken)), hop * (1 + taken));
    if (taken != offered || offered == 0) break;
  }
  member->chunk.train_ = NULL;
  for (;;) {
    call(member);
    run++;
    if (run == count || pp_load_relaxed(member->alert) != 0) return run;
    advance(&member->chunk, hop_index, hop);
  }
}

void pp_member_run_in_chunks(pp_member *member, uint64_t first, uint64_t past, uint64_t size) {
  while (first < past) {
    uint64_t whole = (past - first - 1) / size; /* chunks with one behind them: none of them is the loop's last */
    if (member->skipping && pp_cancel_skips(&member->control->cancel, first)) return;
    if (!member->skipping && whole != 0) {
      first += size * pp_member_run_chunks(member, first, whole, size, size, whole);
    } else {
      uint64_t end = past - first < size ? past : first + size;
      pp_member_run_chunk(member, first, end);
      first = end;
    }
    if (pp_load_relaxed(member->alert) != 0) (void)pp_member_heed(member);
  }
}

/* static,c: the slot's chunks, but for the loop's last chunk all in one train. */
static void run_static_chunks(pp_member *member) {
  const pp_loop *loop = member->loop;
  uint64_t n = loop->space.count, size = loop->chunk, slots = loop->slots;
  uint64_t chunks = pp_static_chunks(n, size, slots, member->number), j = 0;
  while (j < chunks) {
    uint64_t first = pp_static_chunk_first(size, slots, member->number, j);
    uint64_t past = pp_static_chunk_past(n, size, first);
    if (member->skipping && pp_cancel_skips(&member->control->cancel, first)) return;
    if (member->skipping || past == n) {
      pp_member_run_chunk(member, first, past);
      j++;
    } else {
      uint64_t whole = chunks - j;
      if (pp_static_chunk_past(n, size, first + (whole - 1) * slots * size) == n) whole--;
      j += pp_member_run_chunks(member, first, whole, size, slots * size, whole);
    }
    if (pp_load_relaxed(member->alert) != 0) (void)pp_member_heed(member);
  }
}

void pp_member_run_part(pp_member *member) {
  const pp_loop *loop = member->loop;
  pp_member_begin_work(member);
  if (pp_load_relaxed(member->alert) != 0) (void)pp_member_heed(member);
  if (loop->units.count != 0) {
    uint32_t unit = member->number;
    pp_member_run_chunk(member, pp_units_first(&loop->units, unit), pp_units_past(&loop->units, unit));
  } else if (loop->chunk != 0) {
    run_static_chunks(member);
  } else {
    uint64_t first, past;
    pp_static_block(loop->space.count, loop->slots, member->number, &first, &past);
    pp_member_run_chunk(member, first, past);
  }
}

void pp_member_run_counter(pp_member *member) {
  const pp_loop *loop = member->loop;
  pp_counter *counter = &member->record->counter;
  uint64_t n = loop->space.count, first, taken;
  pp_member_begin_work(member); /* with a counter the caller waits for all who have joined */
  for (;;) {
    taken = loop->guided ? pp_counter_take_guided(counter, n, loop->slots, loop->chunk, &first)
                         : pp_counter_take(counter, n, loop->chunk, &first);
    if (taken == 0) return;
    if (pp_load_relaxed(member->alert) != 0) (void)pp_member_heed(member);
    /* Claims rise, so after one that is skipped all are. */
    if (member->skipping && pp_cancel_skips(&member->control->cancel, first)) return;
    pp_member_run_chunk(member, first, first + taken);
  }
}

/* SPDX-License-Identifier: MIT */
/* member.c: running chunks. */
#include "loop/member.h"

#include <string.h>

#include "loop/combine.h"
#include "share/batch.h"

void pp_member_enter(pp_member *member, const pp_loop *loop, pp_control *control, pp_self *self, const pp_scope *scope,
                     struct ppar_pool *pool) {
  member->loop = loop;
  member->control = control;
  member->self = self;
  member->accumulator = NULL;
  member->skipping = pp_control_is_canceled(member->control);
  member->train.chunks = 0;
  member->train.hop = 0;
  member->chunk.step = loop->division.space.step;
  member->chunk.loop_ = control;
  member->chunk.train_ = NULL;
  member->saved = self->place;
  member->held = self->held_count;
  self->place.frame = member;
  self->place.num_threads = (int)loop->division.slots;
  self->place.depth = loop->depth;
  self->place.active = loop->active;
  pp_place_sit(&self->place, NULL, 0);
  self->place.group = loop->group;
  if (scope == NULL) return;
  self->place.scope = scope;
  self->place.pool = pool;
  self->place.held_from = self->held_count; /* The scope has the others. */
}

void pp_member_exit(pp_member *member) {
  member->self->held_count = member->held; /* Whatever the bodies have not given up. */
  member->self->place = member->saved;
}

void pp_member_use_slot(pp_member *member, uint32_t slot, bool anew) {
  const pp_loop *loop = member->loop;
  member->claimer.number = slot;
  member->anew = anew;
  member->chunk.thread = (int)slot;
  member->self->place.thread_num = (int)slot;
  if (loop->reduction != NULL) member->accumulator = loop->partials + slot * loop->stride;
}

void pp_member_start_value(pp_member *member) {
  const pp_loop *loop = member->loop;
  if (loop->seed != NULL && member->claimer.number == 0) {
    ppar_value_copy_(member->accumulator, loop->seed, loop->reduction->size);
  } else {
    ppar_reduction_start_(loop->reduction, member->accumulator);
  }
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
  const pp_space *space = &member->loop->division.space;
  member->chunk.begin = pp_space_index(space, first);
  member->chunk.end = pp_space_end(space, past);
  member->chunk.count = past - first;
  member->chunk.first_ = first;
}

static void run_chunk(pp_member *member, uint64_t first, uint64_t past) {
  set_chunk(member, first, past);
  member->chunk.train_ = NULL;
  call(member);
}

static inline void advance(ppar_chunk *chunk, int64_t hop, uint64_t hop_iterations) {
  chunk->begin = ppar_index_add_(chunk->begin, hop);
  chunk->end = ppar_index_add_(chunk->end, hop);
  chunk->first_ += hop_iterations;
}

/* Runs `count` chunks of the piece from its chunk `from` on, in order; none of them is the loop's last chunk. Returns
 * how many were run: fewer than count when alert was raised. */
static uint64_t run_chunks(pp_member *member, const pp_piece *piece, uint64_t from, uint64_t count) {
  int64_t hop_index = (int64_t)(piece->hop * (uint64_t)member->loop->division.space.step);
  pp_atomic_u32 *alert = member->claimer.alert;
  uint64_t first = piece->first + from * piece->hop, run = 0;
  set_chunk(member, first, first + piece->size);
  member->train.hop = hop_index;
  member->chunk.train_ = &member->train;
  for (;;) { /* The first call, and all calls of bodies that take trains. */
    uint64_t offered = (count - run < piece->train ? count - run : piece->train) - 1;
    uint64_t taken;
    member->train.chunks = offered;
    call(member);
    taken = offered - member->train.chunks;
    run += 1 + taken;
    if (run == count || pp_load_relaxed(alert) != 0) return run;
    advance(&member->chunk, (int64_t)((uint64_t)hop_index * (1 + taken)), piece->hop * (1 + taken));
    if (taken != offered || offered == 0) break;
  }
  member->chunk.train_ = NULL;
  for (;;) {
    call(member);
    run++;
    if (run == count || pp_load_relaxed(alert) != 0) return run;
    advance(&member->chunk, hop_index, piece->hop);
  }
}

/* Runs those of the piece's chunks that the cancellation does not skip. */
static __attribute__((noinline)) void run_unskipped(pp_member *member, const pp_piece *piece) {
  uint64_t first = piece->first, chunks = pp_piece_chunks(piece);
  for (uint64_t k = 0; k < chunks; k++, first += piece->hop) {
    if (pp_cancel_skips(&member->control->cancel, first)) return;
    run_chunk(member, first, piece->past - first < piece->size ? piece->past : first + piece->size);
  }
}

/* Runs a piece of several chunks, up to one after which alert is raised. Returns how many are left. The last chunk is
 * called by itself where it is the loop's last one: what a train's chunks are computed by must stay within the loop's
 * bounds. Not inlined: most pieces of short loops are one chunk, and need none of its registers. */
static __attribute__((noinline)) uint64_t run_several(pp_member *member, const pp_piece *piece) {
  uint64_t chunks = pp_piece_chunks(piece), run = 0;
  uint64_t whole = piece->past == member->loop->division.space.count ? chunks - 1 : chunks;
  while (run < whole) {
    run += run_chunks(member, piece, run, whole - run);
    if (pp_load_relaxed(member->claimer.alert) != 0) return chunks - run;
  }
  if (run < chunks) run_chunk(member, piece->first + run * piece->hop, piece->past);
  return 0;
}

/* The same for a batch of the slot's range, of whose units the first one is begun: the others are begun one by one, so
 * that thieves can take what a chunk is in the way of (claim/rest.h). A body that takes trains does that by itself, for
 * as long as chunks are units. Up to a unit before which alert is raised. Not inlined as run_several is not. */
static __attribute__((noinline)) uint64_t run_shared(pp_member *member, const pp_piece *piece) {
  pp_claimer *claimer = &member->claimer;
  ppar_train_ *train = &member->train;
  const uint64_t chunks = pp_piece_chunks(piece), unit = claimer->division->units.size;
  const uint64_t whole = piece->past == claimer->division->space.count ? chunks - 1 : chunks;
  const int64_t hop = (int64_t)(piece->hop * (uint64_t)claimer->division->space.step);
  const bool in_trains = claimer->hurried && unit == piece->size && whole > 1;
  uint32_t begun = claimer->begun;
  uint64_t run, begun_past = begun * unit;
  set_chunk(member, piece->first, piece->first + piece->size);
  member->chunk.train_ = NULL;
  *train = (ppar_train_){.distance = hop,
                         .begun = (volatile uint32_t *)(void *)&claimer->share->slots[claimer->number].begun,
                         .alert = (const volatile uint32_t *)(void *)claimer->alert};
  if (in_trains) {
    uint64_t taken;
    train->shared = whole - 1;
    train->unit = begun;
    member->chunk.train_ = train;
    call(member);
    taken = whole - 1 - train->shared;
    run = 1 + taken;
    begun += (uint32_t)taken;
    begun_past += taken * unit;
    advance(&member->chunk, (int64_t)((uint64_t)hop * taken), piece->hop * taken);
  } else {
    call(member);
    run = 1;
  }
  member->chunk.train_ = NULL;
  while (run != chunks) {
    if (member->chunk.first_ + piece->hop == begun_past) {
      if (!pp_batch_begin_units(claimer, ++begun)) return chunks - run;
      begun_past += unit;
    } else if (pp_load_relaxed(claimer->alert) != 0) {
      return chunks - run;
    }
    if (run == whole) {
      run_chunk(member, member->chunk.first_ + piece->hop, piece->past);
      return 0;
    }
    advance(&member->chunk, hop, piece->hop);
    call(member);
    run++;
  }
  return 0;
}

static uint64_t run_piece(pp_member *member, const pp_piece *piece) {
  pp_piece copy; /* so that the piece itself stays in registers */
  if (piece->size >= piece->past - piece->first) {
    run_chunk(member, piece->first, piece->past);
    return 0;
  }
  copy = *piece;
  return run_several(member, &copy);
}

/* The loop was cancelled. False: no piece that comes after this one needs to be run. */
static bool skip_piece(pp_member *member, const pp_piece *piece) {
  pp_piece copy = *piece;
  if (!pp_cancel_skips(&member->control->cancel, piece->first)) {
    run_unskipped(member, &copy);
    return true;
  }
  return member->claimer.kind == PP_CLAIM_RANGE; /* By range a later batch may lie before the failed chunk. */
}

/* Lowers the alert, where nothing can be stolen. Pairs with the release store of pp_control_cancel: what came before
 * the alert is seen. An alert that is raised after this exchange stays. */
static void heed(pp_member *member) {
  (void)pp_exchange_acquire(member->claimer.alert, 0);
  member->skipping = pp_control_is_canceled(member->control);
}

/* They have nothing to hand back, and lower an alert that is left from an earlier loop of the slot. */
static __attribute__((noinline)) void run_pieces(pp_member *member) {
  pp_claimer *claimer = &member->claimer;
  pp_piece piece;
  while (pp_claim_next(claimer, &piece)) {
    uint64_t left;
    pp_member_begin_work(member);
    if (pp_load_relaxed(claimer->alert) != 0) heed(member);
    if (member->skipping) {
      if (skip_piece(member, &piece)) continue;
      return;
    }
    left = run_piece(member, &piece);
    if (left != 0) pp_claim_return(claimer, &piece, left);
  }
}

/* By range the claimer lowers the alert, as it hands out a piece. Here it is looked at for a cancellation alone, so
 * that it is heeded by the first piece of a batch, too. */
static __attribute__((noinline)) void run_batches(pp_member *member) {
  pp_claimer *claimer = &member->claimer;
  pp_piece piece;
  while (pp_batch_piece(claimer, &piece)) {
    uint64_t left;
    pp_member_begin_work(member);
    if (claimer->alerted || pp_load_relaxed(claimer->alert) != 0) {
      claimer->alerted = false;
      member->skipping = pp_control_is_canceled(member->control);
    }
    if (member->skipping) {
      pp_batch_keep(claimer, &piece);
      (void)skip_piece(member, &piece);
      continue;
    }
    if (pp_batch_begins_chunks(claimer) && piece.size < piece.past - piece.first) {
      pp_piece copy = piece; /* so that the piece itself stays in registers */
      left = run_shared(member, &copy);
    } else {
      left = run_piece(member, &piece);
    }
    if (left != 0) pp_claim_return(claimer, &piece, left);
    if (claimer->spared && pp_claim_has_rest(claimer) && pp_batch_is_late(claimer)) pp_batch_end_sparing(claimer);
  }
}

/* A chunk from the counter may be one short iteration: what is done for each is all that its loop costs. Where a chunk
 * is skipped all later ones are, too: the thread takes all that are left, so that the caller's sum comes out. */
static __attribute__((noinline)) void run_counter(pp_member *member) {
  pp_claimer *claimer = &member->claimer;
  pp_piece piece;
  if (pp_counter_is_used_up(claimer->share->counter, claimer->division->space.count)) return;
  while (pp_claim_from_counter(claimer, &piece)) {
    pp_member_begin_work(member);
    claimer->done += piece.past - piece.first;
    if (pp_load_relaxed(claimer->alert) != 0) heed(member);
    if (member->skipping && pp_cancel_skips(&member->control->cancel, piece.first)) {
      claimer->done += pp_claim_rest_of_counter(claimer);
      return;
    }
    run_chunk(member, piece.first, piece.past);
  }
}

/* Most parts and short loops are one chunk, which needs little of all this. */
void pp_member_run(pp_member *member) {
  pp_claimer *claimer = &member->claimer;
  uint64_t first = claimer->first, past = claimer->past;
  if (pp_claim_is_one_chunk(claimer) && !member->skipping && pp_load_relaxed(claimer->alert) == 0) {
    claimer->first = past;
    pp_member_begin_work(member);
    run_chunk(member, first, past);
  } else if (claimer->kind == PP_CLAIM_COUNTER) {
    run_counter(member);
  } else if (claimer->kind == PP_CLAIM_RANGE) {
    run_batches(member);
  } else {
    run_pieces(member);
  }
}

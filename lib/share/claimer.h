/* SPDX-License-Identifier: MIT */
/* claimer.h: what one thread has claimed of a loop's or a prange's iterations, and how it comes to its next piece.
 * This is the one place that knows all ways of sharing: loops, pranges and loops on one thread alone ask here.
 *
 * A thread asks for a piece (pp_claim_next), runs it, perhaps not to its end, and gives back what it did not run
 * (pp_claim_return). Under `static` and on one thread that is arithmetic. By range the pieces come from a batch,
 * which the thread has taken from its own range with one locked operation (batch.h); when the range is empty,
 * pp_claim_next says that there is no more, and pp_claim_find may find some elsewhere (steal.h).
 *
 * Cost: of a piece of a batch or a block no locked operation and no line that another thread writes; of a piece of a
 * batch one store on a line of the slot's own, too; of a batch one locked operation on another one; by counter one
 * locked operation and one line moved for each piece. */
#ifndef PP_SHARE_CLAIMER_H
#define PP_SHARE_CLAIMER_H

#include "share/probe.h"
#include "share/share.h"

typedef enum pp_claiming {
  PP_CLAIM_NOTHING,
  PP_CLAIM_BLOCK,  /* first ... past - 1, which nobody else can take. */
  PP_CLAIM_CHUNKS, /* static,c: every T-th chunk. */
  PP_CLAIM_RANGE,
  PP_CLAIM_COUNTER
} pp_claiming;

/* Chunks of `size` iterations, `hop` iterations from each one's first to the next one's; the last of them ends at
 * `past`, and may be shorter. */
typedef struct pp_piece {
  uint64_t first, past, size, hop;
  uint64_t train; /* So many chunks at most go to a body in one call. */
} pp_piece;

typedef struct pp_claimer {
  const pp_division *division;
  pp_share *share;      /* NULL: a loop on one thread alone. */
  pp_atomic_u32 *alert; /* The slot's, or the one of a loop on one thread. */
  pp_claiming kind;
  uint32_t number;      /* The slot. */
  uint64_t first, past; /* Block: what is left. Range: the same of the batch. Otherwise they are equal. */
  uint64_t chunk;       /* Iterations in a chunk; 0: all that a piece has. */
  uint64_t limit;       /* Block and range: iterations in a piece. */
  uint64_t train;       /* Block and range: see pp_piece. */
  uint64_t left, next;  /* Chunks: how many are left, and which of the slot's is next. */
  bool in_series;       /* Chunks: all that are left are one piece. */
  bool by_burst;        /* Range: a piece is a burst of the batch, and not all of it. */
  bool hurried;         /* Range: thieves see to the order of what begins a piece (claim/rest.h). */
  bool fresh;           /* Range: the rest has just been opened, and the next piece counts as begun. */
  bool alerted;         /* Range: alert was lowered since somebody last asked; the loop may have been cancelled. */
  bool unheard_of;      /* Range: it has joined without a part, and has told nobody of what it came to since. */
  bool pending;         /* Range: the latest search found nothing, but somebody's rest may be there for the taking. */
  bool moving;          /* Range: the latest look at moves found an odd one (share.h). */
  bool spared;          /* Range: sleepers were not woken, since the loop should be short; so far it is. */
  bool proving;         /* Range: the batch is the first unit of such a loop. */
  pp_span batch;
  uint32_t begun;      /* The first unit of the batch that the thread has not begun. */
  uint32_t stride;     /* Units that a piece begins. */
  uint32_t timed_from; /* The first unit of the batch that the time since start is about. */
  uint64_t start;      /* Ticks; 0: the batch is not timed. */
  uint32_t full;       /* Units in a full batch; 0: not known yet. */
  uint32_t undivided;  /* So few units are not divided. */
  uint32_t grain;      /* So few are not worth a call. */
  uint32_t pieces;     /* Begun in the time since start. */
  pp_call_cost call;
  pp_probe probe;
  bool doubts;      /* What a call costs is to be found out by the next batch. */
  uint32_t batches; /* So far. */
  uint32_t asked;   /* Slots asked to hand work back (steal.h). */
  uint64_t moves;   /* Of all slots, while they are summed up (steal.c). */
  uint64_t done;    /* Units finished and not yet told; by counter, in a loop: iterations. */
  uint64_t worked;  /* Ticks spent on them, as far as they were timed. */
} pp_claimer;

static inline uint64_t pp_piece_chunks(const pp_piece *piece) {
  return 1 + (piece->past - piece->first - 1) / piece->hop;
}

/* Begins without work, in the slot `number`; by range there is more to set. */
static inline void pp_claim_enter(pp_claimer *claimer, const pp_division *division, pp_share *share, uint32_t number,
                                  pp_atomic_u32 *alert) {
  claimer->division = division;
  claimer->share = share;
  claimer->alert = alert;
  claimer->number = number;
  claimer->kind = PP_CLAIM_NOTHING;
  claimer->first = claimer->past = 0;
  claimer->in_series = true;
  claimer->spared = false;
  claimer->full = 0;
  claimer->pending = false;
  claimer->call = (pp_call_cost){0, UINT64_MAX};
  claimer->done = claimer->worked = 0;
}

/* From here on pieces come from the slot's range. */
static inline void pp_claim_enter_range(pp_claimer *claimer, bool by_burst, bool spared) {
  claimer->kind = PP_CLAIM_RANGE;
  claimer->chunk = claimer->division->adaptive ? 0 : claimer->division->chunk;
  claimer->by_burst = by_burst;
  claimer->spared = spared;
  claimer->proving = false;
  claimer->hurried = pp_fence_is_there();
  claimer->fresh = claimer->alerted = false;
  claimer->batch = (pp_span){0, 0};
  claimer->undivided = claimer->grain = claimer->batches = claimer->probe.running = 0;
  claimer->doubts = false;
  claimer->unheard_of = false;
}

/* first ... past - 1 in chunks of `chunk` iterations; 0: in one. */
static inline void pp_claim_block(pp_claimer *claimer, uint64_t first, uint64_t past, uint64_t chunk) {
  claimer->kind = PP_CLAIM_BLOCK;
  claimer->first = first;
  claimer->past = past;
  claimer->chunk = chunk;
  claimer->limit = claimer->train = UINT64_MAX;
}

/* What slot `slot` of `slots` has under static (chunk 0) or static,chunk. */
static inline void pp_claim_static(pp_claimer *claimer, uint64_t count, uint32_t slots, uint32_t slot, uint64_t chunk) {
  if (chunk == 0) {
    uint64_t first, past;
    pp_static_block(count, slots, slot, &first, &past);
    pp_claim_block(claimer, first, past, 0);
  } else {
    claimer->kind = PP_CLAIM_CHUNKS;
    claimer->first = claimer->past = 0;
    claimer->chunk = chunk < count ? chunk : count;
    claimer->left = pp_static_chunks(count, claimer->chunk, slots, slot);
    claimer->next = 0;
  }
}

/* The part of the claimer's slot, by slot. */
static inline void pp_claim_part(pp_claimer *claimer) {
  const pp_division *division = claimer->division;
  if (division->units.count != 0) {
    uint32_t unit = claimer->number;
    pp_claim_block(claimer, pp_units_first(&division->units, unit), pp_units_past(&division->units, unit), 0);
  } else {
    pp_claim_static(claimer, division->space.count, division->slots, claimer->number, division->chunk);
  }
}

/* Puts units into the slot's range, which is empty, and tells those who have found nothing (steal.c). */
void pp_claim_own(pp_claimer *claimer, pp_span span);

/* By counter: the next piece, which is one chunk; false: there is none left. */
static inline bool pp_claim_from_counter(pp_claimer *claimer, pp_piece *piece) {
  const pp_division *division = claimer->division;
  pp_counter *counter = claimer->share->counter;
  uint64_t count = division->space.count, first = 0;
  uint64_t taken = division->guided ? pp_counter_take_guided(counter, count, division->slots, division->chunk, &first)
                                    : pp_counter_take(counter, count, division->chunk, &first);
  if (taken == 0) return false;
  piece->first = first;
  piece->past = first + taken;
  piece->size = piece->hop = taken;
  piece->train = 1;
  return true;
}

/* By counter: takes all that is left, which nobody is to run. Returns how many iterations that was. */
static inline uint64_t pp_claim_rest_of_counter(pp_claimer *claimer) {
  uint64_t first;
  return pp_counter_take(claimer->share->counter, claimer->division->space.count, UINT64_MAX, &first);
}

/* Whether all that the thread has is a block that is one chunk. */
static inline bool pp_claim_is_one_chunk(const pp_claimer *claimer) {
  return claimer->kind == PP_CLAIM_BLOCK && claimer->chunk == 0 && claimer->first < claimer->past;
}

/* The next piece of a block or batch of which `length` iterations are left, more than none. */
static inline void pp_claim_cut(pp_claimer *claimer, uint64_t length, pp_piece *piece) {
  if (length > claimer->limit) length = claimer->limit;
  piece->first = claimer->first;
  piece->past = claimer->first += length;
  piece->size = piece->hop = claimer->chunk != 0 ? claimer->chunk : length;
  piece->train = claimer->train;
}

/* Where nothing is left of a block, and by range. */
bool pp_claim_more(pp_claimer *claimer, pp_piece *piece);

/* The thread's next piece; false: it has no more of its own. Of a block that is a few instructions, and the piece
 * stays in registers. */
static inline bool pp_claim_next(pp_claimer *claimer, pp_piece *piece) {
  uint64_t length = claimer->past - claimer->first;
  if (length == 0 || claimer->kind == PP_CLAIM_RANGE) {
    pp_piece more;
    if (claimer->kind == PP_CLAIM_BLOCK || !pp_claim_more(claimer, &more)) return false;
    *piece = more;
    return true;
  }
  pp_claim_cut(claimer, length, piece);
  return true;
}

/* Whether asking for another piece may bring one, after pieces of this claimer's own. */
bool pp_claim_has_more(const pp_claimer *claimer);

/* The last `left` chunks of the latest piece, one or more, were not run; they come with the next piece. A piece from
 * the counter is one chunk, and is run whole. */
static inline void pp_claim_return(pp_claimer *claimer, const pp_piece *piece, uint64_t left) {
  if (claimer->kind == PP_CLAIM_CHUNKS) {
    claimer->left += left;
    claimer->next -= left;
  } else {
    claimer->first = piece->first + (pp_piece_chunks(piece) - left) * piece->hop;
    if (claimer->kind == PP_CLAIM_RANGE) claimer->begun = (uint32_t)(claimer->first / claimer->division->units.size);
  }
}

/* Whether a part of the block or batch is left, from the latest piece on. */
static inline bool pp_claim_has_rest(const pp_claimer *claimer) { return claimer->first < claimer->past; }

#endif

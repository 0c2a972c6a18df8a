/* SPDX-License-Identifier: MIT */
/* loop.h: worksharing loops as compilers divide them: a thread asks for its first piece, for the next one, and leaves.
 *
 * Each is a prange of ppar's over the iterations' numbers. Compiled code says only at the end whether there is a
 * barrier, so all of them are opened as loops that have none. */
#ifndef PP_GOMP_LOOP_H
#define PP_GOMP_LOOP_H

#include "claim/counter.h"
#include "gomp/data.h"

/* A loop as the construct gives it. */
typedef struct pp_omp_plan {
  uint64_t begin, end, step; /* iteration k has the index begin + k * step, modulo 2^64 */
  uint64_t count;
  ppar_schedule schedule; /* never runtime */
  bool ordered;
} pp_omp_plan;

/* The iterations of loops of both kinds of indices. up: the index rises. */
void pp_omp_plan_long(pp_omp_plan *plan, long begin, long end, long step);
void pp_omp_plan_ull(pp_omp_plan *plan, bool up, unsigned long long begin, unsigned long long end,
                     unsigned long long step);

/* A chunk's size, as ppar's schedules have it. */
static inline int64_t pp_omp_chunk(uint64_t chunk) { return chunk < INT64_MAX ? (int64_t)chunk : INT64_MAX; }

/* What runtime stands for here: the data environment's run-sched. monotonic: whatever that says of the order. */
ppar_schedule pp_omp_runtime(const pp_omp_data *here, bool monotonic);

/* The schedule of calls that have it as a number: the kind in the low bits, and whether it is monotonic. */
ppar_schedule pp_omp_schedule_of(const pp_omp_data *here, long kind, uint64_t chunk);

/* The thread comes to the loop, which is begun at `site` of the program. */
void pp_omp_loop_open(pp_omp_data *here, const pp_omp_plan *plan, const void *site);

/* Its next piece, loop->first ... loop->past - 1. False: there is none. */
bool pp_omp_loop_advance(pp_omp_data *here);

/* Whether a chunk follows the piece in its train, which is then the thread's piece: ppar_prange_goes_on_ is the same
 * for the macros. Nothing is shared but the slot's line, which thieves read; and the loop's last chunk is in no
 * train, so that each ends where its step says. */
static inline bool pp_omp_loop_goes_on(pp_omp_loop *loop) {
  ppar_train_ *train = loop->train;
  if (train == NULL || train->shared == 0) return false;
  if (__atomic_load_n(ppar_team_head_of_(loop->cursor.team)->canceled, __ATOMIC_RELAXED) != 0) return false;
  __atomic_store_n(train->begun, ++train->unit, __ATOMIC_RELAXED);
  if (__atomic_load_n(train->alert, __ATOMIC_RELAXED) != 0) return false;
  train->shared--;
  return true;
}

/* The next chunk of those that all threads take from one counter. One locked operation, and few instructions beside
 * it, all of which come after it: the less there is between two of a thread's claims, the more of them it makes before
 * the line goes to the next thread. What a cancelled region's thread has claimed it does not run. */
static inline bool pp_omp_loop_counts_on(pp_omp_loop *loop, uint64_t *begin, uint64_t *end) {
  uint64_t first = pp_counter_pass(loop->counter, loop->chunk);
  if (__atomic_load_n(loop->canceled, __ATOMIC_RELAXED) != 0) return false;
  *begin = loop->begin + first * loop->step;
  if (first < loop->last) {
    *end = *begin + loop->hop;
    return true;
  }
  *end = loop->end;
  return first < loop->count;
}

/* What the thread's next piece is by what the loop has at hand. */
typedef enum pp_omp_next {
  PP_OMP_NONE,  /* there is none */
  PP_OMP_PIECE, /* the indices from *begin to *end */
  PP_OMP_ASK    /* that takes pp_omp_loop_advance */
} pp_omp_next;

static inline pp_omp_next pp_omp_loop_at_hand(pp_omp_loop *loop, uint64_t *begin, uint64_t *end) {
  if (pp_omp_loop_goes_on(loop)) {
    *begin = loop->at;
    *end = loop->at += loop->hop;
    return PP_OMP_PIECE;
  }
  if (loop->counter == NULL) return PP_OMP_ASK;
  return pp_omp_loop_counts_on(loop, begin, end) ? PP_OMP_PIECE : PP_OMP_NONE;
}

/* What is not at hand. False: there is none. */
static inline bool pp_omp_loop_ask(pp_omp_data *here, uint64_t *begin, uint64_t *end) {
  if (!pp_omp_loop_advance(here)) return false;
  *begin = here->loop.begin + here->loop.first * here->loop.step;
  *end = here->loop.at;
  return true;
}

/* The thread's next piece: the indices from *begin to *end. False: there is none. */
static inline bool pp_omp_loop_next(pp_omp_data *here, uint64_t *begin, uint64_t *end) {
  pp_omp_next next = pp_omp_loop_at_hand(&here->loop, begin, end);
  return next == PP_OMP_ASK ? pp_omp_loop_ask(here, begin, end) : next == PP_OMP_PIECE;
}

/* The thread leaves it. */
void pp_omp_loop_close(pp_omp_data *here);

/* The same where the program may not have said so: gcc begins some regions as one loop (GOMP_parallel_loop_static for
 * schedule(auto)) which it then divides itself, and says nothing at its end. */
static inline void pp_omp_loop_leave(pp_omp_data *here) {
  if (PPAR_SELDOM_(here->loop.cursor.open)) pp_omp_loop_close(here);
}

#endif

/* SPDX-License-Identifier: MIT */
/* static_schedule.h: which iterations a slot has under static (one block) and static,c (every T-th chunk).
 *
 * Everywhere below slots >= 1, slot < slots and chunk >= 1; counts go up to 2^64 - 1. The map depends on the
 * arguments alone: programs rely on it from one loop to the next. The division itself is the public header's, since
 * the prange macros do it as well: ppar/static_.h is arithmetic without types, and the only public header that
 * schedule/ includes. */
#ifndef PP_SCHEDULE_STATIC_SCHEDULE_H
#define PP_SCHEDULE_STATIC_SCHEDULE_H

#include <stdint.h>

#include <ppar/static_.h>

#include "schedule/divide.h"

/* static: the slot's iterations are [*first, *past). Sizes differ by at most one, the larger blocks first. */
static inline void pp_static_block(uint64_t count, uint64_t slots, uint64_t slot, uint64_t *first, uint64_t *past) {
  const ppar_block_64_ block = ppar_static_block_64_(ppar_static_cut_64_(count, slots), slot);
  *first = block.first;
  *past = block.first + block.count;
}

/* Which slot has the iteration, in a cut (ppar_static_cut_64_) that has it. */
static inline uint64_t pp_static_slot_of(ppar_cut_64_ cut, uint64_t iteration) {
  const uint64_t in_larger = cut.larger * (cut.size + 1);
  if (iteration < in_larger) return iteration / (cut.size + 1);
  return cut.larger + (iteration - in_larger) / cut.size;
}

/* static,c: chunk k (of c iterations, the loop's last maybe fewer) is slot k mod slots's. How many the slot has. */
static inline uint64_t pp_static_chunks(uint64_t count, uint64_t chunk, uint64_t slots, uint64_t slot) {
  return ppar_static_dealt_64_(pp_divide_up(count, chunk), slots, slot);
}

/* The first iteration of the slot's j-th chunk; j < pp_static_chunks(...), or the outcome is meaningless. */
static inline uint64_t pp_static_chunk_first(uint64_t chunk, uint64_t slots, uint64_t slot, uint64_t j) {
  return (slot + j * slots) * chunk;
}

/* Past the last iteration of the chunk that starts at first, and how many it has; first < count. */
static inline uint64_t pp_static_chunk_length(uint64_t count, uint64_t chunk, uint64_t first) {
  return count - first < chunk ? count - first : chunk;
}
static inline uint64_t pp_static_chunk_past(uint64_t count, uint64_t chunk, uint64_t first) {
  return first + pp_static_chunk_length(count, chunk, first);
}

#endif

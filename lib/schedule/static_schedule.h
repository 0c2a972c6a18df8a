/* SPDX-License-Identifier: MIT */
/* static_schedule.h: which iterations a slot has under static (one block) and static,c (every T-th chunk).
 *
 * Everywhere below slots >= 1, slot < slots and chunk >= 1; counts go up to 2^64 - 1. The map depends on the
 * arguments alone: programs rely on it from one loop to the next. */
#ifndef PP_SCHEDULE_STATIC_SCHEDULE_H
#define PP_SCHEDULE_STATIC_SCHEDULE_H

#include <stdint.h>

#include "schedule/divide.h"

/* static: the slot's iterations are [*first, *past). Sizes differ by at most one, the larger blocks first. */
static inline void pp_static_block(uint64_t count, uint64_t slots, uint64_t slot, uint64_t *first, uint64_t *past) {
  const uint64_t size = count / slots;
  const uint64_t larger = count % slots; /* so many blocks have one more */
  *first = slot * size + (slot < larger ? slot : larger);
  *past = *first + size + (slot < larger);
}

/* static,c: chunk k (of c iterations, the loop's last maybe fewer) is slot k mod slots's. How many the slot has. */
static inline uint64_t pp_static_chunks(uint64_t count, uint64_t chunk, uint64_t slots, uint64_t slot) {
  const uint64_t chunks = pp_divide_up(count, chunk);
  return slot < chunks ? (chunks - 1 - slot) / slots + 1 : 0;
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

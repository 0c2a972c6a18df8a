/* SPDX-License-Identifier: MIT */
/* space.h: the iteration space: a loop's indices begin, begin + step, ... before end, renumbered 0 ... count - 1.
 *
 * Indices are computed modulo 2^64 and only then read as signed, so that no bounds and no step overflow:
 * INT64_MIN ... INT64_MAX by 1 has 2^64 - 1 iterations, the most there can be. */
#ifndef PP_SCHEDULE_SPACE_H
#define PP_SCHEDULE_SPACE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct pp_space {
  int64_t begin, end, step; /* as the loop's caller gave them; step is not 0 */
  uint64_t count;           /* how many iterations; 0: the loop is empty */
} pp_space;

/* False, and *out as it was, for a step of 0. */
bool pp_space_make(pp_space *out, int64_t begin, int64_t end, int64_t step);

/* The index of an iteration; iteration < count. */
static inline int64_t pp_space_index(const pp_space *space, uint64_t iteration) {
  return (int64_t)((uint64_t)space->begin + iteration * (uint64_t)space->step);
}

/* The exclusive end of a chunk whose last iteration is past - 1: the index that follows, or the loop's own end
 * where none does (one step further might not be an int64_t). */
static inline int64_t pp_space_end(const pp_space *space, uint64_t past) {
  return past < space->count ? pp_space_index(space, past) : space->end;
}

#endif

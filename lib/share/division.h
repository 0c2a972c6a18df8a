/* SPDX-License-Identifier: MIT */
/* division.h: how the iterations of one loop or prange are divided among its slots. It is filled in before anybody
 * else can see it, and is constant until nobody looks at it any more. */
#ifndef PP_SHARE_DIVISION_H
#define PP_SHARE_DIVISION_H

#include <stdbool.h>
#include <stddef.h>

#include "claim/range.h"
#include "claim/slots.h"
#include "schedule/space.h"
#include "schedule/static_schedule.h"
#include "schedule/units.h"

typedef enum pp_sharing {
  PP_BY_SLOT,   /* Each slot has its part and runs it under its own number: static, and loops of at most T units. */
  PP_BY_RANGE,  /* Each slot starts with a part as its range, and steals: dynamic, auto. */
  PP_BY_COUNTER /* All take chunks from one counter: guided, dynamic in monotonic order, and dynamic pranges of a few
                   chunks. */
} pp_sharing;

typedef struct pp_division {
  pp_space space;
  pp_sharing sharing;
  bool guided;
  bool timed;     /* By range: batches that are short by the body's pace are timed, too. */
  bool adaptive;  /* By range: chunks are sized by time, not by `chunk`. */
  uint64_t chunk; /* Iterations in a chunk; 0, by slot: the slot's whole block. */
  pp_units units; /* By range: what is claimed; of a prange perhaps without the last chunk (pp_division_apart). By slot
                     without chunk: one iteration or chunk for each slot. */
  uint32_t slots; /* T */
  uint32_t parts; /* Slots that have work: at most T. */
} pp_division;

/* The units of `count` neighbouring slots' parts, slot `first` and those after it. */
static inline pp_span pp_division_parts(const pp_division *division, uint32_t first, uint32_t count) {
  uint64_t begin, end, ignored;
  pp_static_block(division->units.count, division->parts, first, &begin, &ignored);
  pp_static_block(division->units.count, division->parts, first + count - 1, &ignored, &end);
  return (pp_span){(uint32_t)begin, (uint32_t)end};
}

/* By range: iterations of the last chunk, where that is kept apart (pp_division_set_apart); else 0. */
static inline uint64_t pp_division_apart(const pp_division *division) {
  return division->space.count - division->units.count_iterations;
}

/* By range: the last chunk, or the last iteration where chunks are sized by time, is in no unit. A thread that has
 * found nothing else for good takes it, from the counter, and asks for no more. So whoever runs the last iteration runs
 * none after it. Until then the chunk is within the reach of all: none of them runs anything else while it holds it. */
void pp_division_set_apart(pp_division *division);

/* How much there is to finish, in what a loop's members tell of as they leave: parts, units or iterations. */
static inline uint64_t pp_division_whole(const pp_division *division) {
  switch (division->sharing) {
    case PP_BY_SLOT: return division->parts;
    case PP_BY_RANGE: return division->units.count;
    case PP_BY_COUNTER: break;
  }
  return division->space.count;
}

/* Whether members can tell of it: a group's word has room for 2^33 - 1. By counter a loop may have more iterations. */
static inline bool pp_division_is_told(const pp_division *division) {
  return division->sharing != PP_BY_COUNTER || division->space.count <= PP_DONE_MASK;
}

/* Writes what of `from` differs into *to, member by member: a line is lost to other threads only when something is
 * written. */
void pp_division_describe(pp_division *to, const pp_division *from);

#endif

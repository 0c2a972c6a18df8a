/* SPDX-License-Identifier: MIT */
/* map.h: which thread ran which iterations of a loop, in a row of cells: each a part of the iterations, in order. */
#ifndef PP_SHOW_MAP_H
#define PP_SHOW_MAP_H

#include "show/arena.h"
#include "trace/event.h"

/* What a cell holds in place of a thread's number. */
enum {
  PP_MAP_NONE = -1,  /* Nobody is known to have run any of it. */
  PP_MAP_MIXED = -2, /* Several threads by turns, and none of them most of it. */
};

typedef struct pp_map_cell {
  double all, most; /* How much of it all threads have run, and the one that has run most. 1 is the whole cell. */
  double own;       /* The present thread's. */
  uint32_t pieces;  /* Chunks of all threads. */
  int32_t of;       /* The thread that has run most: its number, or PP_MAP_NONE. */
} pp_map_cell;

typedef struct pp_map {
  pp_map_cell *cell;
  uint32_t cells;
  uint32_t slots; /* T */
  uint64_t shown; /* The cells show iterations 0 ... shown - 1. */
} pp_map;

/* At most `cells` cells for the first `shown` iterations of a loop on so many slots; where there are as few iterations,
 * each has one. False: no memory. */
bool pp_map_make(pp_map *map, pp_arena *arena, uint32_t cells, uint64_t shown, uint32_t slots);

/* The present thread has run a chunk. */
void pp_map_add(pp_map *map, const pp_event *chunk);
/* That was all of the present thread, whose number is this. The next one's chunks follow. */
void pp_map_end_thread(pp_map *map, uint32_t number);

/* Whose the cell is: a thread's number, PP_MAP_NONE or PP_MAP_MIXED. */
int32_t pp_map_at(const pp_map *map, uint32_t cell);
/* The index that the loop's program gave to the iteration. */
static inline int64_t pp_construct_index(const pp_construct *loop, uint64_t iteration) {
  return (int64_t)((uint64_t)loop->index + iteration * (uint64_t)loop->step);
}

/* Whether most cells are mixed. */
bool pp_map_is_mixed(const pp_map *map);

#endif

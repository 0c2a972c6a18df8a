/* SPDX-License-Identifier: MIT */
/* boxes.h: a product of two to six iteration spaces as one line of cells, and a run of that line as boxes.
 *
 * A cell is one iteration or, in a tiled grid, one tile; cells are numbered in serial order, the last
 * dimension innermost. A box is a run of cells within one innermost row, or one tile: tiles do not join,
 * because whoever asks for tiles wants the cache to see them one at a time. */
#ifndef PP_SCHEDULE_BOXES_H
#define PP_SCHEDULE_BOXES_H

#include <stdbool.h>
#include <stdint.h>

#include "schedule/space.h"

enum { PP_DIMENSIONS_MOST = 6, PP_TILED_MOST = 3 };

/* One dimension of a grid. */
typedef struct pp_axis {
  pp_space space;
  uint64_t cells; /* the last one may be a partial tile */
  uint64_t hop;   /* from one cell's first index to the next one's, modulo 2^64 */
} pp_axis;

/* A box's indices along one axis: begin, begin + step, ... before end, by the axis's step. */
typedef struct pp_edge {
  int64_t begin, end;
} pp_edge;

/* The axes are made only when no dimension is empty; then cells is the product of theirs. */
typedef struct pp_grid {
  pp_axis axis[PP_DIMENSIONS_MOST];
  uint64_t cells; /* of the whole grid; 0 when a dimension is empty */
  int rank;       /* how many dimensions: 2 to 6 */
  bool tiled;
} pp_grid;

/* The tile's size along dimension d: a tile has sizes for all dimensions, or for the three innermost ones of more. */
static inline int64_t pp_tile_size(int rank, int d, const int64_t *tile) {
  int outer = rank > PP_TILED_MOST ? rank - PP_TILED_MOST : 0;
  return d >= outer ? tile[d - outer] : 1;
}

/* tile: a tile's iterations in each dimension, of more than three in the three innermost ones, while it has one
 * iteration of the others; 0 for all of them; all 0: not tiled. No tile is negative. False: more than 2^64 - 1
 * iterations. */
static inline bool pp_grid_make(pp_grid *grid, int rank, const pp_space *spaces, const int64_t *tile) {
  uint64_t iterations = 1;
  bool fits = true, empty = false;
  grid->rank = rank;
  grid->tiled = false;
  for (int d = 0; d < rank; d++) {
    empty |= spaces[d].count == 0;
    fits &= !__builtin_mul_overflow(iterations, spaces[d].count, &iterations);
  }
  for (int d = 0; d < rank && d < PP_TILED_MOST; d++) grid->tiled |= tile[d] != 0;
  grid->cells = empty ? 0 : 1;
  for (int d = 0; d < rank && !empty && fits; d++) {
    const uint64_t count = spaces[d].count;
    const int64_t asked = pp_tile_size(rank, d, tile);
    const uint64_t size = !grid->tiled ? 1 : asked != 0 ? (uint64_t)asked : count;
    grid->axis[d].space = spaces[d];
    grid->axis[d].cells = (count - 1) / size + 1;
    grid->axis[d].hop = size * (uint64_t)spaces[d].step;
    grid->cells *= grid->axis[d].cells;
  }
  return fits || empty;
}

/* The indices of `run` cells from number `at` on. Sums wrap back into the bounds: every cell but the
 * last ends where the next one begins, and that is within them. */
static inline pp_edge pp_axis_cut(const pp_axis *axis, uint64_t at, uint64_t run) {
  pp_edge cut = {(int64_t)((uint64_t)axis->space.begin + at * axis->hop), axis->space.end};
  if (at + run != axis->cells) cut.end = (int64_t)((uint64_t)cut.begin + run * axis->hop);
  return cut;
}

/* A walk over a run of cells, box by box: divisions at its start only. */
typedef struct pp_box_walk {
  int rank;                        /* the grid's */
  uint64_t at[PP_DIMENSIONS_MOST]; /* the box's first cell, by its number along each axis */
  uint64_t run;                    /* how many cells the box has, along the innermost axis; 0 before the first box */
  uint64_t left;                   /* cells behind the box */
} pp_box_walk;

/* Before the first box of `count` cells from number `first` on, which the grid has. rank is the grid's: where it is a
 * constant, compilers keep the walk in registers. */
static inline pp_box_walk pp_box_walk_from(const pp_grid *grid, int rank, uint64_t first, uint64_t count) {
  pp_box_walk walk = {.rank = rank, .left = count};
  for (int d = rank - 1; d > 0; d--) {
    walk.at[d] = first % grid->axis[d].cells;
    first /= grid->axis[d].cells;
  }
  walk.at[0] = first;
  return walk;
}

/* Moves to the next box. False when there is none: the walk is over. */
static inline bool pp_box_walk_next(pp_box_walk *walk, const pp_grid *grid) {
  const int inner = walk->rank - 1;
  if (walk->left == 0) return false;
  walk->at[inner] += walk->run;
  for (int d = inner; d > 0; d--) {
    if (walk->at[d] != grid->axis[d].cells) break;
    walk->at[d] = 0;
    walk->at[d - 1]++;
  }
  walk->run = grid->tiled ? 1 : grid->axis[inner].cells - walk->at[inner];
  if (walk->run > walk->left) walk->run = walk->left;
  walk->left -= walk->run;
  return true;
}

/* The present box along axis d. */
static inline pp_edge pp_box_edge(const pp_box_walk *walk, const pp_grid *grid, int d) {
  return pp_axis_cut(&grid->axis[d], walk->at[d], d == walk->rank - 1 ? walk->run : 1);
}

#endif

/* SPDX-License-Identifier: MIT */
/* map.c: shares of cells, thread by thread. */
#include "show/map.h"

/* Of a cell with pieces of several threads the one with this part of it or more has it. A cell with two pieces, where
 * two threads' blocks meet, is whose has more. */
static const double CLEAR_PART = 0.66;
enum { BORDER_PIECES = 2 };

static const double ROUNDING = 1e-9; /* cells: less is an error of the arithmetic */

bool pp_map_make(pp_map *map, pp_arena *arena, uint32_t cells, uint64_t shown, uint32_t slots) {
  map->cells = shown < cells ? (uint32_t)shown : cells;
  map->shown = shown;
  map->slots = slots != 0 ? slots : 1;
  map->cell = pp_arena_array(arena, map->cells, sizeof *map->cell);
  if (map->cell == NULL) return false;
  for (uint32_t c = 0; c < map->cells; c++) map->cell[c].of = PP_MAP_NONE;
  return true;
}

/* From one place to another, in cells: `part` of that was run. */
static void add(pp_map *map, double from, double to, double part) {
  uint32_t first = (uint32_t)from;
  for (uint32_t c = first; c < map->cells && (double)c < to; c++) {
    double begin = (double)c > from ? (double)c : from, end = (double)(c + 1) < to ? (double)(c + 1) : to;
    if (end - begin < ROUNDING) continue;
    map->cell[c].own += (end - begin) * part;
    map->cell[c].pieces++;
  }
}

/* Where a cell has one iteration or less of the chunk each of these is added; else they lie evenly. */
static void add_strided(pp_map *map, const pp_event *chunk, double scale) {
  uint64_t past = chunk->first + (chunk->count - 1) * map->slots + 1;
  if (past > map->shown) past = map->shown;
  if (scale * map->slots < 1) {
    add(map, (double)chunk->first * scale, (double)past * scale, 1.0 / (double)map->slots);
    return;
  }
  for (uint64_t i = chunk->first; i < past; i += map->slots) add(map, (double)i * scale, (double)(i + 1) * scale, 1);
}

void pp_map_add(pp_map *map, const pp_event *chunk) {
  double scale = (double)map->cells / (double)map->shown; /* cells an iteration */
  uint64_t past = chunk->first + chunk->count;
  if (chunk->count == 0 || chunk->first >= map->shown) return;
  if ((chunk->flags & PP_EVENT_STRIDED) != 0) {
    add_strided(map, chunk, scale);
  } else {
    add(map, (double)chunk->first * scale, (double)(past < map->shown ? past : map->shown) * scale, 1);
  }
}

void pp_map_end_thread(pp_map *map, uint32_t number) {
  for (uint32_t c = 0; c < map->cells; c++) {
    pp_map_cell *cell = &map->cell[c];
    if (cell->own > cell->most) {
      cell->most = cell->own;
      cell->of = (int32_t)number;
    }
    cell->all += cell->own;
    cell->own = 0;
  }
}

int32_t pp_map_at(const pp_map *map, uint32_t cell) {
  const pp_map_cell *at = &map->cell[cell];
  return at->pieces > BORDER_PIECES && at->most < CLEAR_PART * at->all ? PP_MAP_MIXED : at->of;
}

bool pp_map_is_mixed(const pp_map *map) {
  uint32_t mixed = 0;
  for (uint32_t c = 0; c < map->cells; c++) mixed += pp_map_at(map, c) == PP_MAP_MIXED;
  return mixed > map->cells / 2;
}

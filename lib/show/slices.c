/* SPDX-License-Identifier: MIT */
/* slices.c: sums for each slice. */
#include "show/slices.h"

#include <string.h>

/* Slices: where several pieces meet, and the longest of them takes less than this, their borders are told apart no
 * longer. */
static const double SHORTEST_SEEN = 1.5;

bool pp_slices_make(pp_slices *slices, pp_arena *arena, uint32_t count, uint64_t begin, uint64_t end) {
  *slices = (pp_slices){.tally = pp_arena_array(arena, count, sizeof *slices->tally),
                        .count = count,
                        .begin = begin,
                        .end = end,
                        .scale = (double)count / (double)(end - begin)};
  return slices->tally != NULL;
}

void pp_slices_clear(pp_slices *slices) { memset(slices->tally, 0, slices->count * sizeof *slices->tally); }

static void add(pp_tally *to, pp_doing doing, uint64_t piece, double part) {
  to->spent[doing] += part;
  if (doing != PP_DOING_WORK) return;
  if (to->pieces == 0 || to->piece != piece) {
    to->pieces++;
    to->piece = piece;
    to->piece_time = 0;
  }
  to->piece_time += part;
  if (to->piece_time > to->best_time) {
    to->best_time = to->piece_time;
    to->best = piece;
  }
}

void pp_slices_add(pp_slices *slices, uint64_t from, uint64_t to, pp_doing doing, uint64_t piece) {
  double begin = (double)(from - slices->begin) * slices->scale, end = (double)(to - slices->begin) * slices->scale;
  for (uint32_t s = (uint32_t)begin; s < slices->count && (double)s < end; s++) {
    double left = begin > (double)s ? begin : (double)s, right = end < (double)(s + 1) ? end : (double)(s + 1);
    add(&slices->tally[s], doing, piece, right - left);
  }
}

void pp_slices_end_piece(pp_slices *slices, uint64_t begin, uint64_t end, uint64_t piece) {
  uint64_t from = begin > slices->begin ? begin : slices->begin, to = end < slices->end ? end : slices->end;
  double left = (double)(from - slices->begin) * slices->scale, right = (double)(to - slices->begin) * slices->scale;
  for (uint32_t s = (uint32_t)left; s < slices->count && (double)s < right; s++) {
    pp_tally *tally = &slices->tally[s];
    if (tally->pieces != 0 && tally->best == piece) tally->best_length = right - left;
  }
}

void pp_slices_steal(pp_slices *slices, uint64_t when) {
  uint32_t slice = (uint32_t)((double)(when - slices->begin) * slices->scale);
  if (slice < slices->count) slices->tally[slice].has_steal = true;
}

void pp_slices_read(const pp_slices *slices, uint64_t last, bool with_steals, bool tells_fine, pp_slice *slice) {
  for (uint32_t s = 0; s < slices->count; s++) {
    const pp_tally *from = &slices->tally[s];
    for (int d = 1; d < PP_DOINGS; d++) {
      if (from->spent[d] > from->spent[slice[s].doing]) slice[s].doing = (uint8_t)d;
    }
    slice[s].is_fine = tells_fine && from->pieces > 1 && from->best_length < SHORTEST_SEEN;
    slice[s].odd = (last - from->best) % 2 != 0;
    slice[s].has_steal = with_steals && from->has_steal;
  }
}

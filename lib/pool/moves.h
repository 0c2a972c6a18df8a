/* SPDX-License-Identifier: MIT */
/* moves.h: when a thread may be moved again that was found on one CPU with a thread of its team, or with the one that
 * had woken it. Where other programs have the CPUs moves are in vain, again and again: so the next one is put off for
 * twice as long each time, unless the latest has held for a while. */
#ifndef PP_POOL_MOVES_H
#define PP_POOL_MOVES_H

#include <stdbool.h>

#include "platform/clock.h"
#include "schedule/tuning.h"

typedef struct pp_moves {
  uint64_t latest, gap; /* Ticks; all zero at first. */
} pp_moves;

/* True: it may be moved now. Whoever asks tries that, and a move that is not made counts as one. */
static inline bool pp_moves_may(pp_moves *moves, uint64_t now) {
  const uint64_t first = pp_ticks_from_ns(PP_MOVE_GAP_NS), most = pp_ticks_from_ns(PP_MOVE_MOST_NS);
  const uint64_t since = now - moves->latest;
  if (since < moves->gap) return false;
  moves->gap = since >= moves->gap * PP_MOVE_HOLDS ? first : moves->gap * 2;
  if (moves->gap > most) moves->gap = most;
  moves->latest = now;
  return true;
}

#endif

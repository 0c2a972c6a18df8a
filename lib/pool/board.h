/* SPDX-License-Identifier: MIT */
/* board.h: a pool's board, on which workers find the records of loops by number. A record stays on it until the pool
 * ends, so a worker may look at a record whose loop is long over.
 *
 * Appending is under the pool's lock; looking is free. The count's release store pairs with the lookers' acquire
 * load: the entry is there. */
#ifndef PP_POOL_BOARD_H
#define PP_POOL_BOARD_H

#include "platform/atomics.h"
#include "platform/cache_line.h"

#define PP_BOARD_SEGMENT 64u
#define PP_BOARD_SEGMENTS 1024u

struct pp_record;

typedef struct pp_board {
  PP_LINE_ALIGNED _Atomic(struct pp_record **) segments[PP_BOARD_SEGMENTS];
  pp_atomic_u32 count;
} pp_board;

static inline uint32_t pp_board_count(pp_board *board) { return pp_load_acquire(&board->count); }

/* number < the count. */
static inline struct pp_record *pp_board_at(pp_board *board, uint32_t number) {
  return pp_load_acquire(&board->segments[number / PP_BOARD_SEGMENT])[number % PP_BOARD_SEGMENT];
}

/* Appends the record, and says under which number. False: no memory, or no room. */
bool pp_board_append(pp_board *board, struct pp_record *record, uint32_t *number);

void pp_board_free(pp_board *board);

#endif

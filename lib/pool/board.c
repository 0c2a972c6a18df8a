/* SPDX-License-Identifier: MIT */
/* board.c: appending to a board. */
#include "pool/board.h"

#include "platform/memory.h"

bool pp_board_append(pp_board *board, struct pp_record *record, uint32_t *number) {
  uint32_t count = pp_load_relaxed(&board->count), segment = count / PP_BOARD_SEGMENT;
  struct pp_record **entries;
  if (segment >= PP_BOARD_SEGMENTS) return false;
  entries = pp_load_relaxed(&board->segments[segment]);
  if (entries == NULL) {
    entries = pp_memory_zalloc(PP_BOARD_SEGMENT * sizeof *entries);
    if (entries == NULL) return false;
    pp_store_release(&board->segments[segment], entries);
  }
  entries[count % PP_BOARD_SEGMENT] = record;
  *number = count;
  pp_store_release(&board->count, count + 1);
  return true;
}

void pp_board_free(pp_board *board) {
  for (uint32_t s = 0; s < PP_BOARD_SEGMENTS; s++) {
    pp_memory_free(pp_load_relaxed(&board->segments[s]));
    pp_store_relaxed(&board->segments[s], NULL);
  }
  pp_store_relaxed(&board->count, 0);
}

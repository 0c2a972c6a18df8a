/* SPDX-License-Identifier: MIT */
/* arena.h: memory for what is made while a process ends, perhaps by a signal: pages of the system's, given out piece
 * by piece, and all given back at once. No locks. */
#ifndef PP_SHOW_ARENA_H
#define PP_SHOW_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pp_arena {
  struct pp_arena_block *latest;
} pp_arena;

/* `bytes` bytes of zeros, aligned for anything; NULL: no memory. */
void *pp_arena_take(pp_arena *arena, size_t bytes);

/* Room for `count` things of `size` bytes; NULL: no memory. */
void *pp_arena_array(pp_arena *arena, uint64_t count, size_t size);

/* A copy of the text. An empty text, where there is no memory for it. */
const char *pp_arena_text(pp_arena *arena, const char *text);

void pp_arena_free(pp_arena *arena);

#endif

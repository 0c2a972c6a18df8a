/* SPDX-License-Identifier: MIT */
/* arena.c: blocks of pages. */
#include "show/arena.h"

#include <stdalign.h>
#include <string.h>

#include "platform/pages.h"

typedef struct pp_arena_block {
  struct pp_arena_block *before;
  size_t size, used; /* Bytes, this included. */
} pp_arena_block;

enum { BLOCK_BYTES = 1 << 20, ALIGNMENT = alignof(max_align_t) };

static size_t rounded(size_t bytes) { return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; }

static pp_arena_block *add(pp_arena *arena, size_t bytes) {
  size_t size = rounded(sizeof(pp_arena_block)) + bytes;
  pp_arena_block *block;
  if (size < BLOCK_BYTES) size = BLOCK_BYTES;
  block = pp_pages_take(size);
  if (block == NULL) return NULL;
  block->before = arena->latest;
  block->size = size;
  block->used = rounded(sizeof(pp_arena_block));
  arena->latest = block;
  return block;
}

void *pp_arena_take(pp_arena *arena, size_t bytes) {
  pp_arena_block *block = arena->latest;
  void *taken;
  if (bytes > SIZE_MAX / 2) return NULL;
  bytes = rounded(bytes);
  if (block == NULL || block->size - block->used < bytes) block = add(arena, bytes);
  if (block == NULL) return NULL;
  taken = (unsigned char *)block + block->used;
  block->used += bytes;
  return taken;
}

void *pp_arena_array(pp_arena *arena, uint64_t count, size_t size) {
  return count > SIZE_MAX / 2 / size ? NULL : pp_arena_take(arena, (size_t)count * size);
}

const char *pp_arena_text(pp_arena *arena, const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = pp_arena_take(arena, size);
  return copy != NULL ? memcpy(copy, text, size) : "";
}

void pp_arena_free(pp_arena *arena) {
  while (arena->latest != NULL) {
    pp_arena_block *block = arena->latest;
    arena->latest = block->before;
    pp_pages_give_back(block, block->size);
  }
}

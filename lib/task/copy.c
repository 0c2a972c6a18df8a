/* SPDX-License-Identifier: MIT */
/* copy.c: a block for each copy. Right before the copy is its block's address, which is not always as many bytes away:
 * blocks are on cache lines of their own, and copies may want more than that. */
#include "task/copy.h"

#include <stdint.h>
#include <string.h>

#include "platform/cache_line.h"
#include "platform/memory.h"

#define PP_COPY_ALIGNMENT_LEAST ((size_t)16) /* malloc's, and with it room for the address */

_Static_assert(sizeof(void *) <= PP_COPY_ALIGNMENT_LEAST, "the block's address fits before the copy");

/* No type's alignment is larger than the largest power of two that divides its size. */
static size_t alignment_for(size_t size) {
  size_t alignment = size & (0 - size);
  if (alignment < PP_COPY_ALIGNMENT_LEAST) return PP_COPY_ALIGNMENT_LEAST;
  return alignment < PP_COPY_ALIGNMENT ? alignment : PP_COPY_ALIGNMENT;
}

void *pp_copy_make(const void *from, size_t size) {
  const size_t alignment = alignment_for(size);
  char *block, *copy;
  if (size > (size_t)PTRDIFF_MAX - alignment) return NULL;
  block = pp_memory_alloc(alignment + size);
  if (block == NULL) return NULL;
  copy = block + alignment - (uintptr_t)block % alignment; /* 16 to `alignment` bytes are before it */
  memcpy(copy - sizeof block, &block, sizeof block);
  return memcpy(copy, from, size);
}

void pp_copy_free(void *copy) {
  char *block;
  memcpy(&block, (char *)copy - sizeof block, sizeof block);
  pp_memory_free(block);
}

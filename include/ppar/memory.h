/* SPDX-License-Identifier: MIT */
/* memory.h: memory that suits parallel loops. */
#ifndef PPAR_MEMORY_H
#define PPAR_MEMORY_H

#include <ppar/base.h>

PPAR_BEGIN_DECLS

/* Gives memory for size bytes that shares no cache line with other blocks. It is aligned to 128 bytes (a pair of lines,
 * which adjacent-line prefetchers fetch together), and its contents are undefined. Nothing is written to it here, so
 * each page of a large block is placed near the thread that first writes it: initialise with the loop that will use it.
 * Any thread, any time.
 * Returns the block; NULL when there is no memory, or size is 0. */
PPAR_API void *ppar_alloc(size_t size);

/* Frees a block that ppar_alloc gave; NULL is fine. Any thread, any time. */
PPAR_API void ppar_free(void *block);

PPAR_END_DECLS

#endif

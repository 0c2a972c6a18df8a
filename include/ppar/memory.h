/* SPDX-License-Identifier: MIT */
/* memory.h: memory that suits parallel loops. */
#ifndef PPAR_MEMORY_H
#define PPAR_MEMORY_H

#include <ppar/base.h>

PPAR_BEGIN_DECLS

/* Memory for size bytes, aligned to 128 bytes so that no two blocks share a cache line (or the pair
 * that adjacent-line prefetchers fetch), its contents undefined. Nothing is written to it here, so each
 * page of a large block is placed near the thread that first writes it: initialise with the loop that
 * will use it. NULL when there is no memory, or size is 0. Any thread, any time. */
PPAR_API void *ppar_alloc(size_t size);

/* Frees what ppar_alloc gave; NULL is fine. Any thread, any time. */
PPAR_API void ppar_free(void *block);

PPAR_END_DECLS

#endif

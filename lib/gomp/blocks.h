/* SPDX-License-Identifier: MIT */
/* blocks.h: memory of one size that a thread takes and gives back again and again: of tasks, of what is counted of a
 * task's children, and of task groups.
 *
 * Who touches it: the thread that a stock belongs to takes and gives back; any other thread of the region, and whoever
 * fulfils an event, may bring a block home.
 *
 *   K1  A block is in use, or in `free`, or in `brought`, of the stock that it was made for.
 *   K2  Memory that was a block stays one until the region's tasks are over: whoever has an old address reads a block
 *       of the same kind, perhaps of another use.
 *
 * Orderings: bringing (the release half of its compare-and-swap) pairs with fetching all (exchange, acquire).
 * Cost: no locked operation for its own thread; bringing is one, on a line of the stock's; fetching is one for all that
 * were brought since. */
#ifndef PP_GOMP_BLOCKS_H
#define PP_GOMP_BLOCKS_H

#include <stddef.h>

#include "platform/atomics.h"
#include "platform/memory.h"

/* What a block begins with. */
typedef struct pp_omp_block {
  struct pp_omp_block *next;
  uint32_t home; /* the number of its thread */
} pp_omp_block;

/* Of a block that is in no stock, but was made by itself and is to be freed. */
#define PP_OMP_NO_HOME UINT32_MAX

typedef _Atomic(pp_omp_block *) pp_omp_brought;

typedef struct pp_omp_stock {
  pp_omp_block *free;
  uint32_t made; /* so many there are */
} pp_omp_stock;

static inline pp_omp_block *pp_omp_block_fetch(pp_omp_brought *brought) {
  return pp_load_relaxed(brought) != NULL ? pp_exchange_acquire(brought, NULL) : NULL;
}

/* A block, which is zero where it is new and as it was left where it is not. NULL: no memory. */
static inline pp_omp_block *pp_omp_block_take(pp_omp_stock *stock, pp_omp_brought *brought, uint32_t home,
                                              size_t size) {
  pp_omp_block *block = stock->free;
  if (block == NULL) block = pp_omp_block_fetch(brought);
  if (block != NULL) {
    stock->free = block->next;
    return block;
  }
  block = pp_memory_zalloc(size);
  if (block == NULL) return NULL;
  block->home = home;
  stock->made++;
  return block;
}

static inline void pp_omp_block_give(pp_omp_stock *stock, pp_omp_block *block) {
  block->next = stock->free;
  stock->free = block;
}

static inline void pp_omp_block_bring(pp_omp_brought *brought, pp_omp_block *block) {
  block->next = pp_load_relaxed(brought);
  while (!pp_cas_acq_rel(brought, &block->next, block)) continue;
}

static inline void pp_omp_blocks_free(pp_omp_block *block) {
  while (block != NULL) {
    pp_omp_block *next = block->next;
    pp_memory_free(block);
    block = next;
  }
}

#endif

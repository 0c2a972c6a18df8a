/* SPDX-License-Identifier: MIT */
/* blocks.h: memory of one size that a thread takes and gives back again and again: of task groups (storage.h), and of
 * what OpenMP's tasks need (task/lane.h). It is made several blocks at a time, and freed with the stock that they
 * belong to.
 *
 * Who touches it: the thread that a stock belongs to takes and gives back. Where others use blocks, too, there is a
 * place to which they bring them home.
 *
 *   K1  A block is in use, or in `free`, or has been brought, of the stock that it was made for.
 *   K2  Memory that was a block stays one as long as the stock: whoever has an old address reads a block of the same
 *       kind, perhaps of another use.
 *
 * Orderings: bringing (the release half of its compare-and-swap) pairs with fetching all (exchange, acquire).
 * Cost: no locked operation for its own thread; bringing is one, on a line of the stock's; fetching is one for all that
 * were brought since. */
#ifndef PP_TASK_BLOCKS_H
#define PP_TASK_BLOCKS_H

#include <stddef.h>

#include "platform/atomics.h"
#include "platform/cache_line.h"
#include "platform/shared.h"

/* What a block begins with. */
typedef struct pp_block {
  struct pp_block *next;
} pp_block;

/* Blocks that were made at once. */
typedef struct pp_slab {
  struct pp_slab *older;
  size_t count, size; /* so many, of so many bytes */
  PP_LINE_ALIGNED char memory[];
} pp_slab;

typedef _Atomic(pp_block *) pp_brought;

typedef struct pp_stock {
  pp_block *free;
  pp_slab *slabs; /* the latest first */
  size_t made;    /* so many blocks there are */
} pp_stock;

/* Makes `count` blocks of `size` bytes, which are free, and zero but for what they begin with. False: no memory. */
bool pp_stock_grow(pp_stock *stock, size_t size, size_t count) PP_SHARED;

/* Frees all of its blocks, wherever they are. */
void pp_stock_free(pp_stock *stock) PP_SHARED;

static inline void *pp_slab_block(pp_slab *slab, size_t number) { return slab->memory + number * slab->size; }

/* All that were brought since the last time. */
static inline pp_block *pp_block_fetch(pp_brought *brought) {
  return pp_load_relaxed(brought) != NULL ? pp_exchange_acquire(brought, NULL) : NULL;
}

/* A block as it was left, if one is there. NULL: there is none; the stock is to grow. */
static inline pp_block *pp_block_take(pp_stock *stock) {
  pp_block *block = stock->free;
  if (block != NULL) stock->free = block->next;
  return block;
}

static inline void pp_block_give(pp_stock *stock, pp_block *block) {
  block->next = stock->free;
  stock->free = block;
}

/* Any thread. */
static inline void pp_block_bring(pp_brought *brought, pp_block *block) {
  block->next = pp_load_relaxed(brought);
  while (!pp_cas_acq_rel(brought, &block->next, block)) continue;
}

#endif

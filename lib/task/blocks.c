/* SPDX-License-Identifier: MIT */
/* blocks.c: making blocks, and freeing them. */
#include "task/blocks.h"

#include "platform/memory.h"

bool pp_stock_grow(pp_stock *stock, size_t size, size_t count) {
  pp_slab *slab;
  size = (size + PP_CACHE_LINE - 1) / PP_CACHE_LINE * PP_CACHE_LINE;
  slab = pp_memory_zalloc(sizeof *slab + count * size);
  if (slab == NULL) return false;
  slab->older = stock->slabs;
  slab->count = count;
  slab->size = size;
  stock->slabs = slab;
  stock->made += count;
  while (count-- > 0) pp_block_give(stock, pp_slab_block(slab, count));
  return true;
}

void pp_stock_free(pp_stock *stock) {
  pp_slab *slab = stock->slabs;
  while (slab != NULL) {
    pp_slab *older = slab->older;
    pp_memory_free(slab);
    slab = older;
  }
  *stock = (pp_stock){.free = NULL};
}

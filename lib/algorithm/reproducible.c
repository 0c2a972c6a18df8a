/* SPDX-License-Identifier: MIT */
/* reproducible.c: a loop over fixed blocks, each folded by one call into a value of its own; then a fixed tree. Who ran
 * which block makes no difference, for any associative operator and any rounding. */
#include "algorithm/reproducible.h"

#include <ppar/status.h>

#include "platform/boundary.h"
#include "platform/cache_line.h"
#include "platform/memory.h"
#include "schedule/blocks.h"
#include "schedule/divide.h"
#include "schedule/tuning.h"
#include "trace/serves.h"

/* Lives on the caller's stack: only bodies read it, and none runs after its loop has returned. */
struct blockwise {
  ppar_fold *fold;
  void *arg;
  const ppar_reduction *reduction;
  pp_space space;
  pp_blocks blocks;
  unsigned char *values; /* block b's at b * size */
};

/* chunk is a run of blocks; the fold gets each as a chunk of the loop's own indices. Its place among the failing ones
 * is the block's, so that a cancellation orders by blocks. */
static void fold_blocks(const ppar_chunk *chunk, void *argument) {
  const struct blockwise *b = argument;
  PP_LINE_ALIGNED unsigned char local[PP_LOCAL_VALUE];
  size_t size = b->reduction->size;
  ppar_chunk block = *chunk;
  block.train_ = NULL;
  block.step = b->space.step;
  for (uint64_t k = 0; k < chunk->count; k++) {
    uint64_t number = (uint64_t)chunk->begin + k, first, past;
    unsigned char *value = b->values + number * size;
    void *accumulator = size <= sizeof local ? (void *)local : (void *)value;
    block.first_ = chunk->first_ + k;
    if (k != 0 && ppar_is_canceled(&block)) return;
    pp_blocks_bounds(&b->blocks, number, &first, &past);
    block.begin = pp_space_index(&b->space, first);
    block.end = pp_space_end(&b->space, past);
    block.count = past - first;
    ppar_reduction_start_(b->reduction, accumulator);
    b->fold(&block, accumulator, b->arg);
    if (accumulator != value) ppar_value_copy_(value, accumulator, size);
  }
}

/* Block 0's value becomes that of all blocks. */
static void combine_blocks(const struct blockwise *b) {
  size_t size = b->reduction->size;
  for (pp_tree tree = pp_tree_of(b->blocks.count); pp_tree_next(&tree);) {
    b->reduction->combine(b->values + tree.into * size, b->values + tree.from * size);
  }
}

int pp_reproducible_reduce(const pp_space *space, ppar_fold *fold, void *arg, const ppar_reduction *reduction,
                           void *result, const ppar_options *options) {
  struct blockwise b = {fold, arg, reduction, *space, pp_blocks_make(space->count, reduction->size, UINT64_MAX), NULL};
  pp_trace_blocks shown = {b.blocks, *space, options->schedule};
  ppar_options over_blocks = *options;
  size_t bytes;
  int status;
  if (__builtin_mul_overflow((size_t)b.blocks.count, reduction->size, &bytes)) return PPAR_ENOMEM;
  b.values = pp_memory_alloc_values(bytes, reduction->size);
  if (b.values == NULL) return PPAR_ENOMEM;
  over_blocks.schedule.chunk = (int64_t)pp_divide_up((uint64_t)over_blocks.schedule.chunk, b.blocks.cut.size);
  pp_trace_serves_blocks(&shown);
  status = ppar_parallel_for(0, (int64_t)b.blocks.count, fold_blocks, &b, &over_blocks);
  if (status == PPAR_OK) {
    combine_blocks(&b);
    reduction->combine(result, b.values);
    PP_BOUNDARY();
  }
  pp_memory_free(b.values);
  return status;
}

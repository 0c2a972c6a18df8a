/* SPDX-License-Identifier: MIT */
/* reduce.c: ppar_parallel_reduce, and the reproducible way: a plain loop over fixed blocks, each folded by one call
 * into a value of its own, then combined in a fixed tree. */
#include <ppar/reduce.h>

#include <errno.h>
#include <string.h>

#include <ppar/status.h>

#include "api/cancel.h"
#include "api/plan.h"
#include "loop/caller.h"
#include "platform/memory.h"
#include "schedule/blocks.h"
#include "share/reduction.h"

enum { PP_LOCAL_VALUE = 64 }; /* values up to this size are folded on the stack: neighbours' lines stay apart */

/* Lives on the caller's stack: only bodies read it, and none runs after its loop has returned. */
struct blockwise {
  ppar_fold *fold;
  void *arg;
  const ppar_reduction *reduction;
  pp_space space;
  pp_blocks blocks;
  unsigned char *values;
};

/* chunk is a run of blocks; the fold gets each as a chunk of the loop's own indices. first_ stays the block's
 * number, so that a cancellation orders by blocks. */
static void fold_blocks(const ppar_chunk *chunk, void *argument) {
  const struct blockwise *b = argument;
  PP_LINE_ALIGNED unsigned char local[PP_LOCAL_VALUE];
  size_t size = b->reduction->size;
  ppar_chunk block = *chunk;
  block.train_ = NULL;
  block.step = b->space.step;
  for (uint64_t k = 0; k < chunk->count; k++) {
    unsigned char *value = b->values + (chunk->first_ + k) * size;
    void *accumulator = size <= sizeof local ? (void *)local : (void *)value;
    uint64_t first, past;
    block.first_ = chunk->first_ + k;
    if (k != 0 && pp_chunk_canceled(&block)) return;
    pp_blocks_bounds(&b->blocks, block.first_, &first, &past);
    block.begin = pp_space_index(&b->space, first);
    block.end = pp_space_end(&b->space, past);
    block.count = past - first;
    pp_reduction_start(b->reduction, accumulator);
    b->fold(&block, accumulator, b->arg);
    if (accumulator != value) memcpy(value, accumulator, size);
  }
}

static int reduce_blockwise(pp_plan *plan, ppar_schedule schedule, ppar_fold *fold, void *arg,
                            const ppar_reduction *reduction, void *result) {
  struct blockwise b = {fold, arg, reduction, plan->loop.division.space, {0, 0}, NULL};
  size_t bytes;
  int status;
  b.blocks = pp_blocks_make(b.space.count, reduction->size);
  if (__builtin_mul_overflow((size_t)b.blocks.count, reduction->size, &bytes)) return PPAR_ENOMEM;
  b.values = pp_memory_alloc(bytes);
  if (b.values == NULL) return PPAR_ENOMEM;
  (void)pp_space_make(&plan->loop.division.space, 0, (int64_t)b.blocks.count, 1);
  schedule.chunk = (int64_t)pp_divide_up((uint64_t)schedule.chunk, b.space.count / b.blocks.count);
  plan->loop.body = fold_blocks;
  plan->loop.arg = &b;
  pp_plan_schedule(&plan->loop.division, schedule);
  status = pp_loop_run(plan->pool, &plan->loop, NULL);
  if (status == PPAR_OK) {
    for (pp_tree tree = pp_tree_of(b.blocks.count); pp_tree_next(&tree);) {
      reduction->combine(b.values + tree.into * reduction->size, b.values + tree.from * reduction->size);
    }
    reduction->combine(result, b.values);
  }
  pp_memory_free(b.values);
  return status;
}

int ppar_parallel_reduce(int64_t begin, int64_t end, ppar_fold *fold, void *arg, const ppar_reduction *reduction,
                         void *result, const ppar_options *options) {
  pp_plan plan;
  ppar_schedule schedule;
  int status, saved_errno = errno;
  if (fold == NULL || !pp_reduction_is_valid(reduction) || result == NULL) {
    return PPAR_EINVAL;
  }
  status = pp_plan_options(&plan, &schedule, options);
  if (status != PPAR_OK) return status;
  (void)pp_space_make(&plan.loop.division.space, begin, end, options != NULL && options->step != 0 ? options->step : 1);
  if (plan.loop.division.space.count == 0) return PPAR_OK;
  if (options != NULL && options->reproducible) {
    status = reduce_blockwise(&plan, schedule, fold, arg, reduction, result);
  } else {
    plan.loop.fold = fold;
    plan.loop.arg = arg;
    plan.loop.reduction = reduction;
    pp_plan_schedule(&plan.loop.division, schedule);
    status = pp_loop_run(plan.pool, &plan.loop, result);
  }
  errno = saved_errno;
  return status;
}

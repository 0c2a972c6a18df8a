/* SPDX-License-Identifier: MIT */
/* scan.c: ppar_parallel_scan and the scans of arrays: a loop that folds blocks, a serial scan of the blocks' values,
 * and a loop that writes blocks from there. */
#include <ppar/scan.h>

#include <errno.h>
#include <string.h>

#include <ppar/status.h>

#include "algorithm/pieces.h"
#include "algorithm/scan_kernels.h"
#include "platform/boundary.h"
#include "platform/cache_line.h"
#include "platform/memory.h"
#include "schedule/blocks.h"
#include "schedule/space.h"
#include "schedule/static_schedule.h"
#include "schedule/tuning.h"

/* Lives on the caller's stack: only bodies read it, and none runs after its loop has returned. */
struct scan {
  ppar_fold *fold;
  ppar_scan *write;
  void *arg;
  const ppar_reduction *reduction;
  pp_space space;
  pp_blocks blocks;
  ppar_cut_64_ parts;    /* of the blocks: where the slots start in the loops over them */
  unsigned char *values; /* block b's at b * stride, on lines of its own */
  size_t stride;
};

/* Whole lines; false: there are no so many bytes. */
static bool round_to_lines(size_t bytes, size_t *rounded) {
  if (__builtin_add_overflow(bytes, PP_CACHE_LINE - 1, rounded)) return false;
  *rounded = *rounded / PP_CACHE_LINE * PP_CACHE_LINE;
  return true;
}

static unsigned char *value_of(const struct scan *scan, uint64_t block) { return scan->values + block * scan->stride; }

/* The block as a chunk of the scan's own indices; false: one before it has failed.
 *
 * For ppar_cancel, which keeps the lowest place that failed, the block's place is its number, put behind those of all
 * pieces. So blocks are ordered as they are in the scan, in whatever order the pieces take them, and the loop over the
 * pieces, which skips what comes after a failure, skips none of them by itself. */
static bool make_block(const struct scan *scan, const ppar_chunk *piece, uint64_t number, ppar_chunk *block) {
  uint64_t first, past;
  *block = *piece;
  block->train_ = NULL;
  block->first_ = scan->blocks.count + number;
  if (ppar_is_canceled(block)) return false;
  pp_blocks_bounds(&scan->blocks, number, &first, &past);
  block->begin = pp_space_index(&scan->space, first);
  block->end = pp_space_end(&scan->space, past);
  block->step = scan->space.step;
  block->count = past - first;
  return true;
}

/* Nothing comes after the last block. The others' values are kept where the next block's prefix will be. */
static void fold_block(const ppar_chunk *piece, void *argument) {
  const struct scan *scan = argument;
  uint64_t number = (uint64_t)piece->begin;
  ppar_chunk block;
  if (number + 1 == scan->blocks.count || !make_block(scan, piece, number, &block)) return;
  ppar_reduction_start_(scan->reduction, value_of(scan, number + 1));
  scan->fold(&block, value_of(scan, number + 1), scan->arg);
}

/* Slots start with the same parts of the blocks in both loops. In the second a part is run from its end: what was
 * folded last is the likeliest to be in a cache still. */
static uint64_t mirrored(const struct scan *scan, uint64_t piece) {
  const ppar_block_64_ part = ppar_static_block_64_(scan->parts, pp_static_slot_of(scan->parts, piece));
  return part.first + part.count - 1 - (piece - part.first);
}

static void write_block(const ppar_chunk *piece, void *argument) {
  const struct scan *scan = argument;
  uint64_t number = mirrored(scan, (uint64_t)piece->begin);
  ppar_chunk block;
  if (make_block(scan, piece, number, &block)) scan->write(&block, value_of(scan, number), scan->arg);
}

/* Each value becomes what it and all before it combine to: values combine into the left one, which is still needed. */
static void combine_values(const struct scan *scan, unsigned char *spare) {
  size_t size = scan->reduction->size;
  ppar_value_copy_(spare, scan->values, size);
  for (uint64_t b = 1; b < scan->blocks.count; b++) {
    scan->reduction->combine(spare, value_of(scan, b));
    ppar_value_copy_(value_of(scan, b), spare, size);
  }
}

static int run_passes(struct scan *scan, const pp_pieces *pieces) {
  uint64_t count = scan->blocks.count;
  if (count > 1) {
    int status = pp_pieces_run(pieces, count, fold_block, scan);
    if (status != PPAR_OK) return status;
    combine_values(scan, value_of(scan, count));
  }
  return pp_pieces_run(pieces, count, write_block, scan);
}

/* Cuts the scan into blocks: fixed ones where the bits have to be the same for every T. A short scan is one block for
 * every T. */
static void cut(struct scan *scan, const pp_pieces *pieces, uint64_t block_least) {
  uint64_t most = scan->space.count / block_least, slots = 1;
  if (most > 1) {
    slots = pp_pieces_slots(pieces);
    if (slots == 1 && !pieces->options.reproducible) most = 1;
    if (most > slots * PP_PIECES_PER_SLOT && !pieces->options.reproducible) most = slots * PP_PIECES_PER_SLOT;
  }
  scan->blocks = pp_blocks_make(scan->space.count, scan->reduction->size, most != 0 ? most : 1);
  scan->parts = ppar_static_cut_64_(scan->blocks.count, scan->blocks.count < slots ? scan->blocks.count : slots);
}

/* scan has its functions, argument, reduction and space, which is not empty. block_least: iterations. spare: bytes
 * behind each value for write's own use. result: NULL, or as in ppar_parallel_scan. */
static int execute(struct scan *scan, const pp_pieces *pieces, uint64_t block_least, size_t spare, void *result) {
  PP_LINE_ALIGNED unsigned char small[PP_CACHE_LINE];
  size_t bytes;
  int status;
  if (!round_to_lines(scan->reduction->size, &scan->stride)) return PPAR_ENOMEM;
  if (__builtin_add_overflow(scan->stride, spare, &bytes) || !round_to_lines(bytes, &scan->stride)) return PPAR_ENOMEM;
  cut(scan, pieces, block_least);
  /* One more for combine_values. */
  size_t values = (size_t)scan->blocks.count + (scan->blocks.count > 1);
  if (__builtin_mul_overflow(values, scan->stride, &bytes)) return PPAR_ENOMEM;
  scan->values = bytes <= sizeof small ? small : pp_memory_alloc_values(bytes, scan->reduction->size);
  if (scan->values == NULL) return PPAR_ENOMEM;
  if (result != NULL) {
    ppar_value_copy_(scan->values, result, scan->reduction->size);
  } else {
    ppar_reduction_start_(scan->reduction, scan->values);
  }
  status = run_passes(scan, pieces);
  if (status == PPAR_OK && result != NULL) {
    ppar_value_copy_(result, value_of(scan, scan->blocks.count - 1), scan->reduction->size);
  }
  if (scan->values != small) pp_memory_free(scan->values);
  return status;
}

int ppar_parallel_scan(int64_t begin, int64_t end, ppar_fold *fold, ppar_scan *write, void *arg,
                       const ppar_reduction *reduction, void *result, const ppar_options *options) {
  struct scan scan;
  pp_pieces pieces;
  int status, saved_errno = errno;
  pp_call call = PP_CALL("ppar_parallel_scan");
  if (fold == NULL) return pp_refuse(call, PP_NOTHING_RUN, "fold", PP_REFUSED_NULL, 0);
  if (write == NULL) return pp_refuse(call, PP_NOTHING_RUN, "write", PP_REFUSED_NULL, 0);
  if (!ppar_reduction_is_valid_(reduction)) return pp_refuse_reduction(call, PP_NOTHING_RUN, reduction);
  if (result == NULL) return pp_refuse(call, PP_NOTHING_RUN, "result", PP_REFUSED_NULL, 0);
  status = pp_pieces_prepare(&pieces, options, PP_TAKES_STEP, call);
  if (status != PPAR_OK) return status;
  scan.fold = fold;
  scan.write = write;
  scan.arg = arg;
  scan.reduction = reduction;
  (void)pp_space_make(&scan.space, begin, end, pieces.step);
  if (scan.space.count == 0) return PPAR_OK;
  status = execute(&scan, &pieces, 1, 0, result);
  PP_BOUNDARY();
  errno = saved_errno;
  return status;
}

/* --- Arrays ------------------------------------------------------------------------------------------------ */

struct arrays {
  const unsigned char *from;
  unsigned char *to;
  const ppar_reduction *reduction;
  const pp_scan_kernels *kernels; /* NULL: the operator is the program's own */
};

static void fold_array(const ppar_chunk *chunk, void *value, void *arg) {
  const struct arrays *arrays = arg;
  size_t size = arrays->reduction->size;
  const unsigned char *x = arrays->from + (size_t)chunk->begin * size;
  if (arrays->kernels != NULL) {
    arrays->kernels->fold(x, chunk->count, value);
  } else {
    for (uint64_t i = 0; i < chunk->count; i++) arrays->reduction->combine(value, x + i * size);
  }
}

static void write_inclusive(const ppar_chunk *chunk, void *value, void *arg) {
  const struct arrays *arrays = arg;
  size_t size = arrays->reduction->size, offset = (size_t)chunk->begin * size;
  if (arrays->kernels != NULL) {
    arrays->kernels->inclusive(arrays->from + offset, arrays->to + offset, chunk->count, value);
    return;
  }
  for (uint64_t i = 0; i < chunk->count; i++, offset += size) {
    arrays->reduction->combine(value, arrays->from + offset);
    memcpy(arrays->to + offset, value, size);
  }
}

static void write_exclusive(const ppar_chunk *chunk, void *value, void *arg) {
  const struct arrays *arrays = arg;
  size_t size = arrays->reduction->size, offset = (size_t)chunk->begin * size, lines = 0;
  unsigned char *before; /* behind the value: the array's element may be the one that is combined */
  if (arrays->kernels != NULL) {
    arrays->kernels->exclusive(arrays->from + offset, arrays->to + offset, chunk->count, value);
    return;
  }
  (void)round_to_lines(size, &lines);
  before = (unsigned char *)value + lines;
  for (uint64_t i = 0; i < chunk->count; i++, offset += size) {
    memcpy(before, value, size);
    arrays->reduction->combine(value, arrays->from + offset);
    memcpy(arrays->to + offset, before, size);
  }
}

static int scan_array(pp_call call, const void *from, void *to, int64_t count, const ppar_reduction *reduction,
                      void *total, const ppar_options *options, ppar_scan *write) {
  struct scan scan;
  struct arrays arrays;
  pp_pieces pieces;
  size_t spare;
  int status, saved_errno = errno;
  if (count < 0) return pp_refuse(call, PP_NOTHING_RUN, "count", PP_REFUSED_NEGATIVE, count);
  if (count != 0 && from == NULL) return pp_refuse(call, PP_NOTHING_RUN, "from", PP_REFUSED_NULL, 0);
  if (count != 0 && to == NULL) return pp_refuse(call, PP_NOTHING_RUN, "to", PP_REFUSED_NULL, 0);
  if (!ppar_reduction_is_valid_(reduction)) return pp_refuse_reduction(call, PP_NOTHING_RUN, reduction);
  status = pp_pieces_prepare(&pieces, options, 0, call);
  if (status != PPAR_OK || count == 0) return status;
  arrays.from = from;
  arrays.to = to;
  arrays.reduction = reduction;
  arrays.kernels = pp_scan_kernels_of(reduction);
  scan.fold = fold_array;
  scan.write = write;
  scan.arg = &arrays;
  scan.reduction = reduction;
  (void)pp_space_make(&scan.space, 0, count, 1);
  spare = write == write_exclusive && arrays.kernels == NULL ? reduction->size : 0;
  status = execute(&scan, &pieces, PP_SCAN_BLOCK_BYTES / reduction->size + 1, spare, total);
  PP_BOUNDARY();
  errno = saved_errno;
  return status;
}

int ppar_inclusive_scan(const void *from, void *to, int64_t count, const ppar_reduction *reduction, void *total,
                        const ppar_options *options) {
  return scan_array(PP_CALL("ppar_inclusive_scan"), from, to, count, reduction, total, options, write_inclusive);
}

int ppar_exclusive_scan(const void *from, void *to, int64_t count, const ppar_reduction *reduction, void *total,
                        const ppar_options *options) {
  return scan_array(PP_CALL("ppar_exclusive_scan"), from, to, count, reduction, total, options, write_exclusive);
}

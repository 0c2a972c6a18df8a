/* SPDX-License-Identifier: MIT */
/* scan.c: ppar_parallel_scan and the scans of arrays: a loop that folds blocks, a serial scan of the blocks' values,
 * and a loop that writes blocks from there. */
#include <ppar/scan.h>

#include <errno.h>
#include <string.h>

#include <ppar/status.h>

#include "algorithm/pieces.h"
#include "algorithm/scan_kernels.h"
#include "platform/memory.h"
#include "schedule/blocks.h"
#include "share/control.h"
#include "share/reduction.h"

enum { PP_SCAN_BLOCK_BYTES = 16384 }; /* a block of an array has more: a few microseconds' work, worth a claim */

/* Lives on the caller's stack: only bodies read it, and none runs after its loop has returned. */
struct scan {
  ppar_fold *fold;
  ppar_scan *write;
  void *arg;
  const ppar_reduction *reduction;
  pp_space space;
  pp_blocks blocks;
  uint64_t parts;        /* of the loops over blocks */
  unsigned char *values; /* block b's at b * stride, on lines of its own */
  size_t stride;
  pp_control control; /* of both loops: what fails is a block, whatever the order of the blocks */
};

/* Whole lines; false: there are no so many bytes. */
static bool round_to_lines(size_t bytes, size_t *rounded) {
  if (__builtin_add_overflow(bytes, PP_CACHE_LINE - 1, rounded)) return false;
  *rounded = *rounded / PP_CACHE_LINE * PP_CACHE_LINE;
  return true;
}

static unsigned char *value_of(const struct scan *scan, uint64_t block) { return scan->values + block * scan->stride; }

/* The block as a chunk of the loop's own indices; false: one before it has failed. */
static bool make_block(struct scan *scan, int thread, uint64_t number, ppar_chunk *block) {
  uint64_t first, past;
  if (pp_cancel_skips(&scan->control.cancel, number)) return false;
  pp_blocks_bounds(&scan->blocks, number, &first, &past);
  *block = (ppar_chunk){.begin = pp_space_index(&scan->space, first),
                        .end = pp_space_end(&scan->space, past),
                        .step = scan->space.step,
                        .count = past - first,
                        .thread = thread,
                        .first_ = number,
                        .loop_ = &scan->control};
  return true;
}

/* Nothing comes after the last block. The others' values are kept where the next block's prefix will be. */
static void fold_block(const ppar_chunk *piece, void *argument) {
  struct scan *scan = argument;
  uint64_t number = (uint64_t)piece->begin;
  ppar_chunk block;
  if (number + 1 == scan->blocks.count || !make_block(scan, piece->thread, number, &block)) return;
  pp_reduction_start(scan->reduction, value_of(scan, number + 1));
  scan->fold(&block, value_of(scan, number + 1), scan->arg);
}

/* Slots start with the same parts of the blocks in both loops. In the second a part is run from its end: what was
 * folded last is the likeliest to be in a cache still. */
static uint64_t mirrored(const struct scan *scan, uint64_t piece) {
  uint64_t size = scan->blocks.count / scan->parts, larger = scan->blocks.count % scan->parts;
  uint64_t in_larger = larger * (size + 1), first, past;
  uint64_t part = piece < in_larger ? piece / (size + 1) : larger + (piece - in_larger) / size;
  pp_static_block(scan->blocks.count, scan->parts, part, &first, &past);
  return past - 1 - (piece - first);
}

static void write_block(const ppar_chunk *piece, void *argument) {
  struct scan *scan = argument;
  uint64_t number = mirrored(scan, (uint64_t)piece->begin);
  ppar_chunk block;
  if (make_block(scan, piece->thread, number, &block)) scan->write(&block, value_of(scan, number), scan->arg);
}

static bool is_canceled(struct scan *scan) { return pp_load_acquire(&scan->control.cancel.lowest) != PP_CANCEL_NONE; }

/* Each value becomes what it and all before it combine to: values combine into the left one, which is still needed. */
static void combine_values(const struct scan *scan, unsigned char *spare) {
  size_t size = scan->reduction->size;
  memcpy(spare, scan->values, size);
  for (uint64_t b = 1; b < scan->blocks.count; b++) {
    scan->reduction->combine(spare, value_of(scan, b));
    memcpy(value_of(scan, b), spare, size);
  }
}

static int run_passes(struct scan *scan, pp_plan *plan) {
  uint64_t count = scan->blocks.count;
  if (count > 1) {
    (void)pp_pieces_run(plan, count, fold_block, scan);
    if (is_canceled(scan)) return scan->control.cancel.status;
    combine_values(scan, value_of(scan, count));
  }
  (void)pp_pieces_run(plan, count, write_block, scan);
  return is_canceled(scan) ? scan->control.cancel.status : PPAR_OK;
}

/* Fills in scan->blocks: fixed ones where the bits have to be the same for every T. */
static void cut(struct scan *scan, uint32_t slots, uint64_t block_least, bool reproducible) {
  uint64_t most = (uint64_t)slots * PP_PIECES_PER_SLOT, worth = scan->space.count / block_least;
  scan->blocks = pp_blocks_make(scan->space.count, scan->reduction->size);
  if (worth == 0) worth = 1;
  if (scan->blocks.count > worth) scan->blocks.count = worth;
  if (reproducible) return;
  if (slots == 1) most = 1;
  if (scan->blocks.count > most) scan->blocks.count = most;
}

/* scan has its functions, argument, reduction and space, which is not empty. block_least: iterations. spare: bytes
 * behind each value for write's own use. result: NULL, or as in ppar_parallel_scan. */
static int execute(struct scan *scan, pp_plan *plan, uint64_t block_least, size_t spare, void *result,
                   bool reproducible) {
  PP_LINE_ALIGNED unsigned char small[PP_CACHE_LINE];
  size_t bytes;
  int status;
  if (!round_to_lines(scan->reduction->size, &scan->stride)) return PPAR_ENOMEM;
  if (__builtin_add_overflow(scan->stride, spare, &bytes) || !round_to_lines(bytes, &scan->stride)) return PPAR_ENOMEM;
  cut(scan, plan->loop.division.slots, block_least, reproducible);
  scan->parts = scan->blocks.count < plan->loop.division.slots ? scan->blocks.count : plan->loop.division.slots;
  /* One more for combine_values. */
  size_t values = (size_t)scan->blocks.count + (scan->blocks.count > 1);
  if (__builtin_mul_overflow(values, scan->stride, &bytes)) return PPAR_ENOMEM;
  scan->values = bytes <= sizeof small ? small : pp_memory_alloc(bytes);
  if (scan->values == NULL) return PPAR_ENOMEM;
  if (result != NULL) {
    memcpy(scan->values, result, scan->reduction->size);
  } else {
    pp_reduction_start(scan->reduction, scan->values);
  }
  pp_control_reset(&scan->control);
  scan->control.share = NULL;
  status = run_passes(scan, plan);
  if (status == PPAR_OK && result != NULL) {
    memcpy(result, value_of(scan, scan->blocks.count - 1), scan->reduction->size);
  }
  if (scan->values != small) pp_memory_free(scan->values);
  return status;
}

int ppar_parallel_scan(int64_t begin, int64_t end, ppar_fold *fold, ppar_scan *write, void *arg,
                       const ppar_reduction *reduction, void *result, const ppar_options *options) {
  struct scan scan;
  pp_plan plan;
  ppar_schedule schedule;
  int status, saved_errno = errno;
  if (fold == NULL || write == NULL || !pp_reduction_is_valid(reduction) || result == NULL) return PPAR_EINVAL;
  status = pp_plan_options(&plan, &schedule, options);
  if (status != PPAR_OK) return status;
  scan.fold = fold;
  scan.write = write;
  scan.arg = arg;
  scan.reduction = reduction;
  (void)pp_space_make(&scan.space, begin, end, options != NULL && options->step != 0 ? options->step : 1);
  if (scan.space.count == 0) return PPAR_OK;
  status = execute(&scan, &plan, 1, 0, result, options != NULL && options->reproducible);
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

static int scan_array(const void *from, void *to, int64_t count, const ppar_reduction *reduction, void *total,
                      const ppar_options *options, ppar_scan *write) {
  struct scan scan;
  struct arrays arrays;
  pp_plan plan;
  ppar_schedule schedule;
  size_t spare;
  int status, saved_errno = errno;
  if (count < 0 || (count != 0 && (from == NULL || to == NULL)) || !pp_reduction_is_valid(reduction))
    return PPAR_EINVAL;
  if (options != NULL && options->step != 0) return PPAR_EINVAL;
  status = pp_plan_options(&plan, &schedule, options);
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
  status = execute(&scan, &plan, PP_SCAN_BLOCK_BYTES / reduction->size + 1, spare, total,
                   options != NULL && options->reproducible);
  errno = saved_errno;
  return status;
}

int ppar_inclusive_scan(const void *from, void *to, int64_t count, const ppar_reduction *reduction, void *total,
                        const ppar_options *options) {
  return scan_array(from, to, count, reduction, total, options, write_inclusive);
}

int ppar_exclusive_scan(const void *from, void *to, int64_t count, const ppar_reduction *reduction, void *total,
                        const ppar_options *options) {
  return scan_array(from, to, count, reduction, total, options, write_exclusive);
}

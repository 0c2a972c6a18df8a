/* SPDX-License-Identifier: MIT */
/* blocks.h: the fixed blocks of a reproducible reduction, and the fixed tree that combines their partials.
 *
 * Both depend on the number of iterations and the value's size alone, never on slots, schedule or time: whoever
 * folds a block folds the same iterations in the same order, and whoever combines two partials combines the same
 * two, so the bits are the same for every T. */
#ifndef PP_SCHEDULE_BLOCKS_H
#define PP_SCHEDULE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schedule/static_schedule.h"
#include "schedule/tuning.h"

typedef struct pp_blocks {
  uint64_t count;   /* how many blocks; 0 only without iterations, never more than PP_BLOCKS_MAX */
  ppar_cut_64_ cut; /* of the iterations, as if each block was a slot's */
} pp_blocks;

/* value_size: of one partial, in bytes, not 0. most: no more blocks than this; not 0; UINT64_MAX where any number will
 * do. */
pp_blocks pp_blocks_make(uint64_t iterations, size_t value_size, uint64_t most);

/* Block b's iterations, [*first, *past): never empty. b < count. */
static inline void pp_blocks_bounds(const pp_blocks *blocks, uint64_t block, uint64_t *first, uint64_t *past) {
  const ppar_block_64_ bounds = ppar_static_block_64_(blocks->cut, block);
  *first = bounds.first;
  *past = bounds.first + bounds.count;
}

/* The tree, bottom up: at strides 1, 2, 4, ... block i with i mod 2 stride = 0 takes block i + stride, if there
 * is one. For five blocks:
 *
 *     0   1   2   3   4
 *     0 < 1   2 < 3   |     stride 1
 *     0 ----- < 2     |     stride 2
 *     0 ------------- < 4   stride 4
 *
 * Block 0 ends up with everything, combined in the iterations' order (combine need not be commutative). As a loop:
 *
 *     for (pp_tree tree = pp_tree_of(count); pp_tree_next(&tree);) combine(partial[tree.into], partial[tree.from]);
 *
 * Pairs of one stride touch different blocks; those of the next need them all done. */
typedef struct pp_tree {
  uint64_t count, stride, into, from;
} pp_tree;

/* Before the first pair. count <= 2^62. */
static inline pp_tree pp_tree_of(uint64_t count) {
  pp_tree tree = {count, 1, 0, 0};
  return tree;
}

/* Moves to the next pair, into and from; false when there is none, and then no further call. */
static inline bool pp_tree_next(pp_tree *tree) {
  if (tree->from != 0) tree->into += 2 * tree->stride;
  if (tree->into + tree->stride >= tree->count) {
    tree->stride *= 2;
    tree->into = 0;
    if (tree->stride >= tree->count) return false;
  }
  tree->from = tree->into + tree->stride;
  return true;
}

#endif

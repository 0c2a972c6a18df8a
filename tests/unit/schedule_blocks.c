/* SPDX-License-Identifier: MIT */
/* Reproducible reductions' blocks tile the loop, few enough for their partials; the tree combines them all, in
 * order, in one shape. */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "schedule/blocks.h"

static const size_t value_sizes[] = {1,     4,       8,       16,       4096,     32768,   32769,
                                     65536, 1 << 20, 1 << 21, 64 << 20, 65 << 20, SIZE_MAX};
enum { VALUE_SIZES = sizeof value_sizes / sizeof value_sizes[0] };

static const uint64_t loops[] = {0, 1, 2, 63, 64, 65, 1000, 2047, 2048, 2049, 100000, (uint64_t)1 << 40, UINT64_MAX};
enum { LOOPS = sizeof loops / sizeof loops[0] };

Test(schedule_blocks, blocks_tile_the_loop_and_none_is_empty) {
  for (int n = 0; n < LOOPS; n++) {
    for (int v = 0; v < VALUE_SIZES; v++) {
      const pp_blocks blocks = pp_blocks_make(loops[n], value_sizes[v], UINT64_MAX);
      uint64_t reached = 0;
      for (uint64_t block = 0; block < blocks.count; block++) {
        uint64_t first, past;
        pp_blocks_bounds(&blocks, block, &first, &past);
        if (first != reached || past <= first) cr_assert_fail("block %" PRIu64 " of %" PRIu64, block, blocks.count);
        reached = past;
      }
      if (reached != loops[n]) cr_assert_fail("%" PRIu64 " of %" PRIu64, reached, loops[n]);
    }
  }
}

Test(schedule_blocks, their_number_keeps_to_its_limits) {
  for (int n = 0; n < LOOPS; n++) {
    for (int v = 0; v < VALUE_SIZES; v++) {
      const uint64_t count = pp_blocks_make(loops[n], value_sizes[v], UINT64_MAX).count;
      const bool within_memory = count <= 64 || value_sizes[v] <= ((size_t)64 << 20) / count;
      const bool enough = count >= (loops[n] < 64 ? loops[n] : 64);
      if (count > 2048 || count > loops[n] || !within_memory || !enough) {
        cr_assert_fail("%" PRIu64 " blocks for %" PRIu64 " iterations of %zu bytes", count, loops[n], value_sizes[v]);
      }
    }
  }
}

Test(schedule_blocks, doubles_have_2048_blocks_and_large_values_fewer) {
  cr_assert_eq(pp_blocks_make(100000000, sizeof(double), UINT64_MAX).count, 2048);
  cr_assert_eq(pp_blocks_make(1000, sizeof(double), UINT64_MAX).count, 1000);
  cr_assert_eq(pp_blocks_make(100000000, 65536, UINT64_MAX).count, 1024);
  cr_assert_eq(pp_blocks_make(100000000, (size_t)1 << 30, UINT64_MAX).count, 64);
}

Test(schedule_blocks, a_caller_may_have_fewer) {
  for (uint64_t most = 1; most <= 3000; most += 37) {
    const pp_blocks blocks = pp_blocks_make(5000, sizeof(double), most);
    uint64_t first, past;
    cr_assert_eq(blocks.count, most < 2048 ? most : 2048);
    pp_blocks_bounds(&blocks, blocks.count - 1, &first, &past);
    cr_assert_eq(past, 5000);
  }
}

/* A partial is the blocks it holds, and a digest of how they were put together. */
struct partial {
  uint64_t first, past, digest;
};

static struct partial leaf(uint64_t block) {
  return (struct partial){block, block + 1, (block + 1) * UINT64_C(0x9e3779b97f4a7c15)};
}

/* Neither associative nor commutative, so that it tells one shape and order from another. */
static struct partial join(struct partial left, struct partial right) {
  uint64_t digest = (left.digest ^ (left.digest >> 29)) * UINT64_C(0xbf58476d1ce4e5b9) + right.digest;
  return (struct partial){left.first, right.past, digest ^ (digest >> 32)};
}

/* The tree from the top: of a power of two of places the first half, then the second where it holds any block. */
static struct partial tree_from_the_top(uint64_t first, uint64_t places, uint64_t count) {
  if (places == 1) return leaf(first);
  struct partial left = tree_from_the_top(first, places / 2, count);
  if (first + places / 2 >= count) return left;
  return join(left, tree_from_the_top(first + places / 2, places / 2, count));
}

static void check_tree(uint64_t count) {
  static struct partial partials[PP_BLOCKS_MAX];
  uint64_t places = 1, pairs = 0;
  for (uint64_t block = 0; block < count; block++) partials[block] = leaf(block);
  for (pp_tree tree = pp_tree_of(count); pp_tree_next(&tree); pairs++) {
    if (tree.from >= count || partials[tree.into].past != partials[tree.from].first) {
      cr_assert_fail("of %" PRIu64 " blocks, %" PRIu64 " takes %" PRIu64, count, tree.into, tree.from);
    }
    partials[tree.into] = join(partials[tree.into], partials[tree.from]);
  }
  if (pairs != (count > 0 ? count - 1 : 0)) cr_assert_fail("%" PRIu64 " pairs of %" PRIu64 " blocks", pairs, count);
  if (count == 0) return;
  while (places < count) places *= 2;
  if (partials[0].first != 0 || partials[0].past != count) cr_assert_fail("not all of %" PRIu64 " blocks", count);
  if (partials[0].digest != tree_from_the_top(0, places, count).digest) cr_assert_fail("shape for %" PRIu64, count);
}

Test(schedule_blocks, the_tree_combines_all_blocks_in_order_and_in_its_one_shape) {
  for (uint64_t count = 0; count <= 600; count++) check_tree(count);
  for (uint64_t count = PP_BLOCKS_MAX - 3; count <= PP_BLOCKS_MAX; count++) check_tree(count);
}

Test(schedule_blocks, pairs_of_one_stride_touch_different_blocks) {
  for (uint64_t count = 2; count <= 300; count++) {
    uint64_t touched_at[300] = {0};
    for (pp_tree tree = pp_tree_of(count); pp_tree_next(&tree);) {
      if (touched_at[tree.into] == tree.stride || touched_at[tree.from] == tree.stride) {
        cr_assert_fail("stride %" PRIu64 " of %" PRIu64 " blocks", tree.stride, count);
      }
      touched_at[tree.into] = touched_at[tree.from] = tree.stride;
    }
  }
}

/* SPDX-License-Identifier: MIT */
/* blocks.c: how many blocks a reproducible reduction has. */
#include "schedule/blocks.h"

pp_blocks pp_blocks_make(uint64_t iterations, size_t value_size, uint64_t most) {
  pp_blocks blocks = {PP_BLOCKS_BYTES / value_size, {0, 0}};
  if (blocks.count < PP_BLOCKS_FEW) blocks.count = PP_BLOCKS_FEW;
  if (blocks.count > PP_BLOCKS_MAX) blocks.count = PP_BLOCKS_MAX;
  if (blocks.count > most) blocks.count = most;
  if (blocks.count > iterations) blocks.count = iterations;
  if (blocks.count != 0) blocks.cut = ppar_static_cut_64_(iterations, blocks.count);
  return blocks;
}

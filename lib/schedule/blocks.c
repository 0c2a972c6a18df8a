/* SPDX-License-Identifier: MIT */
/* blocks.c: how many blocks a reproducible reduction has. */
#include "schedule/blocks.h"

pp_blocks pp_blocks_make(uint64_t iterations, size_t value_size) {
  uint64_t count = PP_BLOCKS_BYTES / value_size;
  if (count < PP_BLOCKS_FEW) count = PP_BLOCKS_FEW;
  if (count > PP_BLOCKS_MAX) count = PP_BLOCKS_MAX;
  if (count > iterations) count = iterations;
  return (pp_blocks){iterations, count};
}

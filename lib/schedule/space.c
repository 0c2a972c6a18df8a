/* SPDX-License-Identifier: MIT */
/* space.c: how many iterations a loop has. */
#include "schedule/space.h"

bool pp_space_make(pp_space *out, int64_t begin, int64_t end, int64_t step) {
  const bool up = step > 0;
  uint64_t count = 0;
  if (step == 0) return false;
  if (up ? begin < end : begin > end) {
    const uint64_t distance = up ? (uint64_t)end - (uint64_t)begin : (uint64_t)begin - (uint64_t)end;
    const uint64_t stride = up ? (uint64_t)step : 0 - (uint64_t)step;
    /* Most loops have a stride of 1; a 64-bit division would be a good part of a small loop's cost. */
    count = stride == 1 ? distance : (distance - 1) / stride + 1;
  }
  *out = (pp_space){begin, end, step, count};
  return true;
}

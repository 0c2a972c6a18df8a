/* SPDX-License-Identifier: MIT */
/* busy.c: sums of each part of the time. */
#include "show/busy.h"

pp_busy pp_busy_begin(pp_arena *arena, uint64_t length, uint32_t most) {
  pp_busy busy = {.width = length / most + 1};
  uint32_t count = (uint32_t)(length / busy.width) + 1;
  busy.some = pp_arena_array(arena, count, sizeof *busy.some);
  busy.more = pp_arena_array(arena, (uint64_t)count + 1, sizeof *busy.more);
  if (busy.some != NULL && busy.more != NULL) busy.count = count;
  return busy;
}

void pp_busy_add(pp_busy *busy, uint64_t begin, uint64_t end, int change) {
  uint64_t first = begin / busy->width, last = end / busy->width;
  if (change == 0 || last >= busy->count || first > last) return;
  if (first == last) {
    busy->some[first] += change * (int64_t)(end - begin);
    return;
  }
  busy->some[first] += change * (int64_t)((first + 1) * busy->width - begin);
  busy->some[last] += change * (int64_t)(end - last * busy->width);
  busy->more[first + 1] += change;
  busy->more[last] -= change;
}

double pp_busy_mean(const pp_busy *busy, uint32_t part, int64_t *whole) {
  *whole += busy->more[part];
  return (double)*whole + (double)busy->some[part] / (double)busy->width;
}

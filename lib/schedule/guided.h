/* SPDX-License-Identifier: MIT */
/* guided.h: the size of guided's next chunk. */
#ifndef PP_SCHEDULE_GUIDED_H
#define PP_SCHEDULE_GUIDED_H

#include <stdint.h>

#include "schedule/divide.h"

/* max(ceil(remaining / slots), minimum), but never more than remaining: only the loop's last chunk is smaller
 * than minimum. 0 when nothing remains. slots >= 1; a minimum of 0 counts as 1. */
static inline uint64_t pp_guided_chunk(uint64_t remaining, uint64_t slots, uint64_t minimum) {
  const uint64_t share = pp_divide_up(remaining, slots);
  const uint64_t chunk = share > minimum ? share : minimum;
  return chunk < remaining ? chunk : remaining;
}

#endif

/* SPDX-License-Identifier: MIT */
/* divide.h: division that rounds up, without the overflow of (dividend + divisor - 1). */
#ifndef PP_SCHEDULE_DIVIDE_H
#define PP_SCHEDULE_DIVIDE_H

#include <stdint.h>

/* The least number of groups of `divisor` that hold `dividend`; divisor is not 0. */
static inline uint64_t pp_divide_up(uint64_t dividend, uint64_t divisor) {
  return dividend / divisor + (dividend % divisor != 0);
}

#endif

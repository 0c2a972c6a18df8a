// SPDX-License-Identifier: MIT
// loops_unsigned.c: loops.h with unsigned counters of 32 bits.
#include <limits.h>
#include <stdint.h>

#define COUNTER unsigned
#define LOWEST 0U
#define HIGHEST UINT_MAX
#include "c/loops.h"

LOOP_PROGRAMS(unsigned)

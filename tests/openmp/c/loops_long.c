// SPDX-License-Identifier: MIT
// loops_long.c: loops.h with counters of 64 bits.
#include <limits.h>
#include <stdint.h>

#define COUNTER long
#define LOWEST LONG_MIN
#define HIGHEST LONG_MAX
#include "c/loops.h"

LOOP_PROGRAMS(long)

// SPDX-License-Identifier: MIT
// loops_int.c: loops.h with counters of 32 bits.
#include <limits.h>
#include <stdint.h>

#define COUNTER int
#define LOWEST INT_MIN
#define HIGHEST INT_MAX
#include "c/loops.h"

LOOP_PROGRAMS(int)

// SPDX-License-Identifier: MIT
// loops_short.c: loops.h with counters that are narrower than what the library counts in.
#include <limits.h>
#include <stdint.h>

#define COUNTER short
#define LOWEST SHRT_MIN
#define HIGHEST SHRT_MAX
#include "c/loops.h"

LOOP_PROGRAMS(short)

// SPDX-License-Identifier: MIT
// loops_ull.c: loops.h with unsigned counters of 64 bits, which have entry points of their own.
#include <limits.h>
#include <stdint.h>

#define COUNTER unsigned long long
#define LOWEST 0ULL
#define HIGHEST ULLONG_MAX
#include "c/loops.h"

LOOP_PROGRAMS(ull)

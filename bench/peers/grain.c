/* SPDX-License-Identifier: MIT */
/* grain.c: two names, see grain.h. */
#include "peers/grain.h"

void bench_grain_stream(int64_t i, int64_t n) { bench_keep((uint64_t)(i + n)); }
void bench_grain_compute(int64_t i, int64_t n) { bench_keep((uint64_t)(i - n)); }

/* SPDX-License-Identifier: MIT */
/* company.h: the sum that is computed again and again beside other programs: iterations of some seven nanoseconds. */
#ifndef BENCH_COMPANY_H
#define BENCH_COMPANY_H

#include "peers/serve.h"

/* A chain of operations that each wait for the one before. */
static inline double bench_company_iteration(int64_t i) {
  uint64_t state = (uint64_t)i;
  for (int k = 0; k < 5; k++) {
    state = state * UINT64_C(6364136223846793005) + 1;
    bench_keep(state);
  }
  return (double)(state >> 60);
}

#endif

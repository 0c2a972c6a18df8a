/* SPDX-License-Identifier: MIT */
/* company.h: the sum that is computed again and again beside other programs: iterations of some seven nanoseconds. */
#ifndef BENCH_COMPANY_H
#define BENCH_COMPANY_H

#include "peers/serve.h"

/* Additions that each wait for the one before, of an iteration's too: no processor runs several at once. Of small whole
 * numbers, so that their order does not show in the sum. */
enum { BENCH_COMPANY_ADDITIONS = 7 };

static inline double bench_company_add(double sum, int64_t i) {
  for (int k = 0; k < BENCH_COMPANY_ADDITIONS; k++) sum += (double)((i + k) & 1);
  return sum;
}

#endif

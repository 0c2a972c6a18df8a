/* SPDX-License-Identifier: MIT */
/* scale.h: the one unit that all times of a table are written in. */
#ifndef BENCH_SCALE_H
#define BENCH_SCALE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct bench_scale {
  double ns;
  const char *name;
} bench_scale;

/* The least and the greatest of some times in ns. Begin with BENCH_NO_RANGE. */
typedef struct bench_range {
  double least, most;
} bench_range;

#define BENCH_NO_RANGE \
  { INFINITY, 0 }

/* What is not above 0, or no number, changes nothing. */
void bench_range_add(bench_range *range, double ns);

/* True when all times of the range can be read in one unit, without an exponent. */
bool bench_range_fits(const bench_range *range);

/* The largest unit that keeps the least at 1 or more. Where the most has more than six digits in it, a larger one, if
 * that keeps the least at a tenth or more. */
bench_scale bench_scale_of(const bench_range *range);

#endif

/* SPDX-License-Identifier: MIT */
/* scale.c: units of time, and which of them a range of times is written in. */
#include "driver/scale.h"

#include <math.h>

static const bench_scale scales[] = {{1, "ns"}, {1e3, "us"}, {1e6, "ms"}, {1e9, "s"}};
enum { SCALES = sizeof scales / sizeof *scales };

/* What six digits can show. */
#define MOST 999999.5

/* Of a unit, the least that is still read with ease. */
#define LEAST 0.1

void bench_range_add(bench_range *range, double ns) {
  if (!isfinite(ns) || !(ns > 0)) return;
  range->least = fmin(range->least, ns);
  range->most = fmax(range->most, ns);
}

bool bench_range_fits(const bench_range *range) { return range->most < MOST * bench_scale_of(range).ns; }

bench_scale bench_scale_of(const bench_range *range) {
  size_t s = 0;
  if (!(range->most > 0)) return scales[0];
  while (s + 1 < SCALES && (range->least >= 0.9995 * scales[s + 1].ns ||
                            (range->most >= MOST * scales[s].ns && range->least >= LEAST * scales[s + 1].ns)))
    s++;
  return scales[s];
}

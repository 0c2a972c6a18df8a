/* SPDX-License-Identifier: MIT */
/* quantity.c: a time and its unit. */
#include "driver/quantity.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

static const struct {
  double ns;
  const char *name;
} scales[] = {{1, "ns"}, {1e3, "us"}, {1e6, "ms"}, {1e9, "s"}};
enum { SCALES = sizeof scales / sizeof *scales };

bench_quantity_text bench_time_text(double ns) {
  bench_quantity_text out;
  size_t s = 0;
  double value;
  if (!isfinite(ns)) {
    snprintf(out.text, sizeof out.text, "-");
    return out;
  }
  while (s + 1 < SCALES && ns >= 0.9995 * scales[s + 1].ns) s++;
  value = ns / scales[s].ns;
  if (value >= 99999.5) {
    snprintf(out.text, sizeof out.text, "%.2e %s", value, scales[s].name);
  } else {
    snprintf(out.text, sizeof out.text, "%.*f %s", value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value, scales[s].name);
  }
  return out;
}

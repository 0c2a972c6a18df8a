/* SPDX-License-Identifier: MIT */
/* units.h: the iteration space cut into units of claiming.
 *
 * A range that others may steal from is two 32-bit unit numbers in one word, so a loop has at most 2^31 units.
 * A unit is a whole number of grains (dynamic's chunk, for one), as few as that limit allows: 1 up to 2^31 grains.
 * Whoever claims units cuts them at grains again, so a body still never gets more than a chunk. */
#ifndef PP_SCHEDULE_UNITS_H
#define PP_SCHEDULE_UNITS_H

#include <stdint.h>

#define PP_UNITS_MAX ((uint32_t)1 << 31)

typedef struct pp_units {
  uint64_t count_iterations;
  uint64_t size;  /* iterations in each unit but the last, which may have fewer; a multiple of the grain */
  uint32_t count; /* how many units, at most PP_UNITS_MAX */
} pp_units;

/* grain >= 1. */
pp_units pp_units_make(uint64_t iterations, uint64_t grain);

/* Units [a, b), a < b, are the iterations [pp_units_first(a), pp_units_past(b - 1)). */

/* A unit's first iteration; unit < count. */
static inline uint64_t pp_units_first(const pp_units *units, uint32_t unit) { return unit * units->size; }

/* Past a unit's last iteration; unit < count. */
static inline uint64_t pp_units_past(const pp_units *units, uint32_t unit) {
  const uint64_t first = pp_units_first(units, unit);
  return units->count_iterations - first < units->size ? units->count_iterations : first + units->size;
}

#endif

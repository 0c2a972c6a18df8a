/* SPDX-License-Identifier: MIT */
/* units.c: how large a unit must be for the units' numbers to fit. */
#include "schedule/units.h"

#include "schedule/divide.h"

pp_units pp_units_make(uint64_t iterations, uint64_t grain) {
  pp_units units = {iterations, grain, 0};
  if (iterations > PP_UNITS_MAX) {
    /* ceil(iterations / size) <= MAX means size >= least. The product cannot overflow: it is the grain itself, or
     * below least + grain with a grain below least <= 2^33. */
    const uint64_t least = pp_divide_up(iterations, PP_UNITS_MAX);
    units.size = pp_divide_up(least, grain) * grain;
  }
  units.count = (uint32_t)(units.size == 1 ? iterations : pp_divide_up(iterations, units.size));
  return units;
}

/* SPDX-License-Identifier: MIT */
/* division.c: describing divisions. */
#include "share/division.h"

#define SET(member) \
  if (to->member != from->member) to->member = from->member

_Static_assert(sizeof(void *) != 8 || sizeof(pp_division) == 80, "a member more or less: see pp_division_describe");

void pp_division_describe(pp_division *to, const pp_division *from) {
  SET(space.begin);
  SET(space.end);
  SET(space.step);
  SET(space.count);
  SET(sharing);
  SET(guided);
  SET(timed);
  SET(adaptive);
  SET(chunk);
  SET(units.size);
  SET(units.count);
  SET(units.count_iterations);
  SET(slots);
  SET(parts);
}

void pp_division_set_apart(pp_division *division) {
  uint64_t chunk = division->adaptive ? 1 : division->chunk, others = (division->space.count - 1) / chunk * chunk;
  if (others != 0) division->units = pp_units_make(others, chunk);
}

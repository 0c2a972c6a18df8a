/* SPDX-License-Identifier: MIT */
/* Units of claiming: whole grains, as few as the limit on their number allows, that tile the iteration space. */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "schedule/units.h"

static uint64_t units_needed(uint64_t iterations, uint64_t size) {
  return iterations / size + (iterations % size != 0);
}

/* Unit `unit` is what lies between unit * size and the next multiple, within the loop; it joins the next one. */
static void check_unit(const pp_units *units, uint32_t unit) {
  const uint64_t first = unit * units->size, left = units->count_iterations - first;
  const uint64_t past = units->size < left ? first + units->size : units->count_iterations;
  if (pp_units_first(units, unit) != first || pp_units_past(units, unit) != past || first >= past) {
    cr_assert_fail("unit %" PRIu32 " of %" PRIu32 ", size %" PRIu64, unit, units->count, units->size);
  }
  if (unit == units->count - 1 && past != units->count_iterations)
    cr_assert_fail("the last unit stops before the loop's end");
}

static void check_units(uint64_t iterations, uint64_t grain) {
  const pp_units units = pp_units_make(iterations, grain);
  const uint64_t needed = units_needed(iterations, units.size);
  bool right = units.count_iterations == iterations && units.count == needed && needed <= PP_UNITS_MAX;
  right = right && units.size > 0 && units.size % grain == 0;
  /* The least: one grain fewer in a unit would take too many units. */
  right = right && (units.size == grain || units_needed(iterations, units.size - grain) > PP_UNITS_MAX);
  if (!right) {
    cr_assert_fail("%" PRIu64 " by %" PRIu64 ": %" PRIu32 " of %" PRIu64, iterations, grain, units.count, units.size);
  }
  if (units.count == 0) return;
  check_unit(&units, 0);
  check_unit(&units, units.count / 3);
  check_unit(&units, units.count / 2);
  if (units.count > 1) check_unit(&units, units.count - 2);
  check_unit(&units, units.count - 1);
}

Test(schedule_units, small_loops_have_units_of_one_grain_that_tile_them) {
  for (uint64_t iterations = 0; iterations <= 200; iterations++) {
    for (uint64_t grain = 1; grain <= 210; grain++) {
      const pp_units units = pp_units_make(iterations, grain);
      uint64_t reached = 0;
      check_units(iterations, grain);
      if (units.size != grain) cr_assert_fail("size %" PRIu64 " for grain %" PRIu64, units.size, grain);
      for (uint32_t unit = 0; unit < units.count; unit++) {
        if (pp_units_first(&units, unit) != reached) cr_assert_fail("a gap before unit %" PRIu32, unit);
        reached = pp_units_past(&units, unit);
      }
      if (reached != iterations) cr_assert_fail("%" PRIu64 " of %" PRIu64, reached, iterations);
    }
  }
}

Test(schedule_units, the_number_of_units_is_limited_by_enlarging_them) {
  cr_assert_eq(pp_units_make(PP_UNITS_MAX, 1).size, 1);
  cr_assert_eq(pp_units_make(PP_UNITS_MAX, 1).count, PP_UNITS_MAX);
  cr_assert_eq(pp_units_make((uint64_t)PP_UNITS_MAX + 1, 1).size, 2);
  cr_assert_eq(pp_units_make((uint64_t)PP_UNITS_MAX * 3, 2).size, 4);
  cr_assert_eq(pp_units_make((uint64_t)PP_UNITS_MAX * 3, 5).size, 5);
}

Test(schedule_units, extremes_of_iterations_and_grain) {
  static const uint64_t bases[] = {0,
                                   (uint64_t)1 << 20,
                                   (uint64_t)1 << 31,
                                   (uint64_t)1 << 32,
                                   (uint64_t)1 << 33,
                                   (uint64_t)3 << 40,
                                   (uint64_t)1 << 62,
                                   (uint64_t)1 << 63,
                                   UINT64_MAX - 10};
  enum { BASES = sizeof bases / sizeof bases[0], NEAR = 10 };
  for (int i = 0; i < BASES; i++) {
    for (int g = 0; g < BASES; g++) {
      for (uint64_t di = 0; di <= 2 * NEAR; di++) {
        for (uint64_t dg = 0; dg <= 2 * NEAR; dg++) {
          /* Around each base; none goes below 0 or beyond UINT64_MAX. */
          const uint64_t iterations = bases[i] - (bases[i] > NEAR ? NEAR : 0) + di;
          const uint64_t grain = bases[g] - (bases[g] > NEAR ? NEAR : 0) + dg;
          if (grain > 0) check_units(iterations, grain);
        }
      }
    }
  }
}

/* SPDX-License-Identifier: MIT */
/* share_division.c: the parts that a loop's units are divided into. */
#include "share/division.h"

#include <criterion/criterion.h>

#include "../support/scale.h"

TestSuite(share_division, .timeout = SCALE_TIMEOUT);

static pp_division divided(uint32_t units, uint32_t parts) {
  return (pp_division){.units = {units, 1, units}, .parts = parts, .slots = parts};
}

Test(share_division, parts_tile_the_units_larger_ones_first) {
  static const uint32_t counts[] = {1, 2, 7, 8, 9, 100, 1000003, PP_UNITS_MAX};
  for (int c = 0; c < 8; c++) {
    for (uint32_t parts = 1; parts <= 40 && parts <= counts[c]; parts++) {
      pp_division division = divided(counts[c], parts);
      uint32_t next = 0, longest = 0, length = 0;
      for (uint32_t part = 0; part < parts; part++) {
        pp_span span = pp_division_parts(&division, part, 1);
        cr_assert_eq(span.first, next);
        length = pp_span_length(span);
        if (part == 0) longest = length;
        cr_assert(length == longest || length == longest - 1);
        cr_assert_geq(length, 1);
        next = span.past;
      }
      cr_assert_eq(next, counts[c]);
    }
  }
}

Test(share_division, neighbouring_parts_are_one_span) {
  for (uint32_t parts = 1; parts <= 20; parts++) {
    pp_division division = divided(137, parts);
    for (uint32_t first = 0; first < parts; first++) {
      for (uint32_t count = 1; first + count <= parts; count++) {
        pp_span span = pp_division_parts(&division, first, count);
        cr_assert_eq(span.first, pp_division_parts(&division, first, 1).first);
        cr_assert_eq(span.past, pp_division_parts(&division, first + count - 1, 1).past);
      }
    }
  }
}

Test(share_division, the_last_chunk_is_in_no_unit_where_it_is_apart) {
  for (uint64_t chunk = 1; chunk <= 7; chunk++) {
    for (uint64_t count = 1; count <= 50; count++) {
      for (int adaptive = 0; adaptive <= 1; adaptive++) {
        uint64_t size = adaptive != 0 ? 1 : chunk, last = (count - 1) % size + 1;
        pp_division division = {.space = {.count = count, .step = 1}, .sharing = PP_BY_RANGE, .chunk = chunk};
        division.adaptive = adaptive != 0;
        division.units = pp_units_make(count, size);
        cr_assert_eq(pp_division_apart(&division), 0);
        pp_division_set_apart(&division);
        cr_assert_eq(pp_division_apart(&division), count > last ? last : 0, "a loop of one chunk is one unit");
        cr_assert_eq(division.space.count, count);
        cr_assert_eq(pp_units_past(&division.units, division.units.count - 1), count > last ? count - last : count);
      }
    }
  }
}

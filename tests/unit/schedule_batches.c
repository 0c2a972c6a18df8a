/* SPDX-License-Identifier: MIT */
/* schedule_batches.c: batches and bursts of every size are as large as they should be, and even where they are
 * large. */
#include <criterion/criterion.h>

#include "schedule/batches.h"

Test(schedule_batches, the_first_is_a_small_part_of_the_range_and_never_nothing) {
  for (uint64_t length = 0; length < 10000; length++) {
    uint64_t first = pp_batch_first(length);
    cr_assert(first >= 1 && first <= PP_FIRST_UNITS && (first == 1 || first <= length / PP_FIRST_PART));
  }
  cr_assert_eq(pp_batch_first(UINT32_MAX), PP_FIRST_UNITS);
}

Test(schedule_batches, the_next_is_full_unless_slots_have_few_of_them) {
  for (uint64_t full = 1; full < 3000; full += 7) {
    for (uint64_t units = 1; units < (1 << 20); units = units * 3 + 1) {
      for (uint64_t parts = 1; parts <= units && parts < 5000; parts = parts * 5 + 1) {
        uint64_t next = pp_batch_next(full, units, parts), part = units / parts / PP_PART_TAKES;
        cr_assert(next >= 1 && next <= full && next * PP_LEAST_PART >= full);
        if (part >= full) cr_assert_eq(next, full);
        if (next < full) cr_assert(next >= part);
      }
    }
  }
}

Test(schedule_batches, a_large_one_ends_at_an_even_place) {
  for (uint64_t first = 0; first < 3 * PP_EVEN_UNITS; first++) {
    for (uint64_t length = 1; length < 3 * PP_EVEN_BATCH; length++) {
      uint64_t even = pp_batch_even(first, length);
      cr_assert(even <= length && even + PP_EVEN_UNITS > length);
      cr_assert(length < PP_EVEN_BATCH ? even == length : (first + even) % PP_EVEN_UNITS == 0);
    }
  }
}

Test(schedule_batches, bursts_of_a_large_one_begin_at_even_places) {
  for (uint64_t length = 1; length < 5 * PP_EVEN_BATCH; length++) {
    for (uint64_t parts = 1; parts < 100; parts = parts * 2 + 1) {
      uint64_t burst = pp_batch_burst(length, 1 << 20, parts);
      cr_assert(burst >= 1);
      cr_assert(burst * PP_BURSTS >= length || burst * parts * PP_BURSTS >= 1 << 20);
      cr_assert(burst < PP_EVEN_BATCH / PP_BURSTS || burst % PP_EVEN_UNITS == 0);
      cr_assert_leq(burst, length / PP_BURSTS + PP_EVEN_UNITS);
    }
  }
}

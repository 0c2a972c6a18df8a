/* SPDX-License-Identifier: MIT */
/* guided's chunks against their definition, found by counting up and, for huge loops, by plain division. */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "schedule/guided.h"

/* The least number of iterations that, given to every slot, covers what remains. */
static uint64_t fair_share(uint64_t remaining, uint64_t slots) {
  uint64_t share = 0;
  while (share * slots < remaining) share++;
  return share;
}

Test(schedule_guided, chunks_follow_the_definition) {
  for (uint64_t remaining = 0; remaining <= 100; remaining++) {
    for (uint64_t slots = 1; slots <= 17; slots++) {
      for (uint64_t minimum = 0; minimum <= 105; minimum++) {
        uint64_t expected = fair_share(remaining, slots);
        if (expected < minimum) expected = minimum;
        if (expected > remaining) expected = remaining;
        if (pp_guided_chunk(remaining, slots, minimum) != expected) {
          cr_assert_fail("%" PRIu64 " remaining, %" PRIu64 " slots, at least %" PRIu64, remaining, slots, minimum);
        }
      }
    }
  }
}

Test(schedule_guided, a_loops_chunks_never_grow_cover_it_and_only_the_last_is_below_the_minimum) {
  for (uint64_t count = 1; count <= 300; count++) {
    for (uint64_t slots = 1; slots <= 9; slots++) {
      for (uint64_t minimum = 1; minimum <= 20; minimum++) {
        uint64_t remaining = count, previous = count;
        while (remaining > 0) {
          const uint64_t chunk = pp_guided_chunk(remaining, slots, minimum);
          if (chunk == 0 || chunk > previous || chunk > remaining || (chunk < minimum && chunk != remaining)) {
            cr_assert_fail("%" PRIu64 " remaining of %" PRIu64 ": %" PRIu64, remaining, count, chunk);
          }
          previous = chunk;
          remaining -= chunk;
        }
      }
    }
  }
}

Test(schedule_guided, huge_loops_do_not_overflow) {
  static const uint64_t values[] = {1,         2, 3, 63, INT32_MAX, (uint64_t)1 << 63, UINT64_MAX / 2, UINT64_MAX - 1,
                                    UINT64_MAX};
  enum { VALUES = sizeof values / sizeof values[0] };
  for (int r = 0; r < VALUES; r++) {
    for (int s = 0; s < VALUES; s++) {
      for (int m = 0; m < VALUES; m++) {
        uint64_t expected = values[r] / values[s] + (values[r] % values[s] != 0);
        if (expected < values[m]) expected = values[m];
        if (expected > values[r]) expected = values[r];
        if (pp_guided_chunk(values[r], values[s], values[m]) != expected) {
          cr_assert_fail("%" PRIu64 " remaining, %" PRIu64 " slots, at least %" PRIu64, values[r], values[s],
                         values[m]);
        }
      }
    }
  }
}

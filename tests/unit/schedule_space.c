/* SPDX-License-Identifier: MIT */
/* The iteration space against the plain for loop that it stands for; beyond int64_t, against 128-bit
 * arithmetic where the compiler has it.
 *
 * Checks of many cases use a plain `if` around a failure: an assertion each would take most of the time. */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "schedule/space.h"

enum { SMALL = 9, MOST = 2 * SMALL + 1 };

/* The indices of the loop, by running it. */
static uint64_t run_loop(int64_t begin, int64_t end, int64_t step, int64_t *indices) {
  uint64_t count = 0;
  for (int64_t i = begin; step > 0 ? i < end : i > end; i += step) indices[count++] = i;
  return count;
}

Test(schedule_space, a_step_of_zero_is_refused_and_nothing_is_written) {
  pp_space space = {11, 22, 33, 44};
  cr_assert_not(pp_space_make(&space, 0, 10, 0));
  cr_assert(space.begin == 11 && space.end == 22 && space.step == 33 && space.count == 44);
}

Test(schedule_space, counts_and_indices_are_the_plain_loops) {
  int64_t indices[MOST];
  for (int64_t begin = -SMALL; begin <= SMALL; begin++) {
    for (int64_t end = -SMALL; end <= SMALL; end++) {
      for (int64_t step = -MOST - 2; step <= MOST + 2; step++) {
        pp_space space;
        uint64_t count;
        if (step == 0) continue;
        count = run_loop(begin, end, step, indices);
        if (!pp_space_make(&space, begin, end, step) || space.count != count) {
          cr_assert_fail("%" PRId64 " to %" PRId64 " by %" PRId64, begin, end, step);
        }
        for (uint64_t k = 0; k < count; k++) {
          if (pp_space_index(&space, k) != indices[k]) cr_assert_fail("iteration %" PRIu64, k);
        }
      }
    }
  }
}

Test(schedule_space, every_chunks_bounds_run_exactly_its_iterations) {
  int64_t indices[MOST], of_chunk[MOST + 1];
  for (int64_t begin = -SMALL; begin <= SMALL; begin++) {
    for (int64_t end = -SMALL; end <= SMALL; end++) {
      for (int64_t step = -4; step <= 4; step++) {
        pp_space space;
        if (!pp_space_make(&space, begin, end, step)) continue;
        run_loop(begin, end, step, indices);
        for (uint64_t first = 0; first < space.count; first++) {
          for (uint64_t past = first + 1; past <= space.count; past++) {
            uint64_t count = run_loop(pp_space_index(&space, first), pp_space_end(&space, past), step, of_chunk);
            bool same = count == past - first;
            for (uint64_t k = 0; same && k < count; k++) same = of_chunk[k] == indices[first + k];
            if (!same) {
              cr_assert_fail("%" PRId64 " to %" PRId64 " by %" PRId64 ", chunk [%" PRIu64 ", %" PRIu64 ")", begin, end,
                             step, first, past);
            }
          }
        }
      }
    }
  }
}

Test(schedule_space, the_last_chunk_ends_at_the_loops_own_end) {
  pp_space space;
  cr_assert(pp_space_make(&space, 0, 10, 4));
  cr_assert_eq(space.count, 3);
  cr_assert_eq(pp_space_end(&space, 3), 10);
  cr_assert(pp_space_make(&space, INT64_MIN, INT64_MAX, INT64_MAX));
  cr_assert_eq(space.count, 3);
  cr_assert_eq(pp_space_end(&space, 3), INT64_MAX);
}

Test(schedule_space, the_whole_of_int64_has_two_to_the_64_minus_1_iterations) {
  pp_space space;
  cr_assert(pp_space_make(&space, INT64_MIN, INT64_MAX, 1));
  cr_assert_eq(space.count, UINT64_MAX);
  cr_assert_eq(pp_space_index(&space, UINT64_MAX - 1), INT64_MAX - 1);
  cr_assert_eq(pp_space_index(&space, (uint64_t)1 << 63), 0);
  cr_assert(pp_space_make(&space, INT64_MAX, INT64_MIN, -1));
  cr_assert_eq(space.count, UINT64_MAX);
  cr_assert_eq(pp_space_index(&space, UINT64_MAX - 1), INT64_MIN + 1);
  cr_assert(pp_space_make(&space, INT64_MAX, INT64_MIN, INT64_MIN));
  cr_assert_eq(space.count, 2);
  cr_assert_eq(pp_space_index(&space, 1), -1);
}

#if defined(__SIZEOF_INT128__)

__extension__ typedef __int128 wide;

static const int64_t extremes[] = {
    INT64_MIN, INT64_MIN + 1,    INT64_MIN + 2, INT64_MIN / 2, -((int64_t)1 << 32), -2,       -1, 0, 1, 2,
    7,         (int64_t)1 << 32, INT64_MAX / 2, INT64_MAX - 2, INT64_MAX - 1,       INT64_MAX};
enum { EXTREMES = sizeof extremes / sizeof extremes[0] };

static wide wide_count(wide begin, wide end, wide step) {
  const wide distance = step > 0 ? end - begin : begin - end;
  const wide stride = step > 0 ? step : -step;
  return distance <= 0 ? 0 : (distance + stride - 1) / stride;
}

/* The iterations next to both ends and in the middle; and the last few as one chunk, run as a plain loop. */
static void check_extreme(int64_t begin, int64_t end, int64_t step) {
  const wide count = wide_count(begin, end, step);
  pp_space space;
  if (!pp_space_make(&space, begin, end, step) || space.count != count) {
    cr_assert_fail("%" PRId64 " to %" PRId64 " by %" PRId64, begin, end, step);
  }
  if (count == 0) return;
  const uint64_t some[] = {0, space.count > 1, space.count / 3, space.count / 2, space.count - 1};
  for (int s = 0; s < 5; s++) {
    const wide index = (wide)begin + (wide)some[s] * step;
    if (pp_space_index(&space, some[s]) != index) cr_assert_fail("iteration %" PRIu64, some[s]);
    if (some[s] + 1 < space.count && pp_space_end(&space, some[s] + 1) != index + step) {
      cr_assert_fail("end after iteration %" PRIu64, some[s]);
    }
  }
  for (uint64_t length = 1; length <= 3 && length <= space.count; length++) {
    const wide past = pp_space_end(&space, space.count);
    uint64_t ran = 0;
    for (wide i = pp_space_index(&space, space.count - length); step > 0 ? i < past : i > past; i += step) ran++;
    if (ran != length) cr_assert_fail("the last %" PRIu64 " ran as %" PRIu64, length, ran);
  }
}

Test(schedule_space, extremes_never_overflow) {
  static const int64_t steps[] = {1,  2,  3,  7,  (int64_t)1 << 32,    INT64_MAX / 2, INT64_MAX - 1, INT64_MAX,
                                  -1, -2, -3, -7, -((int64_t)1 << 32), INT64_MIN / 2, INT64_MIN + 1, INT64_MIN};
  for (int b = 0; b < EXTREMES; b++) {
    for (int e = 0; e < EXTREMES; e++) {
      for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) check_extreme(extremes[b], extremes[e], steps[s]);
    }
  }
}

#endif

/* SPDX-License-Identifier: MIT */
/* Unusual schedules: the chunks of a shuffled loop are all of its iterations, each once, whatever the dice show; and
 * the same dice give the same chunks in the same order. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

#include "schedule/shuffle.h"
#include "schedule/tuning_checks.h"

enum { SEEDS = 200, MOST = 20000 };

static const uint64_t small_loops[] = {1, 2, 3, 7, 64, 255, 256, 257, 1000, 4095, 4096, 4097, 20000};
enum { SMALL_LOOPS = sizeof small_loops / sizeof small_loops[0] };

static const uint64_t large_loops[] = {1000000, (uint64_t)1 << 40, (uint64_t)1 << 63, UINT64_MAX - 1, UINT64_MAX};
enum { LARGE_LOOPS = sizeof large_loops / sizeof large_loops[0] };

static const uint32_t slot_numbers[] = {2, 3, 8, 33, 4096};
enum { SLOT_NUMBERS = sizeof slot_numbers / sizeof slot_numbers[0] };

static pp_shuffle shuffle_of(uint64_t count, uint32_t slots, uint64_t seed) {
  pp_dice dice = {pp_dice_mix(seed, count)};
  return pp_shuffle_make(count, slots, &dice);
}

static void check_each_once(uint64_t count, uint32_t slots, uint64_t seed) {
  static unsigned char seen[MOST];
  const pp_shuffle shuffle = shuffle_of(count, slots, seed);
  memset(seen, 0, sizeof seen);
  for (uint64_t place = 0; place < shuffle.chunks; place++) {
    uint64_t first, past;
    pp_shuffle_bounds(&shuffle, place, &first, &past);
    if (first >= past || past > count) cr_assert_fail("%" PRIu64 " ... %" PRIu64 " of %" PRIu64, first, past, count);
    for (uint64_t i = first; i < past; i++) {
      if (seen[i]++ != 0) cr_assert_fail("%" PRIu64 " twice of %" PRIu64 ", seed %" PRIu64, i, count, seed);
    }
  }
  if (memchr(seen, 0, (size_t)count) != NULL)
    cr_assert_fail("one is missing of %" PRIu64 ", seed %" PRIu64, count, seed);
}

Test(schedule_shuffle, chunks_are_all_iterations_each_once) {
  for (int n = 0; n < SMALL_LOOPS; n++) {
    for (int s = 0; s < SLOT_NUMBERS; s++) {
      for (uint64_t seed = 1; seed <= SEEDS; seed++) check_each_once(small_loops[n], slot_numbers[s], seed);
    }
  }
}

/* Too long to mark each: as many iterations as there are, and no two chunks with the same first one. */
Test(schedule_shuffle, chunks_of_long_loops_add_up) {
  for (int n = 0; n < LARGE_LOOPS; n++) {
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
      const pp_shuffle shuffle = shuffle_of(large_loops[n], 8, seed);
      uint64_t sum = 0, first_sum = 0, first, past;
      cr_assert_leq(shuffle.chunks, PP_SHAKE_WINDOW + 8 * PP_SHAKE_BLOCKS + 1);
      for (uint64_t place = 0; place < shuffle.chunks; place++) {
        pp_shuffle_bounds(&shuffle, place, &first, &past);
        cr_assert(first < past && past <= large_loops[n]);
        sum += past - first;
        first_sum += first;
      }
      cr_assert_eq(sum, large_loops[n]);
      pp_shuffle forward = shuffle;
      forward.order = PP_SHUFFLE_FORWARD;
      for (uint64_t place = 0; place < forward.chunks; place++) {
        pp_shuffle_bounds(&forward, place, &first, &past);
        first_sum -= first;
      }
      cr_assert_eq(first_sum, 0);
    }
  }
}

Test(schedule_shuffle, the_same_dice_give_the_same_chunks) {
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    const pp_shuffle one = shuffle_of(100000, 4, seed), two = shuffle_of(100000, 4, seed);
    for (uint64_t place = 0; place < one.chunks; place++) {
      uint64_t first, past, first_again, past_again;
      pp_shuffle_bounds(&one, place, &first, &past);
      pp_shuffle_bounds(&two, place, &first_again, &past_again);
      cr_assert(one.chunks == two.chunks && first == first_again && past == past_again);
    }
  }
}

Test(schedule_shuffle, seeds_give_all_orders_and_windows) {
  int orders[PP_SHUFFLE_ORDERS] = {0}, windows[2] = {0};
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    const pp_shuffle shuffle = shuffle_of(100000, 4, seed);
    orders[shuffle.order]++;
    windows[shuffle.singles == PP_SHAKE_WINDOW]++;
    cr_assert(shuffle.singles == PP_SHAKE_WINDOW || shuffle.singles == PP_SHAKE_SHORT_WINDOW);
  }
  for (int k = 0; k < PP_SHUFFLE_ORDERS; k++) cr_assert_gt(orders[k], SEEDS / 10);
  cr_assert(windows[0] > SEEDS / 10 && windows[1] > SEEDS / 10);
}

Test(schedule_shuffle, rolls_are_within_the_faces_and_come_to_all) {
  pp_dice dice = {7}, again = {7};
  int count[6] = {0};
  for (int k = 0; k < 600; k++) {
    uint64_t roll = pp_dice_roll(&dice, 6);
    cr_assert_lt(roll, 6);
    cr_assert_eq(roll, pp_dice_roll(&again, 6));
    count[roll]++;
  }
  for (int face = 0; face < 6; face++) cr_assert(count[face] > 50 && count[face] < 150, "%d", count[face]);
  cr_assert_eq(pp_dice_roll(&dice, 1), 0);
}

Test(schedule_shuffle, runs_grow_so_that_long_loops_end) {
  uint64_t all = 0, given = 0;
  for (; all < (uint64_t)1 << 62; given++) {
    const uint64_t run = pp_shuffle_run(1, given);
    cr_assert_geq(run, 1);
    all += run;
  }
  cr_assert_leq(given, 64 * PP_SHAKE_RUNS);
  cr_assert_eq(pp_shuffle_run(3, 0), 3);
  cr_assert_eq(pp_shuffle_run(64, UINT64_MAX), UINT64_C(1) << 62);
}

/* SPDX-License-Identifier: MIT */
/* show_busy.c: means of parts against counting each nanosecond. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "show/busy.h"

enum { LENGTH = 1000 };

static void check(uint32_t most) {
  pp_arena arena = {NULL};
  pp_busy busy = pp_busy_begin(&arena, LENGTH, most);
  static int counted[LENGTH + 1];
  int64_t whole = 0;
  memset(counted, 0, sizeof counted);
  cr_assert_leq(busy.count, most + 1);
  for (uint64_t k = 0; k < 300; k++) {
    uint64_t begin = k * 7919 % LENGTH, end = begin + k * 31 % (LENGTH - begin + 1);
    int change = k % 3 == 0 ? -1 : 1;
    pp_busy_add(&busy, begin, end, change);
    for (uint64_t t = begin; t < end; t++) counted[t] += change;
  }
  for (uint32_t part = 0; part < busy.count; part++) {
    double sum = 0, mean = pp_busy_mean(&busy, part, &whole);
    for (uint64_t t = part * busy.width; t < (part + 1) * busy.width && t < LENGTH; t++) sum += counted[t];
    cr_assert_float_eq(mean, sum / (double)busy.width, 1e-9, "part %u", part);
  }
  pp_arena_free(&arena);
}

Test(show_busy, means_are_what_counting_gives) {
  check(1);
  check(7);
  check(100);
  check(1000);
  check(5000);
}

Test(show_busy, what_is_outside_of_the_run_is_left_out) {
  pp_arena arena = {NULL};
  pp_busy busy = pp_busy_begin(&arena, 100, 10);
  int64_t whole = 0;
  pp_busy_add(&busy, 50, 5000, 1);
  pp_busy_add(&busy, 60, 50, 1);
  for (uint32_t part = 0; part < busy.count; part++) {
    double mean = pp_busy_mean(&busy, part, &whole);
    cr_assert_float_eq(mean, 0, 1e-9);
  }
  pp_arena_free(&arena);
}

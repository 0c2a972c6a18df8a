/* SPDX-License-Identifier: MIT */
/* platform_clock.c: ticks, their calibration, and conversions. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <time.h>

#include "platform/clock.h"

#define HOUR_NS (3600ull * 1000000000ull)

/* Equal to one part in ten thousand: what two rounded 32-bit fractions leave, with room to spare. */
static void expect_close(uint64_t got, uint64_t wanted) {
  uint64_t difference = got > wanted ? got - wanted : wanted - got;
  cr_expect(difference <= wanted / 10000 + 100, "got %llu, wanted %llu", (unsigned long long)got,
            (unsigned long long)wanted);
}

Test(platform_clock, ticks_measure_the_systems_time) {
  struct timespec pause = {0, 50000000};
  uint64_t before_begin, after_begin, before_end, after_end, begin, end, ns;
  pp_clock_init();
  before_begin = pp_clock_ns();
  begin = pp_clock_ticks();
  after_begin = pp_clock_ns();
  nanosleep(&pause, NULL);
  before_end = pp_clock_ns();
  end = pp_clock_ticks();
  after_end = pp_clock_ns();
  ns = pp_ns_from_ticks(end - begin);
  cr_expect_geq(ns, (before_end - after_begin) / 100 * 95);
  cr_expect_leq(ns, (after_end - before_begin) / 100 * 105);
}

Test(platform_clock, conversions_are_inverse_up_to_hours) {
  pp_clock_init();
  for (uint64_t ns = 1000; ns <= 48 * HOUR_NS; ns = ns * 3 + 1)
    expect_close(pp_ns_from_ticks(pp_ticks_from_ns(ns)), ns);
}

Test(platform_clock, conversions_are_linear) {
  uint64_t hour;
  pp_clock_init();
  hour = pp_ticks_from_ns(HOUR_NS);
  expect_close(pp_ticks_from_ns(24 * HOUR_NS), 24 * hour);
  expect_close(pp_ticks_from_ns(HOUR_NS / 3600), hour / 3600);
  cr_expect_eq(pp_ticks_from_ns(0), 0);
  cr_expect_eq(pp_ns_from_ticks(0), 0);
}

Test(platform_clock, conversions_never_wrap_around) {
  uint64_t last_ns = 0, last_ticks = 0;
  pp_clock_init();
  for (int bit = 0; bit < 64; bit++) {
    uint64_t value = UINT64_MAX >> (63 - bit);
    uint64_t ns = pp_ns_from_ticks(value), ticks = pp_ticks_from_ns(value);
    cr_expect_geq(ns, last_ns);
    cr_expect_geq(ticks, last_ticks);
    last_ns = ns;
    last_ticks = ticks;
  }
}

static void *init_and_convert(void *arg) {
  pp_clock_init();
  *(uint64_t *)arg = pp_ticks_from_ns(HOUR_NS);
  return NULL;
}

Test(platform_clock, all_threads_get_the_one_calibration) {
  enum { THREADS = 8 };
  pthread_t threads[THREADS];
  uint64_t ticks[THREADS];
  for (int i = 0; i < THREADS; i++) cr_assert_eq(pthread_create(&threads[i], NULL, init_and_convert, &ticks[i]), 0);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  pp_clock_init();
  for (int i = 0; i < THREADS; i++) cr_expect_eq(ticks[i], pp_ticks_from_ns(HOUR_NS));
  cr_expect_neq(ticks[0], 0);
}

Test(platform_clock, nanoseconds_are_clock_monotonics) {
  struct timespec before, after;
  uint64_t ns;
  clock_gettime(CLOCK_MONOTONIC, &before);
  ns = pp_clock_ns();
  clock_gettime(CLOCK_MONOTONIC, &after);
  cr_expect_geq(ns, (uint64_t)before.tv_sec * 1000000000u + (uint64_t)before.tv_nsec);
  cr_expect_leq(ns, (uint64_t)after.tv_sec * 1000000000u + (uint64_t)after.tv_nsec);
}

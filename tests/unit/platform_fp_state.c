/* SPDX-License-Identifier: MIT */
/* platform_fp_state.c: carrying floating-point control state from one thread to another. */
#include <criterion/criterion.h>
#include <fenv.h>
#include <float.h>
#include <pthread.h>

#include "../support/scale.h"
#include "platform/fp_state.h"

static const int roundings[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
enum { ROUNDINGS = sizeof roundings / sizeof roundings[0] };

Test(platform_fp_state, reading_twice_gives_the_same) {
  cr_expect(pp_fp_state_equal(pp_fp_state_get(), pp_fp_state_get()));
}

Test(platform_fp_state, writing_restores_each_rounding_mode) {
  for (int i = 0; i < ROUNDINGS; i++) {
    pp_fp_state state;
    fesetround(roundings[i]);
    state = pp_fp_state_get();
    fesetround(roundings[(i + 1) % ROUNDINGS]);
    cr_expect(!pp_fp_state_equal(state, pp_fp_state_get()));
    pp_fp_state_set(state);
    cr_expect_eq(fegetround(), roundings[i]);
    cr_expect(pp_fp_state_equal(state, pp_fp_state_get()));
  }
}

typedef struct division {
  pp_fp_state state;
  volatile double dividend, divisor, quotient;
  volatile long double long_dividend, long_divisor, long_quotient;
} division;

static void *divide(void *arg) {
  division *d = arg;
  d->quotient = d->dividend / d->divisor;
  d->long_quotient = d->long_dividend / d->long_divisor;
  return NULL;
}

static void *divide_in_state(void *arg) {
  pp_fp_state_set(((division *)arg)->state);
  return divide(arg);
}

Test(platform_fp_state, another_thread_computes_as_this_one) {
  for (int i = 0; i < ROUNDINGS; i++) {
    division here = {.dividend = -1, .divisor = 3, .long_dividend = -1, .long_divisor = 3};
    division there = here;
    pthread_t thread;
    /* A thread inherits its creator's state, so it is created in another one. */
    fesetround(roundings[i]);
    divide(&here);
    there.state = pp_fp_state_get();
    fesetround(roundings[(i + 1) % ROUNDINGS]);
    cr_assert_eq(pthread_create(&thread, NULL, divide_in_state, &there), 0);
    pthread_join(thread, NULL);
    cr_expect_eq(here.quotient, there.quotient);
    cr_expect_eq(here.long_quotient, there.long_quotient);
  }
}

Test(platform_fp_state, exception_flags_are_no_part_of_it) {
  pp_fp_state before;
  if (scale_is_emulated()) cr_skip_test("Valgrind has no exception flags");
  feclearexcept(FE_ALL_EXCEPT);
  before = pp_fp_state_get();
  feraiseexcept(FE_INEXACT | FE_OVERFLOW);
  cr_expect(pp_fp_state_equal(before, pp_fp_state_get()));
  pp_fp_state_set(before);
  cr_expect_eq(fetestexcept(FE_ALL_EXCEPT), FE_INEXACT | FE_OVERFLOW);
}

#if defined(__x86_64__)

/* A thread that has divided by zero long ago, where that did not trap, comes to work where it does. */
Test(platform_fp_state, exceptions_of_other_work_do_not_trap) {
  division by_zero = {.dividend = 1, .divisor = 0, .long_dividend = 1, .long_divisor = 0}, fine = by_zero;
  const pp_fp_state masked = pp_fp_state_get();
  pp_fp_state trapping = masked;
  if (scale_is_emulated()) cr_skip_test("Valgrind has no exception flags");
  trapping.mxcsr &= ~((uint32_t)FE_DIVBYZERO << 7);
  trapping.x87 = (uint16_t)(trapping.x87 & ~FE_DIVBYZERO);
  fine.divisor = 2;
  fine.long_divisor = 3;
  feclearexcept(FE_ALL_EXCEPT);
  divide(&by_zero);
  divide(&fine);
  pp_fp_state_set(trapping);
  cr_expect(pp_fp_state_equal(trapping, pp_fp_state_get()));
  divide(&fine);
  pp_fp_state_set(masked);
  cr_expect(fine.quotient == 0.5);
  cr_expect_eq(fetestexcept(FE_INEXACT), FE_INEXACT, "what does not trap is still noted");
}

#endif

#if defined(__x86_64__) || defined(__aarch64__)

/* FTZ (and DAZ) in the processor's own terms. */
static void flush_to_zero(void) {
#if defined(__x86_64__)
  unsigned int mxcsr = __builtin_ia32_stmxcsr() | 0x8040;
  __builtin_ia32_ldmxcsr(mxcsr);
#else
  uint64_t fpcr;
  __asm__ __volatile__("mrs %0, fpcr" : "=r"(fpcr));
  __asm__ __volatile__("msr fpcr, %0" : : "r"(fpcr | 1u << 24));
#endif
}

Test(platform_fp_state, flushing_of_subnormals_is_part_of_it) {
  division d = {.dividend = DBL_MIN, .divisor = 4, .long_dividend = 1, .long_divisor = 1};
  pp_fp_state plain = pp_fp_state_get(), flushing;
  if (scale_is_emulated()) cr_skip_test("Valgrind does not flush to zero");
  flush_to_zero();
  flushing = pp_fp_state_get();
  cr_expect(!pp_fp_state_equal(plain, flushing));
  pp_fp_state_set(plain);
  divide(&d);
  cr_expect(d.quotient > 0);
  pp_fp_state_set(flushing);
  divide(&d);
  cr_expect(d.quotient == 0);
  pp_fp_state_set(plain);
}

#endif

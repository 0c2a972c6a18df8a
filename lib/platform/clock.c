/* SPDX-License-Identifier: MIT */
/* clock.c: the length of a tick, and conversions by it. */
#include "platform/clock.h"

#include <pthread.h>

#include "platform/race_checker.h"

/* Fixed point with 32 bits behind the point. Written once, before pp_clock_init first returns. */
typedef struct ratio {
  uint32_t fraction;
  uint64_t whole;
} ratio;
static ratio ns_per_tick, ticks_per_ns;
PP_CHECKS_LEAVE_OUT(ns_per_tick)
PP_CHECKS_LEAVE_OUT(ticks_per_ns)

static ratio ratio_from(double value) {
  ratio r;
  r.whole = (uint64_t)value;
  r.fraction = (uint32_t)((value - (double)r.whole) * 4294967296.0);
  return r;
}

#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__)

enum {
  CALIBRATION_NS = 10000, /* a reading is right to some 20 ns: a few thousandths of this */
  READINGS = 4
};

typedef struct reading {
  uint64_t ticks, ns;
} reading;

/* Both clocks at one moment: of some tries the one that nothing came between. */
static reading read_both(void) {
  reading best = {0, 0};
  uint64_t best_width = UINT64_MAX;
  for (int i = 0; i < READINGS; i++) {
    uint64_t before = pp_clock_ticks();
    uint64_t ns = pp_clock_ns();
    uint64_t width = pp_clock_ticks() - before;
    if (width < best_width) {
      best_width = width;
      best = (reading){before + width / 2, ns};
    }
  }
  return best;
}

static double measure_ticks_per_ns(void) {
  reading begin = read_both(), end;
  while (pp_clock_ns() - begin.ns < CALIBRATION_NS) {
  }
  end = read_both();
  /* A counter that stands still or runs backwards is none: count a tick as a nanosecond. */
  if (end.ticks <= begin.ticks || end.ns <= begin.ns) return 1.0;
  return (double)(end.ticks - begin.ticks) / (double)(end.ns - begin.ns);
}

static double find_ticks_per_ns(void) {
#if defined(__aarch64__)
  uint64_t hertz;
  __asm__ __volatile__("mrs %0, cntfrq_el0" : "=r"(hertz));
  if (hertz != 0) return (double)hertz * 1e-9; /* some firmware leaves it 0 */
#endif
  return measure_ticks_per_ns();
}

#else

/* Ticks are nanoseconds. */
static double find_ticks_per_ns(void) { return 1.0; }

#endif

static void calibrate(void) {
  double found = find_ticks_per_ns();
  ticks_per_ns = ratio_from(found);
  ns_per_tick = ratio_from(1.0 / found);
}

void pp_clock_init(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  (void)pthread_once(&once, calibrate);
}

/* value * by in halves, so that no step overflows unless the result does. */
static uint64_t multiply(uint64_t value, ratio by) {
  uint64_t whole, sum;
  uint64_t part = (value >> 32) * by.fraction + (((value & UINT32_MAX) * by.fraction) >> 32);
  if (__builtin_mul_overflow(value, by.whole, &whole)) return UINT64_MAX;
  return __builtin_add_overflow(whole, part, &sum) ? UINT64_MAX : sum;
}

uint64_t pp_ticks_from_ns(uint64_t ns) { return multiply(ns, ticks_per_ns); }

uint64_t pp_ns_from_ticks(uint64_t ticks) { return multiply(ticks, ns_per_tick); }

static uint64_t read_system(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t pp_clock_ns(void) { return read_system(CLOCK_MONOTONIC); }

uint64_t pp_clock_coarse_ns(void) {
#if defined(CLOCK_MONOTONIC_COARSE)
  return read_system(CLOCK_MONOTONIC_COARSE);
#else
  return read_system(CLOCK_MONOTONIC);
#endif
}

uint64_t pp_clock_resolution_ns(void) {
  struct timespec tick = {0, 1};
  uint64_t ns;
  (void)clock_getres(CLOCK_MONOTONIC, &tick);
  ns = (uint64_t)tick.tv_sec * 1000000000u + (uint64_t)tick.tv_nsec;
  return ns != 0 ? ns : 1;
}

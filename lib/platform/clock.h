/* SPDX-License-Identifier: MIT */
/* clock.h: a clock that costs a few nanoseconds to read, and its conversion to nanoseconds.
 *
 * Ticks serve heuristics: how long to spin, how large the next chunk is. Nothing's correctness may hang on
 * them: on x86-64 processors whose time stamp counter is not invariant (cpuid 0x80000007, EDX bit 8; before
 * 2008 or so) ticks change their length with the frequency, and two processors' counters may differ, so that a
 * tick read later on another processor can be the smaller one. */
#ifndef PP_PLATFORM_CLOCK_H
#define PP_PLATFORM_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "platform/shared.h"

/* Now, in ticks since some fixed moment. Not ordered with the memory accesses around it. */
static inline uint64_t pp_clock_ticks(void) {
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  uint64_t ticks;
  __asm__ __volatile__("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#else
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
#endif
}

/* From one reading to a later one; 0 where the later one is the smaller, as it may be on another processor. */
static inline uint64_t pp_ticks_between(uint64_t from, uint64_t to) { return to > from ? to - from : 0; }

/* Measures a tick against the system's clock; the first call takes 15 us or so, later ones return at once.
 * Any thread, any time. */
void pp_clock_init(void);

/* Conversions of durations, once pp_clock_init has returned on some thread and the caller knows of it. Exact
 * to a fraction of a percent for any duration; what does not fit is UINT64_MAX. */
uint64_t pp_ticks_from_ns(uint64_t ns) PP_SHARED;
uint64_t pp_ns_from_ticks(uint64_t ticks);

/* Now, in nanoseconds of CLOCK_MONOTONIC. Needs no pp_clock_init. */
uint64_t pp_clock_ns(void);

/* The same, some milliseconds late, in 7 ns where the system has a clock for that. */
uint64_t pp_clock_coarse_ns(void);

/* How far apart pp_clock_ns's values are at least, in nanoseconds; never 0. */
uint64_t pp_clock_resolution_ns(void);

#endif

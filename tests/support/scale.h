/* SPDX-License-Identifier: MIT */
/* scale.h: how much work a test does: all of it natively, a sample of it under ThreadSanitizer or with
 * PPAR_TEST_SCALE=small in the environment (Valgrind, emulators). */
#ifndef TESTS_SCALE_H
#define TESTS_SCALE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_THREAD__)
#define SCALE_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SCALE_THREAD_SANITIZER 1
#endif
#endif
#ifndef SCALE_THREAD_SANITIZER
#define SCALE_THREAD_SANITIZER 0
#endif

/* MemorySanitizer is meant, too: both have an allocator and locks of their own, which memory limits and forks upset. */
#if defined(__SANITIZE_ADDRESS__)
#define SCALE_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SCALE_ADDRESS_SANITIZER 1
#endif
#endif
#ifndef SCALE_ADDRESS_SANITIZER
#define SCALE_ADDRESS_SANITIZER 0
#endif

/* A prime, so that a sample of nested loops over small tables meets every entry of each. */
enum { SCALE_SMALL_DIVIDER = 13 };

/* No test takes this long, in seconds, even on a busy machine, unless it is stuck. */
#define SCALE_TIMEOUT 120

static inline bool scale_is_small(void) {
  const char *scale = getenv("PPAR_TEST_SCALE");
  return SCALE_THREAD_SANITIZER || (scale != NULL && strcmp(scale, "small") == 0);
}

/* Whether the program runs on something that only stands for the processor, as far as a test can know. */
static inline bool scale_is_emulated(void) { return scale_is_small() && !SCALE_THREAD_SANITIZER; }

static inline uint64_t scale_divider(void) { return scale_is_small() ? SCALE_SMALL_DIVIDER : 1; }

/* The share of n that is to be done, at least 1. */
static inline uint64_t scaled(uint64_t n) {
  uint64_t share = n / scale_divider();
  return share != 0 ? share : 1;
}

/* Checkers, emulators and builds that hold threads up at random make each access, and each call of a body, so slow that
 * no loop is short. */
static inline bool scale_is_slow(void) {
#if defined(PP_DELAYS)
  return true;
#else
  return SCALE_THREAD_SANITIZER || SCALE_ADDRESS_SANITIZER || scale_is_small();
#endif
}

/* Whether this combination of a sweep is among those to be done. */
static inline bool scale_keeps(uint64_t *counter) { return (*counter)++ % scale_divider() == 0; }

#endif

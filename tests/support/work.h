/* SPDX-License-Identifier: MIT */
/* work.h: time to spend in a body, and numbers that look random. */
#ifndef TESTS_WORK_H
#define TESTS_WORK_H

#include <sched.h>
#include <stdint.h>

/* Splitmix64's step: a different, well-mixed number at each call. */
static inline uint64_t work_random(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* The number that belongs to an index: the same on every thread and in every run. */
static inline uint64_t work_hash(int64_t index) {
  uint64_t state = (uint64_t)index;
  return work_random(&state);
}

/* Keeps the processor busy for about this many additions. */
static inline void work_spin(uint64_t additions) {
  for (volatile uint64_t done = 0; done < additions;) done = done + 1;
}

/* Gives the processor away now and then, so that threads change places in the middle of things. Seldom: on a
 * machine with other work each time lasts milliseconds. */
static inline void work_yield(void) {
  static _Thread_local unsigned calls;
  if (++calls % 64 == 0) sched_yield();
}

#endif

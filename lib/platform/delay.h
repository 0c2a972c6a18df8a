/* SPDX-License-Identifier: MIT */
/* delay.h: moments at which a thread may be held up. In builds with -Ddelays=true one in PP_DELAY_EVERY atomic
 * operations is put off, and the last step into a sleep more often: by giving the CPU away, or by some tens of
 * microseconds. What only goes wrong when threads meet in an order that they seldom do then goes wrong in tests. In
 * other builds nothing is there. */
#ifndef PP_PLATFORM_DELAY_H
#define PP_PLATFORM_DELAY_H

#ifdef PP_DELAYS

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <time.h>

enum {
  PP_DELAY_EVERY = 128,    /* atomic operations */
  PP_DELAY_PARK_EVERY = 4, /* sleeps */
  PP_DELAY_LONG_EVERY = 8, /* delays */
  PP_DELAY_MOST_NS = 60000
};

/* A thread's own sequence (Marsaglia's xorshift). It need not be the same in two runs. */
static inline uint32_t pp_delay_random(void) {
  static _Thread_local uint32_t state;
  if (state == 0) state = (uint32_t)((uintptr_t)&state >> 4) | 1;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

/* One in `every` times. */
static inline void pp_delay_seldom(uint32_t every) {
  uint32_t random = pp_delay_random();
  int saved_errno = errno;
  if (random % every != 0) return;
  random = pp_delay_random();
  if (random % PP_DELAY_LONG_EVERY != 0) {
    (void)sched_yield();
  } else {
    struct timespec pause = {0, (long)(random >> 8) % PP_DELAY_MOST_NS};
    int cancel_state; /* A sleep is a cancellation point, which an atomic operation is not. */
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    (void)nanosleep(&pause, NULL);
    (void)pthread_setcancelstate(cancel_state, &cancel_state);
  }
  errno = saved_errno;
}

#else

enum { PP_DELAY_EVERY, PP_DELAY_PARK_EVERY };
static inline void pp_delay_seldom(unsigned every) { (void)every; }

#endif

#endif

/* SPDX-License-Identifier: MIT */
/* idle.h: whether the process's other threads leave the CPUs alone while the calling one sleeps. */
#ifndef TESTS_IDLE_H
#define TESTS_IDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "teams.h"

enum { IDLE_WINDOW_US = 60000, IDLE_BURNT_MOST_US = IDLE_WINDOW_US * 3 / 10, IDLE_WINDOWS_MOST = 10 };

static inline int64_t idle_burnt_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Sleeps for a window of time, in which the process burns what its other threads do. On a busy machine, and under a
 * checker, it may take these a while to come, to take what is left, and to go to sleep: so there are several windows,
 * and in one of them they do. Threads that spin burn each of them. */
static inline bool idle_are_others(void) {
  for (int window = 0; window < IDLE_WINDOWS_MOST; window++) {
    const int64_t before = idle_burnt_us();
    teams_sleep(IDLE_WINDOW_US);
    if (idle_burnt_us() - before < IDLE_BURNT_MOST_US) return true;
  }
  return false;
}

#endif

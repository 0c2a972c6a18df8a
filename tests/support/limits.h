/* SPDX-License-Identifier: MIT */
/* limits.h: a process that is short of memory. Its tests need a process of their own. */
#ifndef TESTS_LIMITS_H
#define TESTS_LIMITS_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "scale.h"

static inline bool limits_work(void) {
  return !SCALE_THREAD_SANITIZER && !SCALE_ADDRESS_SANITIZER && !scale_is_small() &&
         access("/proc/self/statm", R_OK) == 0;
}

/* Leaves the process little more address space than it has. */
static inline bool limits_memory(size_t more) {
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (file == NULL) return false;
  int fields = fscanf(file, "%lu", &pages);
  fclose(file);
  struct rlimit limit = {0, 0};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = pages * (size_t)sysconf(_SC_PAGESIZE) + more;
  return fields == 1 && setrlimit(RLIMIT_AS, &limit) == 0;
}

static inline void limits_lift(void) {
  struct rlimit limit = {0, 0};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_AS, &limit);
}

/* Whether a test may use up all memory: Criterion itself needs some. */
static inline bool limits_may_use_up(void) {
#ifndef PLAIN_CRITERION_H
  return false;
#else
  return limits_work();
#endif
}

/* Takes what the calling thread's allocator still has, for the process's rest: from here on every allocation of the
 * thread fails. False: there is too much, and so no limit. */
static inline bool limits_use_up(void) {
  size_t taken = 0;
  for (size_t size = (size_t)1 << 20; size >= 16; size /= 2) {
    void *volatile block;
    while ((block = malloc(size)) != NULL) {
      taken += size;
      if (taken > (size_t)1 << 30) return false;
    }
  }
  return true;
}

#endif

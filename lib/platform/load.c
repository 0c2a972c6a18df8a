/* SPDX-License-Identifier: MIT */
/* load.c: the number of runnable threads, which Linux tells in /proc/loadavg: "0.31 0.62 1.18 3/134 4321", the 3. */
#include "platform/load.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "platform/atomics.h"
#include "platform/short_file.h"
#include "platform/thread.h"

enum { TEXT_SIZE = 128, FIELD = 3 };

/* 0: it is not told. */
static long count_runnable(void) {
  char text[TEXT_SIZE];
  const char *field = pp_short_file_read("/proc/loadavg", text, sizeof text) ? pp_short_file_skip(text, FIELD) : NULL;
  return field != NULL ? strtol(field, NULL, 10) : 0;
}

/* The machine's CPUs, which are counted once. */
static long count_cpus(void) {
  static pp_atomic_u32 known;
  long count = (long)pp_load_relaxed(&known);
  if (count == 0) {
    count = sysconf(_SC_NPROCESSORS_ONLN);
    if (count > 0) pp_store_relaxed(&known, (uint32_t)count);
  }
  return count;
}

bool pp_load_leaves_cpus(void) {
  const int before = errno, held = pp_thread_hold_cancellation();
  const long threads = count_runnable(), cpus = count_cpus();
  pp_thread_allow_cancellation(held);
  errno = before;
  return threads <= 0 || cpus <= 0 || threads <= cpus;
}

/* SPDX-License-Identifier: MIT */
/* load.c: the number of runnable threads, which Linux tells in /proc/loadavg: "0.31 0.62 1.18 3/134 4321", the 3. */
#include "platform/load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/atomics.h"
#include "platform/thread.h"

enum { TEXT_SIZE = 128, FIELD = 3 };

/* 0: it is not told. */
static long runnable(const char *text) {
  for (int field = 0; field < FIELD && text != NULL; field++) {
    text = strchr(text, ' ');
    if (text != NULL) text++;
  }
  return text != NULL ? strtol(text, NULL, 10) : 0;
}

static long count_runnable(void) {
  char text[TEXT_SIZE];
  ssize_t length = 0;
  int file = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    length = read(file, text, sizeof text - 1);
    (void)close(file);
  }
  text[length > 0 ? length : 0] = '\0';
  return runnable(text);
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

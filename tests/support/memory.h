/* SPDX-License-Identifier: MIT */
/* memory.h: how much memory the process has. */
#ifndef TESTS_MEMORY_H
#define TESTS_MEMORY_H

#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

/* Bytes that the process has in memory; 0: the system does not tell. */
static inline size_t resident(void) {
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (file == NULL) return 0;
  if (fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
  fclose(file);
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

#endif

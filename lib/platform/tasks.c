/* SPDX-License-Identifier: MIT */
/* tasks.c: the process's threads, from /proc/self/stat. */
#include "platform/tasks.h"

#if defined(__linux__)

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/short_file.h"

/* Fields after the name of the program, which is in parentheses and may hold any character: see proc(5). */
enum { STATE_FIELD = 0, THREADS_FIELD = 17 };
enum { STAT_SIZE = 1024 }; /* bytes: 52 fields of at most 20 digits */

/* The threads are counted with a main thread that has ended: the system keeps it, as a zombie, for the others. */
static bool parse(const char *stat, pp_tasks *out) {
  const char *name_end = strrchr(stat, ')');
  const char *state = name_end != NULL && name_end[1] == ' ' ? pp_short_file_skip(name_end + 2, STATE_FIELD) : NULL;
  const char *threads = pp_short_file_skip(state, THREADS_FIELD - STATE_FIELD);
  long count = threads != NULL ? strtol(threads, NULL, 10) : 0;
  if (count <= 0) return false;
  out->main_has_ended = *state == 'Z' || *state == 'X';
  out->running = (uint32_t)count - (out->main_has_ended ? 1 : 0);
  return true;
}

bool pp_tasks_read(pp_tasks *out) {
  char stat[STAT_SIZE];
  return pp_short_file_read("/proc/self/stat", stat, sizeof stat) && parse(stat, out);
}

bool pp_tasks_is_main(void) { return syscall(SYS_gettid) == (long)getpid(); }

#else

bool pp_tasks_read(pp_tasks *out) {
  (void)out;
  return false;
}

bool pp_tasks_is_main(void) { return false; }

#endif

/* SPDX-License-Identifier: MIT */
/* tasks.c: the process's threads, from /proc/self/stat. */
#include "platform/tasks.h"

#if defined(__linux__)

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Fields after the name of the program, which is in parentheses and may hold any character: see proc(5). */
enum { STATE_FIELD = 0, THREADS_FIELD = 17 };
enum { STAT_SIZE = 1024 }; /* bytes: 52 fields of at most 20 digits */

static const char *skip_fields(const char *text, int fields) {
  for (; text != NULL && fields > 0; fields--) {
    text = strchr(text, ' ');
    if (text != NULL) text++;
  }
  return text;
}

/* The threads are counted with a main thread that has ended: the system keeps it, as a zombie, for the others. */
static bool parse(const char *stat, pp_tasks *out) {
  const char *name_end = strrchr(stat, ')');
  const char *state = name_end != NULL && name_end[1] == ' ' ? skip_fields(name_end + 2, STATE_FIELD) : NULL;
  const char *threads = skip_fields(state, THREADS_FIELD - STATE_FIELD);
  long count = threads != NULL ? strtol(threads, NULL, 10) : 0;
  if (count <= 0) return false;
  out->main_has_ended = *state == 'Z' || *state == 'X';
  out->running = (uint32_t)count - (out->main_has_ended ? 1 : 0);
  return true;
}

bool pp_tasks_read(pp_tasks *out) {
  char stat[STAT_SIZE];
  int saved_errno = errno;
  int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  ssize_t size = file >= 0 ? read(file, stat, sizeof stat - 1) : -1;
  if (file >= 0) (void)close(file);
  if (size > 0) stat[size] = '\0';
  errno = saved_errno;
  return size > 0 && parse(stat, out);
}

bool pp_tasks_is_main(void) { return syscall(SYS_gettid) == (long)getpid(); }

#else

bool pp_tasks_read(pp_tasks *out) {
  (void)out;
  return false;
}

bool pp_tasks_is_main(void) { return false; }

#endif

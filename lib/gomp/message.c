/* SPDX-License-Identifier: MIT */
/* message.c: a line is written in one go, so that those of several threads do not mix. */
#include "gomp/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINE_MOST = 512 };

static void tell(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

static void tell(const char *format, va_list arguments) {
  char line[LINE_MOST];
  int saved_errno = errno;
  (void)vsnprintf(line, sizeof line, format, arguments);
  (void)fprintf(stderr, "libgomp (ppar): %s\n", line);
  errno = saved_errno;
}

void pp_omp_warn(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tell(format, arguments);
  va_end(arguments);
}

_Noreturn void pp_omp_fatal(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tell(format, arguments);
  va_end(arguments);
  exit(EXIT_FAILURE);
}

_Noreturn void pp_omp_no_memory(const char *what) { pp_omp_fatal("no memory for %s", what); }

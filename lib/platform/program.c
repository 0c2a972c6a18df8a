/* SPDX-License-Identifier: MIT */
/* program.c: what the C library keeps of how the program was called, and with what. */
#include "platform/program.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#if defined(__APPLE__)
#include <crt_externs.h>
#else
#include <unistd.h>
#endif

const char *pp_program_name(void) {
#if defined(__linux__)
  const char *name = program_invocation_short_name;
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__)
  const char *name = getprogname();
#else
  const char *name = NULL;
#endif
  return name != NULL && name[0] != '\0' ? name : "program";
}

char *const *pp_program_variables(void) {
#if defined(__APPLE__)
  return *_NSGetEnviron();
#else
  return environ;
#endif
}

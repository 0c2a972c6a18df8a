/* SPDX-License-Identifier: MIT */
/* messages.h: what a process of its own writes to stderr, and how it ends. */
#ifndef TESTS_MESSAGES_H
#define TESTS_MESSAGES_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "children.h"

/* A few lines, which fit into a pipe. */
typedef struct messages {
  int end; /* as children_await says */
  char text[8192];
} messages;

/* Calls the function in a child, where PPAR_CHECK is as given, NULL for unset. The library reads it at its first use,
 * so the calling program has not used it before, or has it in its own environment. */
static inline messages messages_of(void (*function)(void *arg), void *arg, const char *check) {
  messages result = {0, ""};
  size_t length = 0;
  int ends[2];
  cr_assert_eq(pipe(ends), 0);
  fflush(NULL); /* a child that ends by exit writes nothing twice */
  pid_t child = fork();
  cr_assert(child >= 0);
  if (child == 0) {
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    signal(SIGABRT, SIG_DFL);
    if (check != NULL) {
      setenv("PPAR_CHECK", check, 1);
    } else {
      unsetenv("PPAR_CHECK");
    }
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    function(arg);
    _exit(0);
  }
  close(ends[1]);
  result.end = children_await(child);
  for (ssize_t got; length < sizeof result.text - 1;) {
    got = read(ends[0], result.text + length, sizeof result.text - 1 - length);
    if (got == 0 || (got < 0 && errno != EINTR)) break;
    if (got > 0) length += (size_t)got;
  }
  result.text[length] = '\0';
  close(ends[0]);
  return result;
}

#endif

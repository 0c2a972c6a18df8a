/* SPDX-License-Identifier: MIT */
/* children.h: waiting for a child process that may never end. */
#ifndef TESTS_CHILDREN_H
#define TESTS_CHILDREN_H

#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>

enum {
  CHILDREN_STUCK = -1,   /* it had to be killed */
  CHILDREN_SIGNAL = 1000 /* plus the number of the signal that ended it */
};

/* The child's exit status. A child that is still there after a minute is stuck. */
static inline int children_await(pid_t child) {
  const struct timespec pause = {0, 1000 * 1000};
  int status = 0;
  for (int tries = 0; tries < 60 * 1000; tries++) {
    pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : CHILDREN_SIGNAL + WTERMSIG(status);
    if (ended < 0) return CHILDREN_STUCK;
    nanosleep(&pause, NULL);
  }
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
  return CHILDREN_STUCK;
}

#endif

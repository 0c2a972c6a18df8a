// SPDX-License-Identifier: MIT
// ending.h: expects of a function that it ends its process, with status 1 and a line that has some words in it.
#ifndef ENDING_H
#define ENDING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

enum { ENDING_TEXT = 4096 };

// Runs function(arg) in a child. What it writes on stderr comes to be in text; returns its status, or -1: a signal
// ended it.
static inline int ending_run(void (*function)(void *), void *arg, char text[ENDING_TEXT]) {
  int pipes[2], status = -1;
  size_t length = 0;
  ssize_t got;
  pid_t child;
  fflush(stdout);
  fflush(stderr);
  if (pipe(pipes) != 0) return -1;
  child = fork();
  if (child == 0) {
    dup2(pipes[1], 2);
    close(pipes[0]);
    close(pipes[1]);
    function(arg);
    fflush(stdout);
    _exit(0);
  }
  close(pipes[1]);
  while ((got = read(pipes[0], text + length, ENDING_TEXT - 1 - length)) > 0) length += (size_t)got;
  text[length] = '\0';
  close(pipes[0]);
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

static inline void ending_expect(const char *file, int line, void (*function)(void *), void *arg, const char *words) {
  char text[ENDING_TEXT];
  int status = ending_run(function, arg, text);
  if (status == 1 && strstr(text, words) != NULL) return;
  fprintf(stderr, "with status %d it said \"%s\", not \"%s\"\n", status, text, words);
  program_wrong(file, line, words, status, 1);
}

#define EXPECT_END(function, arg, words) ending_expect(__FILE__, __LINE__, function, arg, words)

#endif

/* SPDX-License-Identifier: MIT */
/* library.c: finds a library of this project's, and tells the loader of it. A program that is started with the folder
 * in its LD_LIBRARY_PATH is the same file in all else. */
#include "driver/library.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VARIABLE "LD_LIBRARY_PATH"

/* From the folder of this program, where both are of one build. */
#define IN_BUILD "../lib/gomp"

bool bench_own_directory(char *directory, size_t size) {
  ssize_t length = readlink("/proc/self/exe", directory, size - 1);
  if (length <= 0) return false;
  directory[length] = '\0';
  *strrchr(directory, '/') = '\0';
  return true;
}

static bool holds(const char *directory, const char *name) {
  char path[PATH_MAX];
  int length = snprintf(path, sizeof path, "%s/%s", directory, name);
  return length > 0 && (size_t)length < sizeof path && access(path, R_OK) == 0;
}

bool bench_library_find(const char *name, char *directory, size_t size) {
  char own[PATH_MAX], build[PATH_MAX + sizeof IN_BUILD + 1];
  const char *found = NULL;
  if (bench_own_directory(own, sizeof own)) {
    snprintf(build, sizeof build, "%s/" IN_BUILD, own);
    if (holds(build, name)) found = build;
  }
  if (found == NULL && holds(BENCH_GOMP_DIRECTORY, name)) found = BENCH_GOMP_DIRECTORY;
  return found != NULL && (size_t)snprintf(directory, size, "%s", found) < size;
}

bool bench_library_is_path(const char *variable) { return strncmp(variable, VARIABLE "=", sizeof VARIABLE) == 0; }

bool bench_library_path(const char *directory, char *variable, size_t size) {
  const char *before = getenv(VARIABLE);
  bool any = before != NULL && before[0] != '\0';
  int length = snprintf(variable, size, VARIABLE "=%s%s%s", directory, any ? ":" : "", any ? before : "");
  return length > 0 && (size_t)length < size;
}

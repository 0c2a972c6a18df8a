/* SPDX-License-Identifier: MIT */
/* tasks.h: the process's threads as the system shows them, by name. Linux only: elsewhere there are none. */
#ifndef TESTS_TASKS_H
#define TESTS_TASKS_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#ifdef __linux__
#define TASKS_VISIBLE 1
#else
#define TASKS_VISIBLE 0
#endif

/* How many threads have a name that starts so; an empty start counts all. */
static inline int tasks_named(const char *start) {
  int count = 0;
  DIR *tasks = opendir("/proc/self/task");
  if (tasks == NULL) return 0;
  for (const struct dirent *task; (task = readdir(tasks)) != NULL;) {
    char path[300], name[64] = "";
    if (task->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "/proc/self/task/%s/comm", task->d_name);
    FILE *file = fopen(path, "re");
    if (file == NULL) continue; /* ended meanwhile */
    if (fgets(name, sizeof name, file) != NULL && strncmp(name, start, strlen(start)) == 0) count++;
    fclose(file);
  }
  closedir(tasks);
  return count;
}

/* Gives threads that start or end at this moment time to do so. Returns the last count. */
static inline int tasks_await(const char *start, int expected) {
  const struct timespec pause = {0, 2 * 1000 * 1000};
  int count = tasks_named(start);
  for (int tries = 0; tries < 5000 && count != expected; tries++) {
    nanosleep(&pause, NULL);
    count = tasks_named(start);
  }
  return count;
}

/* Waits until a thread that the system knows by this number sleeps. Half a minute: it does not. */
static inline bool tasks_await_sleep(long number) {
  const struct timespec pause = {0, 1000 * 1000};
  char path[64], stat[512];
  (void)snprintf(path, sizeof path, "/proc/self/task/%ld/stat", number);
  for (int tries = 0; tries < 30000; tries++) {
    FILE *file = fopen(path, "re");
    const char *name_end = file != NULL && fgets(stat, sizeof stat, file) != NULL ? strrchr(stat, ')') : NULL;
    if (file != NULL) fclose(file);
    if (name_end == NULL) return false;
    if (name_end[1] == ' ' && name_end[2] == 'S') return true;
    nanosleep(&pause, NULL);
  }
  return false;
}

#endif

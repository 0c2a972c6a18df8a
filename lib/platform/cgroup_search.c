/* SPDX-License-Identifier: MIT */
/* cgroup_search.c: each cgroup's folder has a file that lists its processes, by their numbers as the reader sees them:
 * those that it cannot see are 0. */
#include "platform/cgroup_search.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { MOST_FOLDERS = 4096 }; /* a machine with a thousand containers, a few folders each; 20 ms and more */

typedef struct walk {
  char *path;
  const char *tail;
  long self;
  int left; /* folders that may still be looked at */
} walk;

static bool append(char *path, const char *a, const char *b) {
  size_t length = strlen(path), length_a = strlen(a), length_b = strlen(b);
  if (length + length_a + length_b >= PP_CGROUP_PATH_SIZE) return false;
  memcpy(path + length, a, length_a);
  memcpy(path + length + length_a, b, length_b + 1);
  return true;
}

static bool lists(FILE *processes, long self) {
  long process;
  while (fscanf(processes, "%ld", &process) == 1) {
    if (process == self) return true;
  }
  return false;
}

/* True: the path then ends in the tail. */
static bool is_here(walk *w) {
  size_t length = strlen(w->path);
  FILE *processes = NULL;
  bool found;
  if (append(w->path, w->tail, "/cgroup.procs")) processes = fopen(w->path, "re");
  found = processes != NULL && lists(processes, w->self);
  if (processes != NULL) (void)fclose(processes);
  w->path[found ? length + strlen(w->tail) : length] = '\0';
  return found;
}

static bool is_folder(const struct dirent *entry) {
  if (entry->d_name[0] == '.') return false;
  return entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
}

static bool find_below(walk *w, size_t depth) {
  size_t length = strlen(w->path);
  const struct dirent *entry;
  bool found = false;
  DIR *folder;
  if (depth == 0) return is_here(w);
  folder = opendir(w->path);
  if (folder == NULL) return false;
  while (!found && w->left > 0 && (entry = readdir(folder)) != NULL) {
    if (!is_folder(entry)) continue;
    w->left--;
    found = append(w->path, "/", entry->d_name) && find_below(w, depth - 1);
    if (!found) w->path[length] = '\0';
  }
  (void)closedir(folder);
  return found;
}

bool pp_cgroup_find(char path[PP_CGROUP_PATH_SIZE], size_t depth, const char *tail) {
  walk w = {path, tail, (long)getpid(), MOST_FOLDERS};
  return find_below(&w, depth);
}

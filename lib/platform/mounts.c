/* SPDX-License-Identifier: MIT */
/* mounts.c: lines of /proc/self/mountinfo. */
#include "platform/mounts.h"

#include <string.h>

bool pp_list_has_word(const char *list, const char *word) {
  size_t length = strlen(word);
  for (;; list++) {
    size_t part = strcspn(list, ",");
    if (part == length && memcmp(list, word, length) == 0) return true;
    list += part;
    if (*list == '\0') return false;
  }
}

static bool is_octal(char c) { return c >= '0' && c <= '7'; }

/* The kernel writes white space and backslashes in paths as \ooo. */
static void decode(char *path) {
  char *to = path;
  for (const char *from = path; *from != '\0'; to++) {
    if (from[0] == '\\' && is_octal(from[1]) && is_octal(from[2]) && is_octal(from[3])) {
      *to = (char)(((from[1] - '0') << 6) | ((from[2] - '0') << 3) | (from[3] - '0'));
      from += 4;
    } else {
      *to = *from++;
    }
  }
  *to = '\0';
}

bool pp_mount_parse(char *line, const char *wanted, const char *option, pp_mount *out) {
  char *field = NULL, *filesystem;
  for (int i = 0; i < 6; i++) {
    field = strsep(&line, " ");
    if (i == 3) out->root = field;
    if (i == 4) out->point = field;
  }
  if (field == NULL) return false;
  do {
    field = strsep(&line, " ");
    if (field == NULL) return false;
  } while (strcmp(field, "-") != 0);
  filesystem = strsep(&line, " ");
  (void)strsep(&line, " ");
  if (filesystem == NULL || line == NULL || strcmp(filesystem, wanted) != 0) return false;
  if (option != NULL && !pp_list_has_word(line, option)) return false;
  decode(out->root);
  decode(out->point);
  return out->root[0] == '/' && out->point[0] == '/';
}

const char *pp_mount_path_below(const char *root, const char *path) {
  size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);
  if (strncmp(path, root, length) != 0 || strstr(path, "/..") != NULL) return NULL;
  path += length;
  if (path[0] == '/') return path[1] == '\0' ? "" : path;
  return path[0] == '\0' ? path : NULL;
}

size_t pp_mount_folders_above(const char *path) {
  size_t above = 0;
  while (strncmp(path, "/..", 3) == 0 && (path[3] == '/' || path[3] == '\0')) {
    path += 3;
    above++;
  }
  return above;
}

bool pp_mount_is_above(const char *root, const char *path) {
  size_t above = pp_mount_folders_above(root);
  return above > 0 && root[3 * above] == '\0' && pp_mount_folders_above(path) <= above;
}

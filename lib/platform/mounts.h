/* SPDX-License-Identifier: MIT */
/* mounts.h: the table of what is mounted where, and which part of a file system a mount shows. */
#ifndef PP_PLATFORM_MOUNTS_H
#define PP_PLATFORM_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct pp_mount {
  char *root; /* what of the file system is at the mount point */
  char *point;
} pp_mount;

/* Whether list, separated by commas, has the word. */
bool pp_list_has_word(const char *list, const char *word);

/* Reads one line of mountinfo, if it mounts such a file system, with that option (NULL: any):
 * ID PARENT DEVICE ROOT POINT OPTIONS [OPTIONAL...] - FILESYSTEM SOURCE OPTIONS. Cuts the line up. */
bool pp_mount_parse(char *line, const char *filesystem, const char *option, pp_mount *out);

/* path below the mount's root: "" for the root itself; NULL: the mount does not show it. Paths with ".." are those of
 * cgroups out of this process's cgroup namespace. */
const char *pp_mount_path_below(const char *root, const char *path);

/* How many folders above the namespace's root the path is: how often it begins with "/..". */
size_t pp_mount_folders_above(const char *path);

/* Whether the mount begins above the namespace's root, and at or above what the path begins with. */
bool pp_mount_is_above(const char *root, const char *path);

#endif

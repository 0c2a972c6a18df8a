/* SPDX-License-Identifier: MIT */
/* cgroup_search.h: finding this process's cgroup where nothing tells its path. */
#ifndef PP_PLATFORM_CGROUP_SEARCH_H
#define PP_PLATFORM_CGROUP_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

enum { PP_CGROUP_PATH_SIZE = 4096 }; /* longer paths cannot be opened */

/* Looks through the folders that are `depth` below the one in path: in which of them does the cgroup `tail` ("", or
 * "/job") have this process? True: path is the cgroup's folder. False: none, or more than some thousand folders would
 * have to be looked at; path is as it was. Takes a few microseconds a folder. */
bool pp_cgroup_find(char path[PP_CGROUP_PATH_SIZE], size_t depth, const char *tail);

#endif

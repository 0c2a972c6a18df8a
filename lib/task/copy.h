/* SPDX-License-Identifier: MIT */
/* copy.h: a task's own copy of its argument. The spawner makes it, and whoever runs the task, or drops it since its
 * group is cancelled, frees it. */
#ifndef PP_TASK_COPY_H
#define PP_TASK_COPY_H

#include <stddef.h>

/* A copy of size bytes, aligned as any type of this size may want it: to the largest power of two that divides size, up
 * to PP_COPY_ALIGNMENT, and to at least 16. NULL: no memory. */
void *pp_copy_make(const void *from, size_t size);
#define PP_COPY_ALIGNMENT ((size_t)4096)

/* Frees what pp_copy_make gave. Any thread. */
void pp_copy_free(void *copy);

#endif

/* SPDX-License-Identifier: MIT */
/* tasks.h: the process's threads as the system shows them, those included that never used the library. */
#ifndef PP_PLATFORM_TASKS_H
#define PP_PLATFORM_TASKS_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/shared.h"

typedef struct pp_tasks {
  bool main_has_ended; /* The main thread called pthread_exit, and its end is complete. */
  uint32_t running;    /* Threads that have not ended. */
} pp_tasks;

/* Takes some 10 us. False: the system does not tell. */
bool pp_tasks_read(pp_tasks *out);

/* Whether the calling thread is the main one, with which the process (or the forked child) began. False where the
 * system does not tell. */
bool pp_tasks_is_main(void) PP_SHARED;

#endif

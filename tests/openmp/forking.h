// SPDX-License-Identifier: MIT
// forking.h: how programs of this suite fork that have had threads.
#ifndef FORKING_H
#define FORKING_H

#include <unistd.h>

// Locks of AddressSanitizer's allocator stay taken in the child: threads that begin or end are given time to leave it.
static inline pid_t fork_quietly(void) {
#ifdef __SANITIZE_ADDRESS__
  usleep(20000);
#endif
  return fork();
}

#endif

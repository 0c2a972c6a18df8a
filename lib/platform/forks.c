/* SPDX-License-Identifier: MIT */
/* forks.c: pthread_atfork. */
#include "platform/forks.h"

#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

void pp_forks_watch(void (*renew)(void)) { (void)pthread_atfork(NULL, NULL, renew); }

int64_t pp_process_id(void) { return getpid(); }

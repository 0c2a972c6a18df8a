/* SPDX-License-Identifier: MIT */
/* forks.h: what a forked child begins with. */
#ifndef PP_PLATFORM_FORKS_H
#define PP_PLATFORM_FORKS_H

#include <stdint.h>

/* Each forked child calls renew() first. */
void pp_forks_watch(void (*renew)(void));

/* The process's number. */
int64_t pp_process_id(void);

#endif

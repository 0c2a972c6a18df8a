/* SPDX-License-Identifier: MIT */
/* quota.h: a limit on a peer's processor time, as containers have it: a control group of Linux, version 1 or 2. */
#ifndef BENCH_QUOTA_H
#define BENCH_QUOTA_H

#include <stdbool.h>
#include <sys/types.h>

/* Puts the process, its threads included, under a quota of BENCH_QUOTA_CPUS. False where the system has no such
 * groups, or this process may not make one. */
bool bench_quota_put_on(pid_t process);

/* Puts it back to where the driver is. */
void bench_quota_take_off(pid_t process);

/* Removes the group, which must be empty. */
void bench_quota_remove(void);

#endif

/* SPDX-License-Identifier: MIT */
/* standing.h: where and how the process is meant to run: its CPUs, its nice value and its scheduling policy.
 *
 * The system has these for each thread. A thread of the library must not have them from whichever thread came to start
 * it, which may have bound itself to one CPU, or have made itself nicer, for a purpose of its own. So the process's are
 * taken to be its main thread's. That is where a process begins, and what is changed when the process is named by its
 * number (sched_setaffinity, taskset -p, renice). */
#ifndef PP_PLATFORM_STANDING_H
#define PP_PLATFORM_STANDING_H

#include "platform/cpuset.h"

/* The process's CPUs, as the library knows them: those of the main thread at the first call, then what
 * pp_standing_set_cpus was last given. NULL: no memory. Constant; it lives as long as the process. */
const pp_cpuset *pp_standing_cpus(void);

/* Those of the main thread now; the caller frees them. Where the system has no affinity masks, those online. NULL: no
 * memory. */
pp_cpuset *pp_standing_read_cpus(void);

/* The set becomes the library's, which knows it as the process's from now on. False: no memory. */
bool pp_standing_set_cpus(pp_cpuset *cpus);

/* The library may be about to be unloaded, and there is no other thread: frees all sets. A later call begins anew. */
void pp_standing_forget(void);

/* Gives the calling thread, which has its creator's, the policy and nice value of the thread that has the number `like`
 * in the system (0, or no such thread: the main thread's), and, unless it is bound, the process's CPUs. What the system
 * refuses stays as it is: only the privileged may be less nice than they were. */
void pp_standing_adopt(bool is_bound, int like);

/* Whether the process has other rights than whoever started it, as a set-user-ID program has. */
bool pp_standing_is_privileged(void);

#endif

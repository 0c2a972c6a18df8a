/* SPDX-License-Identifier: MIT */
/* threads.h: how many threads a call on the default pool has that does not say. */
#ifndef PP_API_THREADS_H
#define PP_API_THREADS_H

#include <stdbool.h>

#include "platform/shared.h"

/* The number of a call that is inside `depth` others: what the environment says, else the CPU budget as it is now. At
 * depth 0 looks for a change once a second: one read of a coarse clock, 7 ns. Leaves errno as it was. */
int pp_threads_default(int depth) PP_SHARED;

/* The same, which a program is told, and may count on: until it asks again the number does not grow beyond it. */
int pp_threads_told(int depth) PP_SHARED;

/* How many CPUs the process may use, whatever number of threads the environment has: at most a second old. Where
 * threads are bound to places it is the number at the first call: the main thread's mask may be one place's since then.
 * errno is as it was. */
int pp_threads_cpus(void) PP_SHARED;

/* Looks for a change now, before places are made. */
void pp_threads_look(void);

/* The most threads that pp_threads_default may ever say. */
int pp_threads_most(void);

#endif

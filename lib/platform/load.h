/* SPDX-License-Identifier: MIT */
/* load.h: whether the machine has a CPU that nobody uses. */
#ifndef PP_PLATFORM_LOAD_H
#define PP_PLATFORM_LOAD_H

#include <stdbool.h>

/* Whether no more threads run or wait for a CPU at this moment, in the whole system, than that has CPUs, whichever
 * of them the process may use. True, too, where the system does not tell. Takes some 20 us. errno stays as it was,
 * and it is no cancellation point. */
bool pp_load_leaves_cpus(void);

#endif

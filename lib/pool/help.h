/* SPDX-License-Identifier: MIT */
/* help.h: what a waiting thread does meanwhile: work in loops and tasks that were begun inside what it waits for. */
#ifndef PP_POOL_HELP_H
#define PP_POOL_HELP_H

#include <stdbool.h>

struct ppar_pool;

/* Joins a loop of the pool whose scope is within the ancestor (scope.h), if there is one with work to do, and works in it; else runs such a task.
 * False: there was none. The ancestor is the calling thread's to wait for, and it is not inside of such a loop. */
bool pp_help(struct ppar_pool *pool, const void *ancestor);

#endif

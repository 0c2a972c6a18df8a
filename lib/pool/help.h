/* SPDX-License-Identifier: MIT */
/* help.h: what a waiting thread does meanwhile: work in loops and tasks that were begun inside what it waits for. */
#ifndef PP_POOL_HELP_H
#define PP_POOL_HELP_H

#include <stdbool.h>

struct ppar_pool;

/* What a thread waits for, and whether that has come. The second matters where others go on inside the ancestor when it
 * has, as a team's threads do after a barrier: what they begin then is none of the waiter's any more. A loop that they
 * began after it came shows it to whoever joins. */
typedef struct pp_awaited {
  const void *ancestor;
  bool (*is_over)(void *arg); /* NULL: the ancestor ends with the wait */
  void *arg;
} pp_awaited;

/* Joins a loop of the pool whose scope is within the ancestor (scope.h), if there is one with work to do, and works in it;
 * else, where the ancestor ends with the wait, runs such a task: a stolen one could not be given back.
 * False: there was neither. The ancestor is the calling thread's to wait for. */
bool pp_help(struct ppar_pool *pool, const pp_awaited *awaited);

#endif

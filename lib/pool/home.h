/* SPDX-License-Identifier: MIT */
/* home.h: where a worker is bound whose pool binds its threads to places.
 *
 * Its home is the place that the pool starts it in. A region of an OpenMP program may want it in another one
 * (gomp/affinity.c), and leaves it there: a region like that one finds it where it is to be. Loops, tasks and ppar's
 * own regions know nothing of such places. So before it does any of these a worker that is away goes home; one that is
 * at home finds that by a look at two words of its own.
 *
 * A worker alone changes its place, and the CPUs that it may run on with that. */
#ifndef PP_POOL_HOME_H
#define PP_POOL_HOME_H

#include <ppar/base.h>

#include "platform/shared.h"
#include "pool/worker.h"

struct pp_cpuset;

/* The calling worker, whose pool has places, is bound to this one from now on. What the system refuses it, because the
 * process may not use the CPUs any more, is not tried again until it is to go elsewhere. */
void pp_worker_settle(pp_worker *worker, int place) PP_SHARED;

static inline void pp_worker_go_home(pp_worker *worker) {
  if (PPAR_SELDOM_(pp_load_relaxed(&worker->place) != worker->home)) pp_worker_settle(worker, worker->home);
}

/* The calling worker has taken over another one's CPUs, which were these a moment ago, and so its place. */
void pp_worker_take_place(pp_worker *worker, const pp_worker *other, const struct pp_cpuset *cpus);

#endif

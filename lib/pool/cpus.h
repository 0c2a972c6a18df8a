/* SPDX-License-Identifier: MIT */
/* cpus.h: pools follow the process's CPUs, which may change while it runs. */
#ifndef PP_POOL_CPUS_H
#define PP_POOL_CPUS_H

#include "platform/cpuset.h"
#include "pool/worker.h"

/* Looks whether the process may run on other CPUs than the library knows of. True: it may. They are known from now on
 * (platform/standing.h), and the threads of pools that are not bound to places may run on the same. Takes half a
 * microsecond where nothing has changed. Not for a thread that holds a pool's lock.
 *
 * Where the program has bound the library's threads itself (as it does that binds each thread of a region, the main
 * thread among them), nothing is changed: the main thread's CPUs are then its own affair. */
bool pp_pools_follow_cpus(void);

/* The calling worker has the seat of another one (worker->instead), which its program or its pool may have bound, and
 * whose policy and nice value the program may have changed: it takes all that over. Not under a pool's lock. */
void pp_worker_take_after(pp_worker *worker);

/* Moves the calling worker, which is not bound, from this CPU to another one, to one where none of the
 * pool's workers that are awake was seen last, if there is such a one. */
void pp_worker_leave_cpu(const pp_worker *worker, int cpu);

/* The worker has just been woken. Where the system has put it on the CPU of whoever did that, which has work of its
 * own, and there are CPUs for both that nobody uses, it leaves. */
void pp_worker_leave_waker(pp_worker *worker);

/* The calling thread moves a worker of its region, which has not ended, from this CPU to another one, if some CPU of
 * the machine has nothing to do; where other programs have all of them, two threads on one CPU are better off, since
 * they let each other run. The caller uses the CPU, so the worker waits for it, and the system moves a thread that
 * waits at once. A worker that moves itself is running: it has to be stopped first, and meanwhile the other CPU may
 * fetch the thread that waits behind it, and then the two are together again. For a moment the worker's mask is a
 * smaller one. */
void pp_worker_send_away(const pp_worker *worker, int cpu);

/* The calling thread is about to start the worker: where it is to begin, so that the two are not on one CPU. NULL:
 * wherever the system likes. The caller frees the set. */
pp_cpuset *pp_worker_first_cpus(const pp_worker *worker);

/* Whether the program has bound the calling worker, whose pool binds none itself, and has not bound the other one to
 * the same CPUs (NULL: there is none). */
bool pp_worker_is_bound_alone(const pp_worker *worker, const pp_worker *other);

#endif

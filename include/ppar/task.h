/* SPDX-License-Identifier: MIT */
/* task.h: groups of tasks: independent pieces of work that may spawn further ones (OpenMP's task and taskgroup).
 *
 *     struct fib { int n; long value; };
 *
 *     static void fib(void *arg) {
 *       struct fib *f = arg;
 *       if (f->n < 2) { f->value = f->n; return; }
 *       struct fib a = {f->n - 1, 0}, b = {f->n - 2, 0};
 *       ppar_task_group group;
 *       ppar_task_group_begin(&group, NULL);
 *       ppar_task_spawn(&group, fib, &a);
 *       fib(&b);
 *       ppar_task_group_wait(&group);
 *       f->value = a.value + b.value;
 *     }
 *
 * equals the same program with ppar_task_spawn(&group, f, x) written as f(x).
 *
 * Spawned tasks lie on the spawning thread's own deque, from whose other end idle workers steal (Chase and Lev,
 * "Dynamic circular work-stealing deque", SPAA 2005). Tasks that nobody has stolen are run by ppar_task_group_wait,
 * latest first; a group never waits for a worker that has not started one of its tasks. */
#ifndef PPAR_TASK_H
#define PPAR_TASK_H

#include <ppar/base.h>
#include <ppar/loop.h>
#include <ppar/options.h>

PPAR_BEGIN_DECLS

/* What a task runs. It is left by returning alone, as bodies are (ppar_body in loop.h). */
typedef void ppar_task(void *arg);

/* A group of tasks, usually a variable of the function that spawns. Its fields are the library's. It belongs to the
 * thread that began it, which spawns into it and waits for it. Tasks of the group may spawn into it, too, whichever
 * thread runs them, and may begin groups of their own. */
typedef struct ppar_task_group {
  uint64_t words_[8];
} ppar_task_group;

/* Begins a group on options->pool (default ppar_pool_default()). Options may be NULL; of their fields the pool and the
 * name count.
 * Returns PPAR_OK; PPAR_EINVAL for a NULL group, an unusable pool or an option out of range. The options' schedule is
 * checked as by ppar_task_spawn_range. Where memory is lacking the group's tasks run as they are spawned. A group begun
 * inside a task of a cancelled group is cancelled from the start. Every group that was begun must be waited for, in any
 * order, before the loop's body, region or task that it was begun in returns. One that is not keeps its pool busy until
 * the thread ends, and those of its tasks that nobody has started by then are dropped; PPAR_CHECK=1 tells of it when a
 * task, the thread or the process ends. In a forked process the thread that called fork still has its groups, but it
 * can wait only for those of which no other thread was running a task then. Any thread, any time.
 * OpenMP: the begin of #pragma omp taskgroup */
PPAR_API int ppar_task_group_begin(ppar_task_group *group, const ppar_options *options);

/* Makes task(arg) ready to run, on any thread of the pool and at any time until ppar_task_group_wait returns; what
 * arg points to must live until then. Costs tens of nanoseconds and no memory as long as the thread has fewer than
 * a thousand tasks waiting. Where memory is lacking the task runs here and now.
 * Returns PPAR_OK; PPAR_EINVAL for a NULL group or task, or a thread that is neither the group's owner nor in one of
 * its tasks (one of a group that was begun in there is none of its); in a cancelled group the task is dropped and
 * PPAR_ECANCELED returned. What was written before the call is seen by the task.
 * The task runs with the floating-point control state of the group's beginning. Inside it ppar_num_threads() is the
 * number of the pool's threads, and ppar_thread_num() is a worker's own number, 1 and up, on the pool's workers. On
 * any other thread it is 0. Such a thread runs the task because it waits for something around it, mostly as the
 * owner of its group. As a rule there is one of them; where groups are begun inside regions that are begun in tasks
 * there may be several.
 * OpenMP: #pragma omp task */
PPAR_API int ppar_task_spawn(ppar_task_group *group, ppar_task *task, void *arg);

/* Spawns a task with a copy of *arg, of size bytes, which is the task's own: it may write to it, and what arg points to
 * need not live on. The copy is aligned as any type of that size may want it, up to 4096 bytes. It is freed after the
 * task has returned, or was dropped.
 *
 *     for (struct node *n = first; n != NULL; n = n->next) {
 *       struct visit visit = {n, depth};
 *       ppar_task_spawn_copy(&group, visit_node, &visit, sizeof visit);
 *     }
 *
 * Where memory is lacking the task runs at once, on the calling thread: with a copy if it has at most 4096 bytes,
 * otherwise on *arg itself, to which it may then write. Returns as ppar_task_spawn does; PPAR_EINVAL also for a NULL
 * arg, or a size of 0.
 * OpenMP: #pragma omp task firstprivate(...) */
PPAR_API int ppar_task_spawn_copy(ppar_task_group *group, ppar_task *task, const void *arg, size_t size);

/* Spawns the loop begin ... end (by options->step) in pieces of at most options->schedule.chunk iterations, by halving;
 * 0: pieces such that there are about eight for each thread of the pool. Body gets chunks as in
 * ppar_parallel_for; chunk->thread is as ppar_thread_num, and ppar_cancel cancels the group. Options may be NULL; of
 * their fields the step and the schedule's chunk count, the chunk whatever the schedule's kind, but for runtime. Body
 * and arg as above.
 * Returns as ppar_task_spawn does; PPAR_EINVAL also for an option out of range, and for more than 2^62 pieces that the
 * group has not yet been waited for, or 2^48 where a task of the group spawns them on another thread than the owner's.
 * OpenMP: #pragma omp taskloop grainsize(chunk) nogroup */
PPAR_API int ppar_task_spawn_range(ppar_task_group *group, int64_t begin, int64_t end, ppar_body *body, void *arg,
                                   const ppar_options *options);

/* Runs tasks of the group, and what they spawned, until all have ended. What they wrote is seen afterwards. While
 * tasks of the group run elsewhere, the thread takes part in what these have begun: tasks, loops; never in anything
 * else, so a lock held across the call is safe.
 * Returns PPAR_OK, the status that the group was cancelled with, or PPAR_EINVAL for a NULL group or a thread that is
 * not its owner. Afterwards the group may be begun again.
 * OpenMP: the end of #pragma omp taskgroup */
PPAR_API int ppar_task_group_wait(ppar_task_group *group);

/* Cancels the group: tasks that have not started are dropped, groups that its tasks begin from now on are cancelled
 * too, tasks that run go on until they return; ppar_task_group_wait returns the status of the first call (0 counts as
 * PPAR_ECANCELED). The owner or a task of the group may call it, at any time before the wait has returned.
 * OpenMP: #pragma omp cancel taskgroup */
PPAR_API void ppar_task_group_cancel(ppar_task_group *group, int status);

/* Whether the group is cancelled; for tasks that run long. OpenMP: #pragma omp cancellation point taskgroup */
PPAR_API bool ppar_task_group_is_canceled(const ppar_task_group *group);

/* A task with one result that is wanted later: a group of one.
 *
 *     ppar_future left;
 *     ppar_future_start(&left, count, &first_half);
 *     count(&second_half);
 *     ppar_future_wait(&left);
 *
 * The task may begin at once on another thread; if it has not, ppar_future_wait runs it. The same rules as for groups:
 * started and waited for by one thread, arg lives until then. Return values as for begin, spawn and wait; a future
 * whose start has not returned PPAR_OK is not waited for. It runs on the default pool. */
typedef struct ppar_future {
  ppar_task_group group_;
} ppar_future;

PPAR_API int ppar_future_start(ppar_future *future, ppar_task *task, void *arg);
PPAR_API int ppar_future_wait(ppar_future *future);

PPAR_END_DECLS

#endif

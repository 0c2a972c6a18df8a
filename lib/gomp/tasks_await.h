/* SPDX-License-Identifier: MIT */
/* tasks_await.h: waiting for tasks. A thread that waits runs some meanwhile; which it may is told in tasks.h. */
#ifndef PP_GOMP_TASKS_AWAIT_H
#define PP_GOMP_TASKS_AWAIT_H

#include "gomp/tasks.h"

/* Wait for all children, for all tasks of a group, for the counter of another wait to come to 0, and for the tasks made
 * before the barrier of this number. */
void pp_omp_tasks_await_children(pp_omp_data *here);
void pp_omp_tasks_await_group(pp_omp_data *here, pp_omp_taskgroup *group);
void pp_omp_tasks_await_counter(pp_omp_data *here, pp_atomic_u32 *counter);
void pp_omp_tasks_await(pp_omp_data *here, uint32_t barrier);
/* The thread has left a barrier of a region that goes on. What is on its deque now it has got from others that were
 * further, and ran there what they had made: it is not below its implicit task. */
void pp_omp_tasks_begin_phase(pp_omp_data *here);
/* For all tasks of the region. */
void pp_omp_tasks_await_all(pp_omp_data *here);

/* Runs one of the task's descendants that can begin. thorough: wherever it lies. False: there is none. */
bool pp_omp_tasks_run_child(pp_omp_data *here, bool thorough);

/* The same for a task that does not wait, and has made tasks: not where it holds a lock, which the descendant may want
 * and would never get, and not where so many such tasks are beneath each other that the stack might not last. */
void pp_omp_tasks_yield(pp_omp_data *here);

/* Work for threads that wait at a barrier of the team (team/await.c). */
bool pp_omp_tasks_work(bool only_look, bool thorough);

#endif

/* SPDX-License-Identifier: MIT */
/* depend.h: the order that depend clauses give to the children of one task.
 *
 * Each address has a present set of tasks and the one before it. Tasks that only read (in) are a set together, and so
 * are those that write it concurrently (inoutset); any other is a set of its own. A new task of a set waits for the set
 * before; a task that begins a set waits for the present one, which becomes the one before. mutexinoutset is taken for
 * inout: such tasks come one after the other. omp_all_memory, which compilers give as the address NULL, is any address.
 *
 * All of it is under the lock of the region's tasks. */
#ifndef PP_GOMP_DEPEND_H
#define PP_GOMP_DEPEND_H

#include "gomp/tasks.h"

/* A new child's clause: makes it a successor of those that it has to wait for. */
void pp_omp_depend_add(pp_omp_data *parent, pp_omp_task *task, void **depend);

/* The task has ended: those that waited for it alone can begin, on this thread's deque; NULL: from the list. True:
 * sleepers are to be told. */
bool pp_omp_depend_release(pp_omp_task *task, pp_lane *lane);

/* Waits, outside of the lock, until a child with this clause could begin. */
void pp_omp_depend_await(pp_omp_data *here, void **depend);

/* The parent ends: nothing more is added. */
void pp_omp_depend_forget(pp_omp_data *parent);

#endif

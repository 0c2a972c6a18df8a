/* SPDX-License-Identifier: MIT */
/* task.h: explicit tasks. */
#ifndef PP_GOMP_TASK_H
#define PP_GOMP_TASK_H

#include "gomp/taskgroup.h"

/* Waits for all tasks of the group. */
void pp_omp_task_await_group(pp_omp_data *here, pp_omp_taskgroup *group);

#endif

/* SPDX-License-Identifier: MIT */
/* task.c: explicit tasks. */
#include "gomp/task.h"

#include "gomp/gomp_abi.h"

void pp_omp_task_await_group(pp_omp_data *here, pp_omp_taskgroup *group) { (void)here, (void)group; }

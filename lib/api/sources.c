/* SPDX-License-Identifier: MIT */
/* sources.c: the table, put together from what each floor offers. */
#include "api/sources.h"

#include "loop/source.h"
#include "task/steal.h"
#include "team/source.h"

const pp_work_source *const pp_sources[PP_WORK_KINDS] = {
    [PP_WORK_REGIONS] = &pp_region_source,
    [PP_WORK_LOOPS] = &pp_loop_source,
    [PP_WORK_TASKS] = &pp_task_source,
};

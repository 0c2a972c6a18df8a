/* SPDX-License-Identifier: MIT */
/* pause.c: giving back what the library keeps for later, and tools. */
#include <ppar/pool.h>

#include "gomp/data.h"
#include "gomp/fortran.h"
#include "gomp/omp_abi.h"
#include "gomp/tasks.h"
#include "pool/pool.h"

/* Values of omp_pause_resource_t. */
enum { PAUSE_SOFT = 1, PAUSE_HARD = 2 };

/* omp_control_tool_notool of omp_control_tool_result_t. */
enum { NO_TOOL = -2 };

/* 0: done. -1: not. Regions that are going on need their threads, the caller's own and those of other threads. The
 * pool's threads end, and with them what is threadprivate; the next region starts threads anew. Where another thread of
 * the program has a region, hard does nothing, and after soft the pool's threads stay, asleep, while extra ones and
 * memory go. */
static int pause_host(int kind) {
  pp_omp_data *here = pp_omp_here();
  if (here->level > 0 || (kind != PAUSE_SOFT && kind != PAUSE_HARD)) return -1;
  pp_omp_tasks_drop_spare(here);
  if (pp_pool_pause(ppar_pool_default())) return 0;
  return kind == PAUSE_SOFT && ppar_pool_trim(NULL) == 0 ? 0 : -1;
}

/* Gives back threads and memory of the host, which is device 0, and by OpenMP 5.1 -1, too: there is no other one. */
int omp_pause_resource(int kind, int device) { return device == 0 || device == -1 ? pause_host(kind) : -1; }
int32_t omp_pause_resource_(const int32_t *kind, const int32_t *device) { return omp_pause_resource(*kind, *device); }

/* The same of all devices. */
int omp_pause_resource_all(int kind) { return pause_host(kind); }
int32_t omp_pause_resource_all_(const int32_t *kind) { return pause_host(*kind); }

/* A command for a tool: there is none that could get it. */
int omp_control_tool(int command, int modifier, void *arg) {
  (void)command, (void)modifier, (void)arg;
  return NO_TOOL;
}
int32_t omp_control_tool_(const int32_t *command, const int32_t *modifier) {
  return omp_control_tool(*command, *modifier, NULL);
}
int32_t omp_control_tool_8_(const int64_t *command, const int64_t *modifier) {
  return omp_control_tool(pp_omp_int(*command), pp_omp_int(*modifier), NULL);
}

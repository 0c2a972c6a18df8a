/* SPDX-License-Identifier: MIT */
/* old_region.c: regions as compilers before GCC 4.9 begin and end them. The thread that begins one calls the region's
 * function itself, as thread 0, between two calls of the library. So what GOMP_parallel has on that thread's stack is
 * in memory of its own here.
 *
 * Such regions are neither recorded nor shaken: both put a function of theirs in the place of the program's. */
#include "gomp/gomp_abi.h"
#include "gomp/limit.h"
#include "gomp/message.h"
#include "gomp/region.h"
#include "platform/memory.h"
#include "team/region.h"

typedef struct old_region {
  pp_omp_region region;
  pp_omp_plan plan;    /* of a loop that its threads are in from the beginning */
  pp_omp_data data;    /* of the calling thread's part */
  pp_open_region open; /* its place in the region */
} old_region;

static old_region *make(void (*function)(void *), void *arg, const void *site) {
  old_region *old = pp_memory_zalloc(sizeof *old);
  if (old == NULL) pp_omp_no_memory("a region");
  old->region.function = function;
  old->region.arg = arg;
  old->region.site = site;
  old->region.begun = true;
  return old;
}

static void begin(old_region *old, unsigned num_threads) {
  pp_omp_data *here = pp_omp_here();
  pp_omp_region *region = &old->region;
  ppar_team *seat;
  pp_omp_region_prepare(region, here, 0);
  num_threads = pp_omp_limit(region, here, pp_omp_team_size(here, num_threads, region->site));
  seat = pp_region_begin(&old->open, ppar_pool_default(), pp_omp_region_part, region, num_threads,
                         PP_REGION_BINDS | (here->icvs->dynamic ? PP_REGION_DYNAMIC : 0));
  pp_omp_region_enter(&old->data, region, seat);
}

/* #pragma omp parallel: the calling thread goes on to function(arg), */
void GOMP_parallel_start(void (*function)(void *), void *arg, unsigned num_threads) {
  begin(make(function, arg, __builtin_return_address(0)), num_threads);
}

/* and comes back at its end. */
void GOMP_parallel_end(void) {
  pp_omp_data *here = pp_omp_here();
  old_region *old;
  if (here->region == NULL || !here->region->begun || here->thread_num != 0 || here->explicit_task)
    pp_omp_fatal("GOMP_parallel_end is called by a thread that has not begun a region by GOMP_parallel_start");
  old = PP_OWNER_OF(old_region, region, here->region);
  pp_omp_region_leave(here);
  (void)pp_region_end(&old->open);
  pp_omp_region_finish(&old->region);
  pp_memory_free(old);
}

void GOMP_parallel_sections_start(void (*function)(void *), void *arg, unsigned num_threads, unsigned count) {
  old_region *old = make(function, arg, __builtin_return_address(0));
  old->region.sections = count;
  begin(old, num_threads);
}

/* --- Regions that are one loop ---------------------------------------------------------------------------- */

static void begin_loop(old_region *old, unsigned num_threads, long from, long to, long step, ppar_schedule schedule) {
  pp_omp_plan_long(&old->plan, from, to, step);
  old->plan.schedule = schedule;
  old->region.plan = &old->plan;
  begin(old, num_threads);
}

#define CHUNKED(name, its_schedule)                                                                            \
  void GOMP_parallel_loop_##name##_start(void (*function)(void *), void *arg, unsigned num_threads, long from, \
                                         long to, long step, long chunk) {                                     \
    begin_loop(make(function, arg, __builtin_return_address(0)), num_threads, from, to, step, its_schedule);   \
  }
CHUNKED(static, ppar_static(pp_omp_chunk((uint64_t)chunk)))
CHUNKED(dynamic, ppar_monotonic(ppar_dynamic(pp_omp_chunk((uint64_t)chunk))))
CHUNKED(guided, ppar_monotonic(ppar_guided(pp_omp_chunk((uint64_t)chunk))))

void GOMP_parallel_loop_runtime_start(void (*function)(void *), void *arg, unsigned num_threads, long from, long to,
                                      long step) {
  begin_loop(make(function, arg, __builtin_return_address(0)), num_threads, from, to, step,
             pp_omp_runtime(pp_omp_here(), true));
}

/* SPDX-License-Identifier: MIT */
/* region.c: parallel regions. A region is one of ppar's (team/region.h), whose threads get a data environment each
 * before they come to the program's function.
 *
 * Beyond what ppar's own region moves, each thread reads the caller's two lines with the description. */
#include "gomp/region.h"

#include "api/team.h"
#include "api/threads.h"
#include "gomp/affinity.h"
#include "gomp/check.h"
#include "gomp/gomp_abi.h"
#include "gomp/limit.h"
#include "gomp/reductions.h"
#include "gomp/sections.h"
#include "gomp/settings.h"
#include "gomp/shared.h"
#include "gomp/taskgroup.h"
#include "gomp/tasks.h"
#include "pool/left.h"
#include "settings/environment.h"
#include "team/region.h"
#include "trace/sites.h"
#include "trace/spans.h"

/* What a clause gives that is no number of threads: negative ones come as large ones. */
static __attribute__((cold)) uint32_t allowed_threads(uint32_t asked, const void *site) {
  const int value = (int)asked;
  if (value < 0) {
    pp_omp_tell_value("num_threads", site, value, PP_OMP_TOO_FEW);
    return 1;
  }
  pp_omp_tell_value("num_threads", site, value, PP_OMP_TOO_MANY);
  return PPAR_MAX_THREADS;
}

/* A number given by the program counts at each level, unless OMP_NUM_THREADS has one for that level. */
uint32_t pp_omp_team_size(const pp_omp_data *here, uint32_t num_threads, const void *site) {
  const pp_omp_icvs *icvs = here->icvs;
  uint32_t threads, limit = (uint32_t)icvs->thread_limit;
  if (PPAR_SELDOM_(num_threads > PPAR_MAX_THREADS)) num_threads = allowed_threads(num_threads, site);
  threads = num_threads;
  if (num_threads == 1 || here->active_level >= icvs->max_active_levels) return 1;
  if (threads == 0) threads = icvs->threads != 0 ? (uint32_t)icvs->threads : (uint32_t)pp_threads_default(here->level);
  return threads < limit ? threads : limit;
}

/* The list of OMP_NUM_THREADS goes on at the next level. */
static void begin_icvs(pp_omp_icvs *icvs, const pp_omp_data *here) {
  *icvs = *here->icvs;
  if (icvs->threads != 0 && here->level + 1 < pp_environment_get()->levels) icvs->threads = 0;
}

void pp_omp_region_enter(pp_omp_data *data, pp_omp_region *region, ppar_team *seat) {
  pp_self *self = pp_self_get();
  pp_omp_begin(data, region->parent);
  data->icvs = &region->icvs;
  data->frame = self->place.frame;
  data->seat = seat;
  data->region = region;
  data->thread_num = (int)seat->head.thread;
  data->team_size = (int)seat->head.size;
  data->level++;
  data->active_level += data->team_size > 1;
  pp_omp_limit_begin(region, seat->head.thread, seat->head.size);
  if (PPAR_SELDOM_(region->bind != PPAR_BIND_DEFAULT)) pp_omp_affinity_enter(data, self->worker);
  self->place.omp = data;
  pp_omp_tasks_enter(seat);
  if (PPAR_SELDOM_(pp_omp_displays_affinity)) pp_omp_affinity_tell(data);
  data->loop.is_ahead = region->plan != NULL;
  if (pp_omp_is_checked()) pp_omp_check_begin(data);
  if (region->sections != 0) pp_omp_sections_open(data, region->sections, region->site);
  if (PPAR_SELDOM_(region->reductions != NULL)) {
    if (data->thread_num == 0) region->size = (uint32_t)data->team_size;
    pp_omp_taskgroup_begin_construct(data, region->reductions);
  }
}

void pp_omp_region_leave(pp_omp_data *data) {
  pp_omp_loop_leave(data);
  if (PPAR_SELDOM_(data->region->reductions != NULL)) pp_omp_taskgroup_end(data);
  pp_omp_tasks_leave(data);
  pp_omp_shared_leave(data);
}

void pp_omp_region_part(ppar_team *seat, void *arg) {
  pp_omp_region *region = arg;
  pp_omp_data data;
  pp_omp_region_enter(&data, region, seat);
  region->function(region->arg);
  pp_omp_region_leave(&data);
}

void pp_omp_region_prepare(pp_omp_region *region, pp_omp_data *here, uint32_t flags) {
  region->parent = here;
  begin_icvs(&region->icvs, here);
  if (PPAR_SELDOM_(here->icvs->bind != PPAR_BIND_FALSE)) pp_omp_affinity_prepare(region, here, flags);
  region->copied = NULL;
  pp_store_relaxed(&region->canceled, 0);
  pp_store_relaxed(&region->first_shared, NULL);
  pp_store_relaxed(&region->oldest_shared, NULL);
  pp_store_relaxed(&region->tasks, NULL);
}

void pp_omp_region_finish(pp_omp_region *region) {
  pp_omp_limit_end(region);
  pp_omp_shared_free(region);
  pp_omp_tasks_end(region);
}

static void tell(const pp_omp_region *region) {
  pp_site_is_inside(PP_CONSTRUCT_REGION, region->site, region->function);
  if (region->plan != NULL) pp_site_is_inside(PP_CONSTRUCT_PRANGE, region->site, region->function);
}

_Static_assert(offsetof(pp_omp_region, function) == offsetof(pp_wrapped, function), "pp_wrapped");
_Static_assert(offsetof(pp_omp_region, arg) == offsetof(pp_wrapped, arg), "pp_wrapped");

void pp_omp_region_run(pp_omp_region *region, uint32_t num_threads, uint32_t flags) {
  pp_team_call call = {
      .pool = ppar_pool_default(), .region = pp_omp_region_part, .arg = region, .binds = true, .wraps = true};
  pp_omp_data *here;
  pp_left_check(pp_self_get()); /* before its environment is looked at, which has gone with its frame */
  here = pp_omp_here();
  call.dynamic = here->icvs->dynamic;
  pp_omp_region_prepare(region, here, flags);
  call.asked = pp_omp_team_size(here, num_threads, region->site);
  call.threads = pp_omp_limit(region, here, call.asked);
  if (pp_trace_is_on()) tell(region);
  (void)pp_team_run(&call, region->site);
  pp_omp_region_finish(region);
}

/* --- Entry points ----------------------------------------------------------------------------------------- */

void GOMP_parallel(void (*function)(void *), void *arg, unsigned num_threads, unsigned flags) {
  pp_omp_region region = {.function = function, .arg = arg, .site = __builtin_return_address(0)};
  pp_omp_region_run(&region, num_threads, flags);
}

void GOMP_parallel_sections(void (*function)(void *), void *arg, unsigned num_threads, unsigned count, unsigned flags) {
  pp_omp_region region = {.function = function, .arg = arg, .sections = count, .site = __builtin_return_address(0)};
  pp_omp_region_run(&region, num_threads, flags);
}

/* A region with reduction(task, ...): the first word that arg points to is where its variables are described. Each of
 * its implicit tasks is in a task group for these. Returns how many threads it had, so many copies there are; compiled
 * code combines them, and then gives them back by GOMP_taskgroup_reduction_unregister. */
unsigned GOMP_parallel_reductions(void (*function)(void *), void *arg, unsigned num_threads, unsigned flags) {
  pp_omp_region region = {.function = function, .arg = arg, .site = __builtin_return_address(0), .size = 1};
  region.reductions = *(uintptr_t **)arg;
  num_threads = pp_omp_team_size(pp_omp_here(), num_threads, region.site); /* Found once: it may grow meanwhile. */
  pp_omp_reductions_register(region.reductions, NULL, pp_omp_reductions_make(region.reductions, num_threads),
                             num_threads);
  pp_omp_region_run(&region, num_threads, flags);
  return region.size;
}

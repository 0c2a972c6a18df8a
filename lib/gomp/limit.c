/* SPDX-License-Identifier: MIT */
/* limit.c: counting a contention group's threads. The count is kept with the region that its first task is in, which
 * lives as long as anything that the task begins. */
#include "gomp/limit.h"

/* NULL: the group began in a region of ppar's own, and each of its regions is limited by itself. */
static pp_omp_region *group_of(const pp_omp_data *here) {
  pp_omp_region *region = here->region;
  while (region != NULL && !pp_omp_region_is_alone(region)) region = region->parent->region;
  return region;
}

uint32_t pp_omp_limit_take(pp_omp_region *region, const pp_omp_data *here, uint32_t threads) {
  const uint32_t limit = (uint32_t)here->icvs->thread_limit;
  pp_omp_region *group = group_of(here);
  uint32_t others, taken;
  region->taken = 0;
  if (threads == 1 || group == NULL) return threads;
  others = pp_load_relaxed(&group->others);
  do {
    const uint32_t left = limit > 1 + others ? limit - 1 - others : 0;
    taken = threads - 1 < left ? threads - 1 : left;
  } while (!pp_cas_relaxed(&group->others, &others, others + taken));
  region->taken = taken;
  return 1 + taken;
}

void pp_omp_limit_keep(pp_omp_region *region, uint32_t threads) {
  const uint32_t rest = region->taken > threads - 1 ? region->taken - (threads - 1) : 0;
  pp_omp_region *group = rest != 0 ? group_of(region->parent) : NULL;
  if (group == NULL) return;
  region->taken -= rest;
  (void)pp_add_relaxed(&group->others, 0 - rest);
}

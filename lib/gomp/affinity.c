/* SPDX-License-Identifier: MIT */
/* affinity.c: where threads are bound as regions begin, and the routines that tell of places. */
#include "gomp/affinity.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ppar/status.h>

#include "gomp/affinity_format.h"
#include "gomp/fortran.h"
#include "gomp/omp_abi.h"
#include "gomp/settings.h"
#include "platform/memory.h"
#include "platform/tasks.h"
#include "pool/pool.h"
#include "settings/environment.h"

static pp_places *places;

static void make_places(void) {
  const pp_environment *environment = pp_environment_get();
  if (environment->places == NULL && environment->bind == PPAR_BIND_FALSE) return;
  if (pp_places_make(&places, environment->places, NULL) != PPAR_OK) places = NULL;
}

const pp_places *pp_omp_places(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  (void)pthread_once(&once, make_places);
  return places;
}

static int count_places(void) {
  const pp_places *all = pp_omp_places();
  return all != NULL ? pp_places_count(all) : 0;
}

static bool has_place(int place) { return place >= 0 && place < count_places(); }

/* --- Regions ---------------------------------------------------------------------------------------------- */

/* Where the calling thread is bound, which runs this task, and the places that regions begun here have. bind-var is not
 * false. */
static int look_up(const pp_omp_data *here, pp_partition *whole) {
  const pp_omp_region *region = here->region;
  int place;
  if (region == NULL || region->bind == PPAR_BIND_DEFAULT) {
    *whole = (pp_partition){0, count_places()};
    return here->place;
  }
  place = pp_places_divide(region->bind, region->whole, here->team_size, here->thread_num, region->place, whole);
  return here->thread_num == 0 ? region->place : place; /* The first thread may be bound to none. */
}

/* What compiled code says of the clause; 0: there is none. */
static unsigned policy_of(uint32_t flags, ppar_bind_policy otherwise) {
  enum { CLAUSE = 7, PRIMARY = 2, CLOSE = 3, SPREAD = 4 };
  switch (flags & CLAUSE) {
    case PRIMARY: return PPAR_BIND_PRIMARY;
    case CLOSE: return PPAR_BIND_CLOSE;
    case SPREAD: return PPAR_BIND_SPREAD;
    default: return otherwise;
  }
}

/* The clause is the region's alone. The regions in it have bind-var's next item, if there is one, and else the same. */
void pp_omp_affinity_prepare(pp_omp_region *region, const pp_omp_data *here, uint32_t flags) {
  const pp_environment *environment = pp_environment_get();
  if (here->level + 1 < environment->bind_levels)
    region->icvs.bind = (ppar_bind_policy)environment->binds[here->level + 1];
  if (ppar_pool_default()->places == NULL || count_places() == 0) return; /* There was no memory for them. */
  region->place = look_up(here, &region->whole);
  region->bind = (unsigned char)policy_of(flags, here->icvs->bind);
}

void pp_omp_affinity_enter(const pp_omp_data *here, pp_worker *worker) {
  pp_partition part;
  int place;
  if (here->thread_num == 0 || worker == NULL) return;
  place = look_up(here, &part);
  if (pp_load_relaxed(&worker->place) != place) pp_worker_settle(worker, place);
}

/* --- Threads that come from elsewhere ---------------------------------------------------------------------- */

/* The place that has the calling thread's CPUs; -1: none has. A call of the system. */
static int find_place(void) {
  int count = count_places(), place = 0;
  pp_cpuset *own = count > 0 ? pp_cpuset_affinity() : NULL;
  while (place < count && (own == NULL || !pp_cpuset_equal(own, pp_places_cpuset(places, place)))) place++;
  pp_cpuset_free(own);
  return place < count ? place : -1;
}

int pp_omp_affinity_arrive(const pp_self *self, const pp_omp_data *around) {
  pp_partition whole;
  if (self->worker != NULL) return pp_load_relaxed(&self->worker->place);
  if (around != NULL) return look_up(around, &whole);
  if (self->place.frame == NULL && pp_tasks_is_main() && pp_omp_places() != NULL &&
      pp_places_bind_thread(places, 0) == PPAR_OK)
    return 0;
  return find_place();
}

void pp_omp_affinity_stay(pp_omp_data *initial) {
  pp_partition whole;
  if (initial->icvs->bind != PPAR_BIND_FALSE) initial->place = look_up(pp_omp_here(), &whole);
}

/* --- What threads tell ------------------------------------------------------------------------------------ */

/* Deeper levels share the last entry. */
enum { TOLD_LEVELS = 8 };

/* A thread's latest lines, as numbers that two of them hardly ever share. */
typedef struct told {
  uint64_t line[TOLD_LEVELS];
} told;

static pthread_key_t told_key;
static pthread_once_t told_once = PTHREAD_ONCE_INIT;
static bool has_told_key;

static void make_told_key(void) { has_told_key = pthread_key_create(&told_key, pp_memory_free) == 0; }

/* NULL: there is no memory, and each line is told. */
static told *find_told(void) {
  told *found;
  (void)pthread_once(&told_once, make_told_key);
  if (!has_told_key) return NULL;
  found = pthread_getspecific(told_key);
  if (found != NULL) return found;
  found = pp_memory_zalloc(sizeof *found);
  if (found != NULL && pthread_setspecific(told_key, found) == 0) return found;
  pp_memory_free(found);
  return NULL;
}

/* FNV-1a. */
static uint64_t number_of(const char *line, size_t length) {
  uint64_t number = UINT64_C(14695981039346656037);
  for (size_t i = 0; i < length; i++) number = (number ^ (unsigned char)line[i]) * UINT64_C(1099511628211);
  return number | 1;
}

void pp_omp_affinity_tell(const pp_omp_data *here) {
  size_t length;
  char *line = pp_omp_affinity_line(NULL, 0, &length);
  int level = here->level < TOLD_LEVELS ? here->level - 1 : TOLD_LEVELS - 1;
  told *before = find_told();
  uint64_t number = number_of(line, length);
  if (before == NULL || before->line[level] != number) (void)fwrite(line, 1, length, stderr);
  if (before != NULL) before->line[level] = number;
  free(line);
}

/* --- Entry points ----------------------------------------------------------------------------------------- */

/* How many places there are; 0: the program was not asked to bind its threads. */
int omp_get_num_places(void) { return count_places(); }
PP_OMP_ALSO(omp_get_num_places);

/* How many CPUs a place has. */
int omp_get_place_num_procs(int place) { return has_place(place) ? pp_places_cpus(places, place, NULL, 0) : 0; }
int32_t omp_get_place_num_procs_(const int32_t *place) { return omp_get_place_num_procs(*place); }
int32_t omp_get_place_num_procs_8_(const int64_t *place) { return omp_get_place_num_procs(pp_omp_int(*place)); }

/* Which CPUs these are, by the system's numbers, rising; as many as the routine before has said. */
void omp_get_place_proc_ids(int place, int *cpus) {
  if (has_place(place)) (void)pp_places_cpus(places, place, cpus, INT_MAX);
}
void omp_get_place_proc_ids_(const int32_t *place, int32_t *cpus) { omp_get_place_proc_ids(*place, cpus); }
void omp_get_place_proc_ids_8_(const int64_t *place, int64_t *cpus) {
  const pp_cpuset *set = *place >= 0 && *place < count_places() ? pp_places_cpuset(places, (int)*place) : NULL;
  if (set == NULL) return;
  for (int cpu = -1; (cpu = pp_cpuset_next(set, cpu)) >= 0;) *cpus++ = cpu;
}

/* The place that the calling thread is bound to; -1: it is not bound. A thread of the program's own that the library
 * has not bound may have been bound to a place since it first came. */
int omp_get_place_num(void) {
  const pp_omp_data *here = pp_omp_here();
  pp_partition whole;
  int place;
  if (here->icvs->bind == PPAR_BIND_FALSE) return -1;
  place = look_up(here, &whole);
  return place >= 0 ? place : find_place();
}
PP_OMP_ALSO(omp_get_place_num);

/* The places that the regions that begin here have for their threads: all, where threads are not bound. */
static pp_partition partition(void) {
  const pp_omp_data *here = pp_omp_here();
  pp_partition whole = {0, count_places()};
  if (here->icvs->bind != PPAR_BIND_FALSE) (void)look_up(here, &whole);
  return whole;
}

/* How many these are. */
int omp_get_partition_num_places(void) { return partition().count; }
PP_OMP_ALSO(omp_get_partition_num_places);

/* Which these are; as many as the routine before has said. */
void omp_get_partition_place_nums(int *numbers) {
  pp_partition part = partition();
  for (int k = 0; k < part.count; k++) numbers[k] = part.first + k;
}
void omp_get_partition_place_nums_(int32_t *numbers) { omp_get_partition_place_nums(numbers); }
void omp_get_partition_place_nums_8_(int64_t *numbers) {
  pp_partition part = partition();
  for (int k = 0; k < part.count; k++) numbers[k] = part.first + k;
}

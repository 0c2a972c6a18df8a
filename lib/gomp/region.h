/* SPDX-License-Identifier: MIT */
/* region.h: parallel regions of OpenMP programs: what all threads of one share, and how it is begun. */
#ifndef PP_GOMP_REGION_H
#define PP_GOMP_REGION_H

#include "gomp/data.h"
#include "gomp/loop.h"
#include "settings/places.h"

/* It lives on the stack of the thread that begins it, which leaves last. What stands first is written before the
 * region begins, and only read in it. */
typedef struct pp_omp_region {
  void (*function)(void *);
  void *arg;
  pp_omp_data *parent;     /* the task that has begun it */
  pp_omp_icvs icvs;        /* of its implicit tasks */
  const pp_omp_plan *plan; /* a loop that each thread is in from the beginning; NULL: none */
  uint64_t sections;       /* so many sections likewise; 0: none */
  const void *site;        /* where it is begun */
  uintptr_t *reductions;   /* of its implicit tasks: reductions.h; NULL: there are none */
  bool begun;              /* by GOMP_parallel_start (old_region.c) */
  unsigned char bind;      /* PPAR_BIND_..., how its threads are bound; PPAR_BIND_DEFAULT: they are not */
  int place;               /* where its first thread is bound */
  pp_partition whole;      /* the places that its threads have among them */

  /* Written in it, by one thread, and read by the others after a barrier. */
  PP_LINE_ALIGNED void *copied; /* what a single with copyprivate gives */
  pp_atomic_u32 canceled;       /* one more than the barriers before the construct that was cancelled; 0: none was */
  _Atomic(struct pp_omp_shared *) first_shared;  /* shared.h; */
  _Atomic(struct pp_omp_tasks *) tasks;          /* tasks.h; NULL: there has been none */
  _Atomic(struct pp_omp_shared *) oldest_shared; /* NULL: none has been freed so far */
  uint32_t size;                                 /* its threads, told by the first one where it has reductions */
  uint32_t taken;       /* where there is a limit (limit.h): how many of its threads count, all but the first; */
  pp_atomic_u32 others; /* of one outside of regions: how many all regions count that were begun inside of it */
} pp_omp_region;

_Static_assert(offsetof(pp_omp_region, copied) <= PP_CACHE_LINE, "what threads read as it begins is in one line");

/* Whether it is none that the program has begun, but what a thread outside of regions has in its place (data.c): it has
 * no end at which tasks would be awaited. */
static inline bool pp_omp_region_is_alone(const pp_omp_region *region) { return region->function == NULL; }

/* The tasks of the region that the task is in. NULL: there have been none, or it is in no region. */
static inline struct pp_omp_tasks *pp_omp_region_tasks(const pp_omp_data *data) {
  return data->region != NULL ? pp_load_acquire(&data->region->tasks) : NULL;
}

/* How many threads a region begun here has. num_threads: what the construct says, 0 where it says nothing; site: where
 * the program has it. */
uint32_t pp_omp_team_size(const pp_omp_data *here, uint32_t num_threads, const void *site);

/* Runs a region whose function, arg, plan, sections and site are set, and the rest of the first line is zero. flags:
 * those of the construct, whose lowest bits have its proc_bind clause. */
void pp_omp_region_run(pp_omp_region *region, uint32_t num_threads, uint32_t flags);

/* What each of its threads runs; arg: the region. */
void pp_omp_region_part(ppar_team *seat, void *arg);

/* What that consists of, for regions whose function the program itself calls (old_region.c): before the region begins;
 * a thread's part begins, and ends; after the region. */
void pp_omp_region_prepare(pp_omp_region *region, pp_omp_data *here, uint32_t flags);
void pp_omp_region_enter(pp_omp_data *data, pp_omp_region *region, ppar_team *seat);
void pp_omp_region_leave(pp_omp_data *data);
void pp_omp_region_finish(pp_omp_region *region);

#endif

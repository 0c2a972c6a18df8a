/* SPDX-License-Identifier: MIT */
/* home.c: binding workers to places. */
#include "pool/home.h"

#include "platform/cpuset.h"
#include "pool/pool.h"

void pp_worker_settle(pp_worker *worker, int place) {
  (void)pp_places_bind_thread(worker->pool->places, place);
  pp_store_relaxed(&worker->place, place);
}

/* The place may be one that the pool does not have: an OpenMP program's list is read at another time (gomp/affinity.c),
 * and the process's CPUs may have changed in between. */
static bool are_of(const pp_cpuset *cpus, const pp_places *places, int place) {
  return place >= 0 && place < pp_places_count(places) && pp_cpuset_equal(cpus, pp_places_cpuset(places, place));
}

/* The other one may be on its way from one place to another, so that its place and its CPUs do not belong together: the
 * CPUs say which one it is. CPUs that are no place's have been chosen by the program, which the library then leaves
 * alone as long as the worker is to be where it is. */
void pp_worker_take_place(pp_worker *worker, const pp_worker *other, const pp_cpuset *cpus) {
  const pp_places *places = worker->pool->places;
  int place = pp_load_relaxed(&other->place);
  if (!are_of(cpus, places, place)) {
    for (int p = 0; p < pp_places_count(places); p++) {
      if (are_of(cpus, places, p)) place = p;
    }
  }
  pp_store_relaxed(&worker->place, place);
}

/* SPDX-License-Identifier: MIT */
/* places.h: places, the sets of CPUs that threads are bound to (OMP_PLACES), and which thread goes where
 * (OMP_PROC_BIND).
 *
 * Making places by name asks for the machine's topology (platform/topology.h), which takes milliseconds: only for
 * programs that ask for binding. */
#ifndef PP_SETTINGS_PLACES_H
#define PP_SETTINGS_PLACES_H

#include "platform/cpuset.h"
#include "platform/shared.h"

typedef struct pp_places pp_places;

/* Makes the places that text names in OMP_PLACES's grammar (case and white space do not matter):
 *
 *     threads | cores | ll_caches | numa_domains | sockets, each with an optional (count): the first ones;
 *     or a list of places: {0,1},{2:3},{0:8:2},{0:8,!3}, single CPUs 5, intervals {0:2}:4:2 (four places, each
 *     two CPUs further), and !{2,3} to leave a place out of the list. Negative strides are fine.
 *
 * NULL is cores. CPUs out of the process's affinity mask, and places without CPUs, are left out.
 * synthetic: NULL, or the description of a machine to take in place of this one, as pp_topology_list has it.
 *
 * Returns PPAR_OK; PPAR_EINVAL for a malformed text or synthetic, or when no place is left; PPAR_ENOMEM. On an
 * error *out is as it was. */
int pp_places_make(pp_places **out, const char *places_text, const char *synthetic) PP_SHARED;
void pp_places_free(pp_places *places);

int pp_places_count(const pp_places *places) PP_SHARED;

/* Writes the place's CPUs (the system's numbers, rising), as many as capacity allows; returns how many it has. */
int pp_places_cpus(const pp_places *places, int place, int *cpus, int capacity) PP_SHARED;

/* The place's CPUs, for pp_thread_options; as long as the places. */
const pp_cpuset *pp_places_cpuset(const pp_places *places, int place) PP_SHARED;

/* Binds the calling thread. PPAR_OK, or PPAR_EINVAL where the system refuses, place is out of range or the
 * machine is synthetic; the thread is then bound as before. */
int pp_places_bind_thread(const pp_places *places, int place) PP_SHARED;

/* Places that follow each other in the list: which ones a thread's regions have for their threads (OpenMP's
 * place-partition-var). */
typedef struct pp_partition {
  int first, count;
} pp_partition;

/* Where thread `thread` of `threads` of a region is, and which places its own regions have, when the region's first
 * thread is in caller_place and has the places of `whole`. policy is a ppar_bind_policy. OpenMP 5.2, 10.1.3, for T
 * threads and P places:
 *
 *   primary  all in the caller's place.
 *   close    (and true) thread i in the i-th place from the caller's, cyclically.
 *   spread   the places are cut into T parts; each thread takes the first place of a part of its own, from the
 *            caller's part on, cyclically; the caller stays where it is. Its part is what the thread has.
 *
 * Where T > P, close and spread give each place a run of consecutive threads, from the caller's place on, and a spread
 * thread has its place alone. Under the other policies threads have what the caller has. Where something cannot be
 * divided equally, each has as many as the others or one more, and those with more come first: parts in the order of
 * the list, runs in the order of the threads.
 *
 * OpenMP leaves the last rule open. GCC's library has it, too, but for one thing: where T > P and places get different
 * numbers of threads, its last threads, and not the first ones, are those that a place has more than others, so that
 * the thread numbers of a place are not consecutive.
 *
 * A caller's place out of `whole` counts as the first one. Takes a few divisions at most, and looks at nothing but its
 * arguments. Returns the place, and writes the places that the thread has; -1, and nothing is written, for
 * PPAR_BIND_FALSE, PPAR_BIND_DEFAULT, where there are no places, and for a thread that is none of the region's. */
int pp_places_divide(int policy, pp_partition whole, int threads, int thread, int caller_place,
                     pp_partition *part) PP_SHARED;

/* The same among all of `place_count` places, for those who have no use for the threads' parts. */
int pp_places_assign(int policy, int place_count, int threads, int thread, int caller_place);

#endif

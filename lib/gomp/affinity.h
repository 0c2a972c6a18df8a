/* SPDX-License-Identifier: MIT */
/* affinity.h: places, and which of them threads are bound to.
 *
 * Where the environment asks for no binding (bind-var is false, which it is unless OMP_PROC_BIND or OMP_PLACES says
 * something else) nothing here is called as regions begin and end: one test of the caller's, and one of each thread's,
 * of words in lines that they read anyway. That is half a nanosecond of the 32 that a region of one thread takes.
 *
 * Else the caller of a region writes three things beside the region's description: how its threads are bound (the
 * proc_bind clause, or the first item of bind-var), its own place, and the places that it has (its partition). Each
 * thread finds its own place by arithmetic on these (settings/places.h), compares it with the one that it is bound to
 * (pool/home.h), which is in a line of its own, and asks the system only where the two differ. So a region like the one
 * before takes no call of the system and no further shared line; the arithmetic takes some ten nanoseconds. The
 * region's first thread stays where it is under every policy. Nothing is undone at the region's end.
 *
 * A thread's place and partition are not written down. Whoever asks for them, the routines or a region inside, does the
 * arithmetic again, with the thread number that the task's data environment has (that of an explicit task has its
 * thread's). */
#ifndef PP_GOMP_AFFINITY_H
#define PP_GOMP_AFFINITY_H

#include "gomp/region.h"
#include "pool/home.h"
#include "settings/places.h"

/* The places of OMP_PLACES; NULL: neither places nor binding were asked for. Made at the first call. */
const pp_places *pp_omp_places(void);

/* The caller of a region whose bind-var is not false: what the region's threads are to know. flags: the construct's. */
void pp_omp_affinity_prepare(pp_omp_region *region, const pp_omp_data *here, uint32_t flags);

/* A thread of such a region has come to its part. worker: the thread; NULL: it is not a pool's. */
void pp_omp_affinity_enter(const pp_omp_data *here, pp_worker *worker);

/* The place of a thread that comes to OpenMP in a place (pool/place.h) that no construct has made; around: the data
 * environment outside of that place, NULL: there is none; -1: it is not bound. The program's main thread is bound to
 * the first place as it first comes: the pool's threads have the others (pool/pool.c). Other threads of the program's
 * own are left where they are: each would be bound to the same place. Such a thread has the place whose CPUs are its
 * affinity mask, if there is one. */
int pp_omp_affinity_arrive(const pp_self *self, const pp_omp_data *around);

/* The calling thread is about to run an initial task, with this data environment. It stays where it is. */
void pp_omp_affinity_stay(pp_omp_data *initial);

/* OMP_DISPLAY_AFFINITY: a thread has come to its part of a region. It writes a line to stderr, unless that would be the
 * same as its latest one at that level. */
void pp_omp_affinity_tell(const pp_omp_data *here) __attribute__((cold));

#endif

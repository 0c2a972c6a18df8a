/* SPDX-License-Identifier: MIT */
/* affinity.h: places, and which of them threads are bound to. */
#ifndef PP_GOMP_AFFINITY_H
#define PP_GOMP_AFFINITY_H

#include "gomp/data.h"
#include "settings/places.h"

/* The places of OMP_PLACES; NULL: neither places nor binding were asked for. Made at the first call. */
const pp_places *pp_omp_places(void);

/* The place that the calling thread is bound to; -1: none. */
int pp_omp_place(const pp_omp_icvs *icvs);

/* The calling thread comes to OpenMP for the first time, and is not a pool's. The program's main thread is bound to the
 * first place where the environment asks for binding: the pool's threads have the others (pool/pool.c). Other threads
 * of the program's own are left where they are: each would be bound to the same place. */
void pp_omp_affinity_begin(void);

/* OMP_DISPLAY_AFFINITY: a thread has come to its part of a region. It writes a line to stderr, unless that would be the
 * same as its latest one at that level. */
void pp_omp_affinity_tell(const pp_omp_data *here) __attribute__((cold));

#endif

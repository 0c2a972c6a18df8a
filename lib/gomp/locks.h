/* SPDX-License-Identifier: MIT */
/* locks.h: OpenMP's locks as they lie in the program's memory. Programs know their sizes alone: they are part of the
 * ABI, as GCC's omp.h and omp_lib.h have them. */
#ifndef PP_GOMP_LOCKS_H
#define PP_GOMP_LOCKS_H

#include <stdint.h>

#include "claim/mutex.h"

/* A simple lock, of all versions of OpenMP. */
typedef struct pp_omp_lock {
  pp_atomic_u32 mutex; /* Its holder is a thread, by number. */
} pp_omp_lock;

/* A nestable lock since OpenMP 3.0: a task owns it. */
typedef struct pp_omp_nest_lock {
  pp_atomic_u32 mutex;
  int count;                   /* How often its owner has set it: the owner's alone. */
  _Atomic(const void *) owner; /* A task's data environment, written by that task; NULL: none. */
} pp_omp_nest_lock;

/* A nestable lock of OpenMP 2.5: a thread owns it, and the word says which. */
typedef struct pp_omp_nest_lock_25 {
  pp_atomic_u32 mutex;
  int count;
} pp_omp_nest_lock_25;

/* A variable of Fortran's omp_nest_lock_kind, which has no room for a lock of the present version. */
typedef struct pp_omp_nest_lock_f {
  int64_t address;
} pp_omp_nest_lock_f;

_Static_assert(sizeof(pp_omp_lock) == 4, "omp_lock_t, omp_lock_kind");
_Static_assert(sizeof(pp_omp_nest_lock) == 8 + sizeof(void *), "omp_nest_lock_t");
_Static_assert(sizeof(pp_omp_nest_lock_25) == 8, "omp_nest_lock_t of OpenMP 2.5");

#endif

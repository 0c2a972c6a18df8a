/* SPDX-License-Identifier: MIT */
/* allocator.h: OpenMP's allocators: what is known of one, and how one is made from traits or from text. */
#ifndef PP_GOMP_ALLOCATOR_H
#define PP_GOMP_ALLOCATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/atomics.h"

/* The handles of the predefined ones, as GCC's omp.h has them. An allocator that a program makes is known by its
 * address. */
enum {
  PP_OMP_NULL_ALLOCATOR = 0, /* "the default one" */
  PP_OMP_DEFAULT_MEM_ALLOC = 1,
  PP_OMP_LARGE_CAP_MEM_ALLOC,
  PP_OMP_CONST_MEM_ALLOC,
  PP_OMP_HIGH_BW_MEM_ALLOC,
  PP_OMP_LOW_LAT_MEM_ALLOC,
  PP_OMP_CGROUP_MEM_ALLOC,
  PP_OMP_PTEAM_MEM_ALLOC,
  PP_OMP_THREAD_MEM_ALLOC /* the last one */
};

/* Memory spaces, from 0: all are the host's one memory. */
enum { PP_OMP_MEM_SPACES = 5 };

typedef enum pp_omp_trait_key {
  PP_OMP_SYNC_HINT = 1,
  PP_OMP_ALIGNMENT,
  PP_OMP_ACCESS,
  PP_OMP_POOL_SIZE,
  PP_OMP_FALLBACK,
  PP_OMP_FB_DATA,
  PP_OMP_PINNED,
  PP_OMP_PARTITION
} pp_omp_trait_key;

/* Values of traits; others are numbers or handles. */
enum {
  PP_OMP_FALSE = 0,
  PP_OMP_TRUE = 1,
  PP_OMP_CONTENDED = 3,
  PP_OMP_UNCONTENDED,
  PP_OMP_SERIALIZED,
  PP_OMP_PRIVATE,
  PP_OMP_ALL = 7,
  PP_OMP_THREAD,
  PP_OMP_PTEAM,
  PP_OMP_CGROUP,
  PP_OMP_DEFAULT_MEM_FB = 11,
  PP_OMP_NULL_FB,
  PP_OMP_ABORT_FB,
  PP_OMP_ALLOCATOR_FB,
  PP_OMP_ENVIRONMENT = 15,
  PP_OMP_NEAREST,
  PP_OMP_BLOCKED,
  PP_OMP_INTERLEAVED
};

#define PP_OMP_TRAIT_DEFAULT UINTPTR_MAX

/* omp_alloctrait_t */
typedef struct pp_omp_trait {
  int key;
  uintptr_t value;
} pp_omp_trait;

/* All but `used` is constant. The other traits are taken, and change nothing: the host's memory is one. */
typedef struct pp_omp_allocator {
  size_t alignment; /* at least; a power of two */
  size_t pool_size; /* bytes that may be in use at once; SIZE_MAX: any */
  int fallback;
  uintptr_t fb_data; /* whom it falls back on, where it does on another allocator */
  bool pinned;
  _Atomic size_t used; /* of the pool; by any thread. Not counted where that has no limit. */
} pp_omp_allocator;

/* What a handle stands for; NULL: a predefined allocator, of which all are the same. */
static inline pp_omp_allocator *pp_omp_allocator_of(uintptr_t handle) {
  return handle > PP_OMP_THREAD_MEM_ALLOC ? (pp_omp_allocator *)handle : NULL;
}

/* The handle of a new allocator; PP_OMP_NULL_ALLOCATOR: there is no such space or trait, or no memory. */
uintptr_t pp_omp_allocator_make(uintptr_t space, int64_t count, const pp_omp_trait *traits);
void pp_omp_allocator_free(uintptr_t handle);

/* What is wrong with a text, and what is allowed in its place. */
typedef struct pp_omp_complaint {
  char text[400];
} pp_omp_complaint;

/* OMP_ALLOCATOR's value: a predefined allocator by name, or a memory space, perhaps with traits:
 *
 *     omp_low_lat_mem_alloc
 *     omp_large_cap_mem_space
 *     omp_default_mem_space:alignment=64,pool_size=1048576,fallback=null_fb
 *
 * Words are in either case, and white space may surround every part. A space without traits is the predefined allocator
 * of that space; with traits an allocator is made, which lives as long as the process. False: it is none of these, or
 * there is no memory; *handle is as it was, and *complaint says what is wrong, to follow the text in a sentence. */
bool pp_omp_allocator_parse(const char *text, uintptr_t *handle, pp_omp_complaint *complaint);

#endif

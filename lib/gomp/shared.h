/* SPDX-License-Identifier: MIT */
/* shared.h: constructs with memory that the threads of a team share: asked for by loops, sections and scopes with
 * reductions of tasks, scans and lastprivate(conditional:).
 *
 * The constructs of a region that have such memory are a chain. Each thread walks along it at its own pace, and the
 * first one that comes to the chain's end appends a record: one compare-and-swap; whoever loses frees its own.
 *
 *   C1  All threads come to the same constructs in the same order, so the n-th record is the same construct for all.
 *   C2  A record is freed by the last thread that walks on from it: all threads have passed it by then, and the link
 *       to the next one has been read by all.
 *   C3  Only the last thread to pass a record writes region->oldest_shared. Nobody is the last to pass the next one
 *       before that, since all pass records in order.
 *   C4  What is left when the region ends, since threads left it cancelled, is freed by its caller.
 *
 * Orderings: the link's swap (release) pairs with the walkers' load (acquire): the record is seen as it was made, its
 * memory zero. `passed` is added to with acquire and release: whoever frees comes after all others' use. */
#ifndef PP_GOMP_SHARED_H
#define PP_GOMP_SHARED_H

#include "gomp/data.h"
#include "platform/atomics.h"

typedef struct pp_omp_shared {
  _Atomic(struct pp_omp_shared *) next;
  pp_atomic_u32 passed;         /* threads that have walked on */
  size_t size;                  /* bytes of */
  void *memory;                 /* zero at first */
  struct pp_omp_copies *copies; /* NULL: nothing is reduced over the tasks in it */
} pp_omp_shared;

/* The copies of a construct that reduces over tasks (reductions.h). The record has them, and so has each thread in the
 * construct: where the region was cancelled, some leave it before others have come. The last one of all frees them. */
typedef struct pp_omp_copies {
  pp_atomic_u32 users;
  void *memory;
} pp_omp_copies;

/* The calling thread has left the construct. all: so have all others; none comes again. */
void pp_omp_copies_leave(pp_omp_copies *copies, bool all);

/* The thread comes to such a construct. reductions: NULL, or what is reduced over the tasks in it (reductions.h).
 * memory: NULL, or *memory is the number of bytes, and then points to them. */
void pp_omp_shared_come(pp_omp_data *here, uintptr_t *reductions, void **memory);

/* The same of a construct for which `make` is to be called once, by whoever appends the record, to fill in memory of
 * `size` bytes. Returns the memory. */
void *pp_omp_shared_get(pp_omp_data *here, size_t size, void (*make)(void *memory, const void *from), const void *from);

/* The task ends. */
void pp_omp_shared_leave(pp_omp_data *here);

/* The region has ended. */
struct pp_omp_region;
void pp_omp_shared_free(struct pp_omp_region *region);

#endif

/* SPDX-License-Identifier: MIT */
/* alloc.c: memory from OpenMP's allocators.
 *
 * Before each block lies what is known of it: where the memory around it begins, how large the block is, and which
 * allocator's pool it counts for. So a block can be freed without its allocator's handle. A pool counts the bytes that
 * the program has asked for, and not what lies around them. */
#include <string.h>

#include "gomp/allocator.h"
#include "gomp/data.h"
#include "gomp/gomp_abi.h"
#include "gomp/message.h"
#include "gomp/omp_abi.h"
#include "platform/memory.h"
#include "platform/pages.h"

typedef struct header {
  void *memory;
  size_t size;      /* of the block */
  size_t pinned;    /* bytes of pages that are locked; 0: it is ordinary memory */
  uintptr_t handle; /* of the allocator that the block is from, and counts for */
} header;

enum { ALIGNMENT_LEAST = 16 /* bytes: max_align_t's, as malloc's blocks have */ };

_Static_assert(sizeof(header) % ALIGNMENT_LEAST == 0 || sizeof(void *) == 4, "a header of its own wastes nothing");

/* What is asked for. */
typedef struct request {
  size_t size, alignment;
  bool zeroed;
  header *resized; /* the block that it is to replace, whose bytes in its pool it may use; NULL: none */
} request;

static header *header_of(void *block) { return (header *)block - 1; }

/* --- Pools ----------------------------------------------------------------------------------------------------- */

/* The allocator whose pool has a limit; NULL: this one's has none. */
static pp_omp_allocator *pool_of(uintptr_t handle) {
  pp_omp_allocator *allocator = pp_omp_allocator_of(handle);
  return allocator != NULL && allocator->pool_size != SIZE_MAX ? allocator : NULL;
}

/* `less` bytes that are in the pool go out of it as `more` come in. */
static bool enter_pool(pp_omp_allocator *allocator, size_t less, size_t more) {
  size_t used = pp_load_relaxed(&allocator->used), then;
  do {
    if (__builtin_add_overflow(used - less, more, &then) || then > allocator->pool_size) return false;
  } while (!pp_cas_relaxed(&allocator->used, &used, then));
  return true;
}

static void leave_pool(pp_omp_allocator *allocator, size_t bytes) { (void)pp_add_relaxed(&allocator->used, 0 - bytes); }

/* --- Blocks ---------------------------------------------------------------------------------------------------- */

/* Zeros, in memory of its own, so that unlocking it unlocks nobody else's. */
static void *take_pinned(size_t bytes) {
  void *pages = pp_pages_take(bytes);
  if (pages == NULL || pp_pages_lock(pages, bytes)) return pages;
  pp_pages_give_back(pages, bytes);
  return NULL;
}

/* A block without a handle so far; NULL: no memory. */
static void *make_block(const pp_omp_allocator *allocator, const request *r) {
  size_t alignment = r->alignment > ALIGNMENT_LEAST ? r->alignment : ALIGNMENT_LEAST, around, bytes;
  bool pinned = allocator != NULL && allocator->pinned;
  void *memory;
  uintptr_t block;
  if (allocator != NULL && allocator->alignment > alignment) alignment = allocator->alignment;
  /* Memory begins on a cache line, and pages are on one, too: a block that wants no more begins behind its header. */
  around = sizeof(header) + alignment - 1;
  if (__builtin_add_overflow(r->size, around, &bytes)) return NULL;
  if (bytes > PTRDIFF_MAX) return NULL;
  memory = pinned ? take_pinned(bytes) : pp_memory_alloc(bytes);
  if (memory == NULL) return NULL;
  block = ((uintptr_t)memory + around) & ~(uintptr_t)(alignment - 1);
  *header_of((void *)block) = (header){.memory = memory, .size = r->size, .pinned = pinned ? bytes : 0};
  if (r->zeroed && !pinned) memset((void *)block, 0, r->size);
  return (void *)block;
}

/* A block of one allocator, which counts for its pool; the one that it replaces does so no more. NULL: it has none. */
static void *take_block(uintptr_t handle, const request *r) {
  pp_omp_allocator *pool = pool_of(handle);
  bool replaces = r->resized != NULL && r->resized->handle == handle;
  size_t less = replaces ? r->resized->size : 0;
  void *block;
  if (pool != NULL && !enter_pool(pool, less, r->size)) return NULL;
  block = make_block(pp_omp_allocator_of(handle), r);
  if (block != NULL) {
    header_of(block)->handle = handle;
    if (replaces) r->resized->handle = PP_OMP_DEFAULT_MEM_ALLOC;
  } else if (pool != NULL) {
    leave_pool(pool, r->size - less);
  }
  return block;
}

/* By the allocator with this handle, and then by those that it falls back on. `must`: NULL is no answer. */
static void *take(uintptr_t handle, const request *r, bool must) {
  if (r->size == 0 || (r->alignment & (r->alignment - 1)) != 0) return NULL;
  if (handle == PP_OMP_NULL_ALLOCATOR) handle = pp_omp_here()->icvs->default_allocator;
  for (;;) {
    pp_omp_allocator *allocator = pp_omp_allocator_of(handle);
    int fallback = allocator != NULL ? allocator->fallback : PP_OMP_NULL_FB;
    void *block = take_block(handle, r);
    if (block != NULL) return block;
    if (fallback == PP_OMP_ABORT_FB || (fallback == PP_OMP_NULL_FB && must))
      pp_omp_fatal("no memory for %zu bytes of an allocator", r->size);
    if (fallback == PP_OMP_NULL_FB) return NULL;
    handle = fallback == PP_OMP_ALLOCATOR_FB ? allocator->fb_data : PP_OMP_NULL_ALLOCATOR;
    if (handle == PP_OMP_NULL_ALLOCATOR) handle = PP_OMP_DEFAULT_MEM_ALLOC;
  }
}

static void free_block(void *block) {
  header *h;
  pp_omp_allocator *pool;
  if (block == NULL) return;
  h = header_of(block);
  pool = pool_of(h->handle);
  if (pool != NULL) leave_pool(pool, h->size);
  if (h->pinned != 0) {
    pp_pages_give_back(h->memory, h->pinned);
  } else {
    pp_memory_free(h->memory);
  }
}

/* --- OpenMP's routines ----------------------------------------------------------------------------------------- */

/* More than there can be, where the product is. */
static size_t product(size_t count, size_t size) {
  size_t bytes;
  return __builtin_mul_overflow(count, size, &bytes) ? SIZE_MAX : bytes;
}

void *omp_aligned_alloc(size_t alignment, size_t size, uintptr_t handle) {
  return take(handle, &(request){.size = size, .alignment = alignment}, false);
}

void *omp_alloc(size_t size, uintptr_t handle) { return omp_aligned_alloc(1, size, handle); }

void *omp_aligned_calloc(size_t alignment, size_t count, size_t size, uintptr_t handle) {
  return take(handle, &(request){.size = product(count, size), .alignment = alignment, .zeroed = true}, false);
}

void *omp_calloc(size_t count, size_t size, uintptr_t handle) { return omp_aligned_calloc(1, count, size, handle); }

void omp_free(void *block, uintptr_t handle) {
  (void)handle;
  free_block(block);
}

/* The block knows whom it is from, and without a handle it stays with that allocator. Bytes that it has in a pool are
 * given up for those of the block that replaces it. Where there is none it stays as it is. */
void *omp_realloc(void *block, size_t size, uintptr_t handle, uintptr_t from) {
  request r = {.size = size, .alignment = 1};
  header *h;
  void *resized;
  if (block == NULL) return omp_alloc(size, handle != PP_OMP_NULL_ALLOCATOR ? handle : from);
  if (size == 0) {
    free_block(block);
    return NULL;
  }
  r.resized = h = header_of(block);
  resized = take(handle != PP_OMP_NULL_ALLOCATOR ? handle : h->handle, &r, false);
  if (resized == NULL) return NULL;
  memcpy(resized, block, size < h->size ? size : h->size);
  free_block(block);
  return resized;
}

/* --- What compilers call --------------------------------------------------------------------------------------- */

/* No allocator may answer NULL here. */
void *GOMP_alloc(size_t alignment, size_t size, uintptr_t handle) {
  return take(handle, &(request){.size = size, .alignment = alignment}, true);
}

void GOMP_free(void *block, uintptr_t handle) { omp_free(block, handle); }

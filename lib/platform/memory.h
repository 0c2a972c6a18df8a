/* SPDX-License-Identifier: MIT */
/* memory.h: the library's memory: jemalloc's when the process has it, else the C library's.
 *
 * The library does not link jemalloc, since that would make libppar.so impossible to dlopen (jemalloc's static
 * thread-local storage). PP_NO_JEMALLOC leaves the C library's allocator alone. */
#ifndef PP_PLATFORM_MEMORY_H
#define PP_PLATFORM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/cache_line.h"
#include "platform/shared.h"

/* Has the allocators take their first block, before which some register their handlers around fork: what the library
 * registers afterwards then runs before theirs as the process forks, and after them in both processes. It may be called
 * as the library loads: it asks the C library for a plain block, since MemorySanitizer, which begins later, has those
 * then, and would fail to give an aligned one. */
void pp_memory_begin(void);

/* size bytes on cache lines of their own (PP_CACHE_LINE), contents undefined. Pages of a large block are not
 * touched, so each comes to be near the thread that first writes to it. NULL: no memory, or size is 0. */
void *pp_memory_alloc(size_t size) PP_SHARED;

/* The same, all bytes zero: its pages may be touched here. What the library's threads do there is no business of race
 * checkers. */
void *pp_memory_zalloc(size_t size) PP_SHARED;

/* Gives the pages that lie in these bytes as a whole back to the system. They stay the caller's: what they contain is
 * undefined from here on, and they are taken from the system again as they are used. Nothing, where that is unknown. */
void pp_memory_give_back(void *bytes, size_t size);

/* Memory for values of `size` bytes, which lie there one after the other. What functions of the program are to see of
 * it has to be aligned as its type is. A type's size is a multiple of its alignment; so no value of that size wants
 * more than the largest power of two that divides the size, up to the largest alignment that is served. */
enum { PP_ALIGNMENT_MOST = 4096 /* bytes: a page; nothing that programs are compiled to wants more */ };

static inline size_t pp_alignment_of(size_t size) {
  size_t alignment = size & (0 - size);
  return alignment < PP_ALIGNMENT_MOST ? alignment : (size_t)PP_ALIGNMENT_MOST;
}

static inline bool pp_is_aligned_for(const void *block, size_t size) {
  return ((uintptr_t)block & (pp_alignment_of(size) - 1)) == 0;
}

/* `bytes` bytes that begin so aligned; as pp_memory_alloc otherwise. */
void *pp_memory_alloc_values(size_t bytes, size_t size);

/* Frees what the three above gave; NULL is fine. */
void pp_memory_free(void *block) PP_SHARED;

#endif

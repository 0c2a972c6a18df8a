/* SPDX-License-Identifier: MIT */
/* memory.h: the library's memory: jemalloc's when the process has it, else the C library's.
 *
 * The library does not link jemalloc, since that would make libppar.so impossible to dlopen (jemalloc's static
 * thread-local storage). PP_NO_JEMALLOC leaves the C library's allocator alone. */
#ifndef PP_PLATFORM_MEMORY_H
#define PP_PLATFORM_MEMORY_H

#include <stddef.h>

/* size bytes on cache lines of their own (PP_CACHE_LINE), contents undefined. Pages of a large block are not
 * touched, so each comes to be near the thread that first writes to it. NULL: no memory, or size is 0. */
void *pp_memory_alloc(size_t size);

/* The same, all bytes zero: its pages may be touched here. */
void *pp_memory_zalloc(size_t size);

/* Gives the pages that lie in these bytes as a whole back to the system. They stay the caller's: what they contain is
 * undefined from here on, and they are taken from the system again as they are used. Nothing, where that is unknown. */
void pp_memory_give_back(void *bytes, size_t size);

/* Frees what the two above gave; NULL is fine. */
void pp_memory_free(void *block);

#endif

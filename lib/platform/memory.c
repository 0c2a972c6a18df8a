/* SPDX-License-Identifier: MIT */
/* memory.c: the choice between jemalloc and the C library, made by the dynamic linker as the library loads. */
#include "platform/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#include "platform/race_checker.h"

#if !defined(PP_NO_JEMALLOC)

/* jemalloc's own interface (its manual, "Non-standard API"). The references are bound once, so a block always
 * goes back to the allocator that it came from. */
extern void *mallocx(size_t size, int flags) __attribute__((weak));
extern void dallocx(void *block, int flags) __attribute__((weak));

enum {
  ALIGN_FLAG = 7,  /* MALLOCX_LG_ALIGN(7): the logarithm of the alignment */
  ZERO_FLAG = 0x40 /* MALLOCX_ZERO */
};
_Static_assert(1 << ALIGN_FLAG == PP_CACHE_LINE, "ALIGN_FLAG is PP_CACHE_LINE's logarithm");

/* Race checkers know the C library's functions alone: to them a block that jemalloc gives to a second thread would be
 * one that two threads use without order. */
static bool has_jemalloc(void) { return mallocx != NULL && dallocx != NULL && !pp_race_checker_listens(); }

#endif

/* Whole cache lines, so that nobody else's data shares the last one; 0 where there can be no such block. */
static size_t whole_lines(size_t size) {
  if (size > (size_t)PTRDIFF_MAX - PP_CACHE_LINE) return 0;
  return (size + PP_CACHE_LINE - 1) / PP_CACHE_LINE * PP_CACHE_LINE;
}

void pp_memory_begin(void) {
  void *volatile first = malloc(1); /* volatile: compilers may leave out a block that nobody uses */
  free(first);
#if !defined(PP_NO_JEMALLOC)
  if (has_jemalloc()) dallocx(mallocx(1, 0), 0);
#endif
}

void *pp_memory_alloc(size_t size) {
  size = whole_lines(size);
  if (size == 0) return NULL;
#if !defined(PP_NO_JEMALLOC)
  if (has_jemalloc()) return mallocx(size, ALIGN_FLAG);
#endif
  return aligned_alloc(PP_CACHE_LINE, size);
}

void *pp_memory_alloc_values(size_t bytes, size_t size) {
  size_t alignment = pp_alignment_of(size);
  if (alignment <= PP_CACHE_LINE) return pp_memory_alloc(bytes);
  if (bytes > (size_t)PTRDIFF_MAX - alignment) return NULL;
  bytes = (bytes + alignment - 1) / alignment * alignment;
  if (bytes == 0) return NULL;
#if !defined(PP_NO_JEMALLOC)
  if (has_jemalloc()) return mallocx(bytes, __builtin_ctzll(alignment));
#endif
  return aligned_alloc(alignment, bytes);
}

void *pp_memory_zalloc(size_t size) {
  void *block;
  size = whole_lines(size);
  if (size == 0) return NULL;
#if !defined(PP_NO_JEMALLOC)
  if (has_jemalloc()) return mallocx(size, ALIGN_FLAG | ZERO_FLAG);
#endif
  pp_checks_pause();
  block = aligned_alloc(PP_CACHE_LINE, size);
  if (block != NULL) (void)memset(block, 0, size);
  pp_checks_go_on();
  pp_checks_leave_out(block, block != NULL ? size : 0);
  return block;
}

void pp_memory_free(void *block) {
  if (block == NULL) return;
#if !defined(PP_NO_JEMALLOC)
  if (has_jemalloc()) {
    dallocx(block, 0);
    return;
  }
#endif
  free(block);
}

void pp_memory_give_back(void *bytes, size_t size) {
#if defined(__linux__)
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), first = (uintptr_t)bytes + page - 1,
            past = (uintptr_t)bytes + size;
  int saved = errno;
  first -= first % page;
  past -= past % page;
  if (first < past) (void)madvise((void *)first, past - first, MADV_DONTNEED);
  errno = saved;
#else
  (void)bytes, (void)size;
#endif
}

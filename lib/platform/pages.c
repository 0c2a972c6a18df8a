/* SPDX-License-Identifier: MIT */
/* pages.c: mmap and mlock. */
#include "platform/pages.h"

#include <errno.h>
#include <sys/mman.h>

#include "platform/race_checker.h"

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

void *pp_pages_take(size_t bytes) {
  int saved_errno = errno;
  void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  errno = saved_errno;
  if (pages == MAP_FAILED) return NULL;
  pp_checks_leave_out(pages, bytes); /* as pp_memory_zalloc does */
  return pages;
}

bool pp_pages_lock(void *pages, size_t bytes) {
  int saved_errno = errno;
  bool locked = mlock(pages, bytes) == 0;
  errno = saved_errno;
  return locked;
}

void pp_pages_give_back(void *pages, size_t bytes) {
  int saved_errno = errno;
  (void)munmap(pages, bytes);
  errno = saved_errno;
}

/* SPDX-License-Identifier: MIT */
/* pages.h: memory straight from the system: no lock is taken, and pages that are not written cost nothing. */
#ifndef PP_PLATFORM_PAGES_H
#define PP_PLATFORM_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "platform/shared.h"

/* So many bytes of zeros, which begin at a page; NULL: no memory. errno is as it was. */
void *pp_pages_take(size_t bytes) PP_SHARED;

/* Keeps them in the machine's memory until they are given back. False: the system does not allow so many, or any. errno
 * is as it was. */
bool pp_pages_lock(void *pages, size_t bytes) PP_SHARED;

/* Gives them back, all at once. */
void pp_pages_give_back(void *pages, size_t bytes) PP_SHARED;

#endif

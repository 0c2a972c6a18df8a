/* SPDX-License-Identifier: MIT */
/* pages.h: memory straight from the system: no lock is taken, and pages that are not written cost nothing. */
#ifndef PP_PLATFORM_PAGES_H
#define PP_PLATFORM_PAGES_H

#include <stddef.h>

/* So many bytes of zeros, which begin at a page; NULL: no memory. errno is as it was. */
void *pp_pages_take(size_t bytes);

/* Gives them back, all at once. */
void pp_pages_give_back(void *pages, size_t bytes);

#endif

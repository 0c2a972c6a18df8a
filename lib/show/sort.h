/* SPDX-License-Identifier: MIT */
/* sort.h: sorting without memory of its own: qsort may ask for some, and a signal's handler may not. */
#ifndef PP_SHOW_SORT_H
#define PP_SHOW_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the left one is to come before the right one. Where neither is, their order is not kept. */
typedef bool pp_before(const void *left, const void *right);

/* Sorts `count` things of `size` bytes. */
void pp_sort(void *things, uint64_t count, size_t size, pp_before *before);

#endif

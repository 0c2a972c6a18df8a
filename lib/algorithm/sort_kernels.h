/* SPDX-License-Identifier: MIT */
/* sort_kernels.h: what one thread does in a sort: sort a run, merge two, say where to cut a merge. One set of functions
 * for each size of elements that a few instructions move. None of them relies on compare being consistent: whatever it
 * says, elements are moved as they are, none twice and none lost. */
#ifndef PP_ALGORITHM_SORT_KERNELS_H
#define PP_ALGORITHM_SORT_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

/* The program's order: one of the two functions. */
typedef struct pp_sort_order {
  int (*plain)(const void *a, const void *b);
  int (*with)(const void *a, const void *b, void *arg);
  void *arg;
} pp_sort_order;

typedef struct pp_sort_kernels {
  /* Sorts count elements at x with as many at y as scratch; the outcome is in x or in y. */
  void (*sort)(const pp_sort_order *order, unsigned char *x, unsigned char *y, size_t count, size_t size, bool into_y);

  /* Merges two sorted runs of one array into another; of equals, a's come first. */
  void (*merge)(const pp_sort_order *order, const unsigned char *a, size_t a_count, const unsigned char *b,
                size_t b_count, unsigned char *to, size_t size);

  /* How many of the first `taken` elements of that merge are a's; a consistent compare presumed, else any number that
   * is at most taken and a_count and leaves at most b_count to b. taken <= a_count + b_count. */
  size_t (*split)(const pp_sort_order *order, const unsigned char *a, size_t a_count, const unsigned char *b,
                  size_t b_count, size_t taken, size_t size);

  /* Whether each of count elements is followed by one that does not come before it: count + 1 are read. */
  bool (*rises)(const pp_sort_order *order, const unsigned char *x, size_t count, size_t size);
} pp_sort_kernels;

/* For elements of so many bytes, at most PP_SORT_MOVED_MOST, or, by_pointer, for pointers to elements of any size:
 * size is then a pointer's. */
const pp_sort_kernels *pp_sort_kernels_for(size_t size, bool by_pointer);

#endif

/* SPDX-License-Identifier: MIT */
/* sort.h: a parallel stable sort with qsort's interface. */
#ifndef PPAR_SORT_H
#define PPAR_SORT_H

#include <ppar/base.h>
#include <ppar/options.h>

PPAR_BEGIN_DECLS

/* Sorts `count` elements of `size` bytes at base into ascending order. compare returns less than, equal to or greater
 * than 0 as the first element is to come before, is equal to, or is to come after the second. Equal elements keep their
 * order, so the outcome is the same for every number of threads.
 *
 * compare is called on several threads at once, and must be a strict weak order; if it is not, the order of the
 * outcome is undefined, but it still holds the same elements. It may see copies of elements, and must return. Needs
 * as much memory again as the array; for elements larger than 32 bytes, which are compared where they are and moved
 * twice, also two pointers an element. An array in order is found to be so in count comparisons. Of the options,
 * threads and pool count.
 *
 * Returns PPAR_OK; PPAR_EINVAL, nothing done, for a NULL base (unless count is 0) or compare, a size of 0, a count
 * times size that no array has, or an option out of range; PPAR_ENOMEM, the array as it was. errno stays as it was.
 * Any thread, any time, from inside bodies and tasks too. */
PPAR_API int ppar_sort(void *base, size_t count, size_t size, int (*compare)(const void *a, const void *b),
                       const ppar_options *options);

/* Sorts as ppar_sort does, with an argument for compare (qsort_r). */
PPAR_API int ppar_sort_with(void *base, size_t count, size_t size,
                            int (*compare)(const void *a, const void *b, void *arg), void *arg,
                            const ppar_options *options);

PPAR_END_DECLS

#endif

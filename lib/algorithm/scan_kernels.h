/* SPDX-License-Identifier: MIT */
/* scan_kernels.h: the inner loops of scans of arrays by the library's own scalar operators: a call through a pointer
 * for each element would cost more than the memory. */
#ifndef PP_ALGORITHM_SCAN_KERNELS_H
#define PP_ALGORITHM_SCAN_KERNELS_H

#include <ppar/reduce.h>

typedef struct pp_scan_kernels {
  const ppar_reduction *reduction;
  /* Folds count elements into *value. */
  void (*fold)(const void *from, uint64_t count, void *value);
  /* Scan count elements from *value on, and leave the end there. to may be from. */
  void (*inclusive)(const void *from, void *to, uint64_t count, void *value);
  void (*exclusive)(const void *from, void *to, uint64_t count, void *value);
} pp_scan_kernels;

/* NULL: the reduction is none of those. Its combine function tells: a program may use copies of ours. */
const pp_scan_kernels *pp_scan_kernels_of(const ppar_reduction *reduction);

#endif

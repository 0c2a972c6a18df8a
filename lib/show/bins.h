/* SPDX-License-Identifier: MIT */
/* bins.h: what a loop's iterations took, and who ran them: of many iterations in bins of some. */
#ifndef PP_SHOW_BINS_H
#define PP_SHOW_BINS_H

#include "show/run.h"

/* Whose a bin is, where it is not one slot's. */
enum { PP_BIN_NOBODYS = -2, PP_BIN_SEVERALS = -1 };

typedef struct pp_bin {
  double ns;
  uint64_t seen; /* Iterations whose time is known. */
  int32_t owner; /* A slot, or PP_BIN_... */
} pp_bin;

typedef struct pp_bins {
  pp_bin *bin;
  uint64_t count; /* Of bins; 0: there are no iterations, or there was no memory. */
  uint64_t width; /* Iterations of each, but for the last one's. */
  uint64_t iterations, seen;
} pp_bins;

/* Of the construct's chunks among the spans. Waits for critical sections and turns are not the iterations' own. */
pp_bins pp_bins_of(const pp_run *run, const pp_construct *construct, const pp_run_spans *spans);

#endif

/* SPDX-License-Identifier: MIT */
/* axis.h: numbers above or under a row of cells, at distances that are easy to read: 1, 2 or 5 times a power of ten. */
#ifndef PP_SHOW_AXIS_H
#define PP_SHOW_AXIS_H

#include "show/output.h"

/* Times from 0 to `ns` along so many columns, in the unit that fits; the first one says which. As wide as that, or
 * less. */
void pp_put_time_axis(pp_output *out, uint64_t ns, int columns);

/* Indices of a loop of `count` iterations, of which `index` is the first, and each the one before plus `step`. The last
 * one stands at the end, and begins no later than where its own iteration does. */
void pp_put_index_axis(pp_output *out, int64_t index, int64_t step, uint64_t count, int columns);

#endif

/* SPDX-License-Identifier: MIT */
/* combine.h: the partial values of a loop's reduction. */
#ifndef PP_LOOP_COMBINE_H
#define PP_LOOP_COMBINE_H

#include <ppar/reduce.h>
#include "loop/record.h"

/* Room for the loop's partial values, each on lines of its own, in memory that the record keeps; sets loop->partials
 * and its stride. False: no memory. */
bool pp_partials_prepare(pp_record *record, pp_loop *loop);

/* Combines the partial values of a loop that is over into *result, in slot order. */
void pp_partials_combine(pp_record *record, void *result);

/* Gives large blocks of partial values back. */
void pp_partials_trim(pp_record *record);

#endif

/* SPDX-License-Identifier: MIT */
/* prange.h: pranges as they are opened by whoever knows the place in the program that they are at. */
#ifndef PP_API_PRANGE_H
#define PP_API_PRANGE_H

#include <ppar/team.h>

#include "platform/shared.h"
#include "schedule/space.h"

/* As ppar_prange_open_, but for static,1, whose pieces are single iterations. shown: the indices that pictures and
 * reports have. site: the place in the program, which tells pranges apart. last_is_last: whoever gets the last
 * iteration gets it in its last piece, and has to ask for no more. Under nowait, for pictures and reports, whether
 * nobody waits at the end is said before that by pp_traced_prange_is_nowait (trace/construct.h). */
void pp_prange_open(ppar_cursor_ *cursor, ppar_team *seat, int64_t begin, int64_t end, const ppar_options *options,
                    bool last_is_last, const pp_space *shown, const void *site) PP_SHARED;

#endif

/* SPDX-License-Identifier: MIT */
/* sections.h: the sections of a construct, given out one by one. */
#ifndef PP_GOMP_SECTIONS_H
#define PP_GOMP_SECTIONS_H

#include "gomp/data.h"

/* The thread comes to a construct of so many sections, at a place of the program. */
void pp_omp_sections_open(pp_omp_data *here, uint64_t sections, const void *place);

#endif

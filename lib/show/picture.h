/* SPDX-License-Identifier: MIT */
/* picture.h: a run's loops, regions and tasks as a picture of characters: what each thread did when, and who ran which
 * iterations. */
#ifndef PP_SHOW_PICTURE_H
#define PP_SHOW_PICTURE_H

#include "show/output.h"
#include "show/run.h"
#include "show/style.h"

/* Writes it: of each place that took most time the call of middle length (chosen.h). Columns below 40
 * count as 40. It is ASCII, but for what names of loops and files have, and for colours. */
void pp_picture_write(const pp_run *run, pp_output *out, const pp_show_style *style);

#endif

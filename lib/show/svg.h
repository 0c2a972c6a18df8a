/* SPDX-License-Identifier: MIT */
/* svg.h: the loops that mattered as one picture in a file of its own, to be shown in a lecture or on a page. */
#ifndef PP_SHOW_SVG_H
#define PP_SHOW_SVG_H

#include "show/output.h"
#include "show/run.h"

/* Panels one under the other, each of one call of a place: threads over time, and under that which thread ran which
 * iterations. A panel takes less than 1 MB, however much was recorded. */
void pp_svg_write(const pp_run *run, pp_output *out);

#endif

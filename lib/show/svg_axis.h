/* SPDX-License-Identifier: MIT */
/* svg_axis.h: axes along the picture, at the height y; each returns where it ends. svg NULL: it is only measured. */
#ifndef PP_SHOW_SVG_AXIS_H
#define PP_SHOW_SVG_AXIS_H

#include "show/svg_shapes.h"
#include "trace/event.h"

/* Lines from `top` to y at the times that the axis will name: what is under the rows. */
void pp_svg_time_lines(pp_svg *svg, uint64_t ns, double top, double y);
/* Times from 0 to `ns`, in one unit. */
double pp_svg_time_axis(pp_svg *svg, uint64_t ns, double y);

/* The indices of a loop. */
double pp_svg_index_axis(pp_svg *svg, const pp_construct *of, double y);

#endif

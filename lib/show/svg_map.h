/* SPDX-License-Identifier: MIT */
/* svg_map.h: which thread ran which iterations, as a picture. */
#ifndef PP_SHOW_SVG_MAP_H
#define PP_SHOW_SVG_MAP_H

#include "show/svg_panel.h"
#include "show/svg_shapes.h"

/* Lines of threads from the height y on, and the indices under them; returns where it ends. Nothing, where there are no
 * iterations. svg NULL: it is only measured. */
double pp_svg_map(pp_svg *svg, const pp_svg_panel *panel, double y);

#endif

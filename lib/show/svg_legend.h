/* SPDX-License-Identifier: MIT */
/* svg_legend.h: what shapes mean. */
#ifndef PP_SHOW_SVG_LEGEND_H
#define PP_SHOW_SVG_LEGEND_H

#include "show/svg_panel.h"
#include "show/svg_shapes.h"

/* What occurs in the panel, from the height y on; returns where it ends. svg NULL: it is only measured. */
double pp_svg_legend(pp_svg *svg, const pp_svg_panel *panel, double y);

#endif

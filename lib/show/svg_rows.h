/* SPDX-License-Identifier: MIT */
/* svg_rows.h: what each thread did over time, as a picture. */
#ifndef PP_SHOW_SVG_ROWS_H
#define PP_SHOW_SVG_ROWS_H

#include "show/svg_panel.h"
#include "show/svg_shapes.h"

/* A row of each thread from the height y on, and the time under them; returns where it ends. svg NULL: it is only
 * measured. */
double pp_svg_rows(pp_svg *svg, const pp_svg_panel *panel, double y);

#endif

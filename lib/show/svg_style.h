/* SPDX-License-Identifier: MIT */
/* svg_style.h: what shapes look like, and where in the picture time and iterations lie. */
#ifndef PP_SHOW_SVG_STYLE_H
#define PP_SHOW_SVG_STYLE_H

#include "show/svg_panel.h"
#include "show/svg_shapes.h"

/* The picture's width, and what of it the time and the iterations have. */
enum { PP_SVG_WIDTH = 1280, PP_SVG_LEFT = 132, PP_SVG_RIGHT = 1248, PP_SVG_PLOT = PP_SVG_RIGHT - PP_SVG_LEFT };

/* Which looks classes have. */
void pp_svg_style(pp_svg *svg);

/* The class of a row's pieces of work, of those in bars too thin for a line around them, and of the map's parts. */
typedef enum pp_svg_use { PP_SVG_PIECE, PP_SVG_THIN, PP_SVG_MAP } pp_svg_use;
const char *pp_svg_class(uint32_t row, pp_svg_use use);

/* The class of a wait's hatch, or of what a thread that sleeps meanwhile has; NULL: it is none. */
const char *pp_svg_hatch(pp_svg_kind kind, bool is_asleep);

#endif

/* SPDX-License-Identifier: MIT */
/* svg_text.h: what is said of a piece of work or a wait, as XML's text. */
#ifndef PP_SHOW_SVG_TEXT_H
#define PP_SHOW_SVG_TEXT_H

#include "show/output.h"
#include "show/svg_panel.h"

/* "thread 1 (ppar-1)" */
void pp_svg_put_thread(pp_output *out, const pp_svg_panel *panel, const pp_svg_row *row);

/* Indices of an item of a loop: "7", "0..24", "0,2..98". */
void pp_svg_put_range(pp_output *out, const pp_construct *of, const pp_svg_item *item);

/* "thread 1 (ppar-1): indices 0..24, 1.20 ms, from 0.3 ms on" */
void pp_svg_put_item(pp_output *out, const pp_svg_panel *panel, const pp_svg_row *row, const pp_svg_item *item);

#endif

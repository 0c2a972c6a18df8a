/* SPDX-License-Identifier: MIT */
/* svg_bins.h: how much each thread ran of each part of a loop's iterations. */
#ifndef PP_SHOW_SVG_BINS_H
#define PP_SHOW_SVG_BINS_H

#include "show/svg_panel.h"

/* Bins for all rows, each no narrower than a pixel; none where there are no iterations. False: no memory. */
bool pp_svg_bins_make(pp_svg_panel *panel, double width);

/* The row has run a chunk. */
void pp_svg_bins_add(const pp_svg_panel *panel, const pp_svg_row *row, const pp_event *chunk);

/* All chunks are there: bins become wider, until what is drawn of them is little enough. */
void pp_svg_bins_finish(pp_svg_panel *panel);

/* The first bin after this one that is to be drawn apart from it. */
uint32_t pp_svg_bins_alike(const pp_svg_panel *panel, const pp_svg_row *row, uint32_t bin);

#endif

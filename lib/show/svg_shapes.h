/* SPDX-License-Identifier: MIT */
/* svg_shapes.h: rectangles, lines and texts of a picture. Positions and sizes are in the picture's units: pixels, where
 * it is shown in its own size. What a class looks like is said in svg_style.c. */
#ifndef PP_SHOW_SVG_SHAPES_H
#define PP_SHOW_SVG_SHAPES_H

#include "show/output.h"

typedef struct pp_svg {
  pp_output *out;
  const char *path; /* The class of the path that is being written; NULL: none is. */
} pp_svg;

/* Heights of letters. The smallest can still be read where the picture is shown at half its size. */
enum { PP_SVG_SMALL = 18, PP_SVG_WORDS = 21, PP_SVG_TITLE = 26 };

/* What a text is at its position. */
typedef enum pp_svg_anchor { PP_SVG_STARTS, PP_SVG_IS_MIDDLE, PP_SVG_ENDS, PP_SVG_UPRIGHT } pp_svg_anchor;

/* No less than what the text will take, as fonts without serifs are. */
double pp_svg_text_width(const char *text, double height);

/* A rectangle of its own. */
void pp_svg_rect(pp_svg *svg, const char *class, double x, double y, double width, double height);
/* A rectangle that shares a path with those of its class before it, which saves room; it can have no title. */
void pp_svg_box(pp_svg *svg, const char *class, double x, double y, double width, double height);
/* Ends the path of such boxes. What follows is drawn over them. */
void pp_svg_end_boxes(pp_svg *svg);

void pp_svg_line(pp_svg *svg, const char *class, double x, double y, double to_x, double to_y);
/* A triangle whose point is at x, y: down, or else up. */
void pp_svg_arrowhead(pp_svg *svg, double x, double y, bool is_down);
/* class: "s", "w" or "t", of the heights above. PP_SVG_UPRIGHT: it runs upwards; x, y is its middle. */
void pp_svg_text(pp_svg *svg, const char *class, pp_svg_anchor anchor, double x, double y, const char *text);
/* On as many lines as it takes, no wider than `width` each; returns how many. svg NULL: it is only measured. */
int pp_svg_wrapped(pp_svg *svg, const char *class, double x, double y, double width, double height, double distance,
                   const char *text);

/* What is drawn from here to the end of it shows this text to whoever points at it; put the text between the two. */
void pp_svg_begin_titled(pp_svg *svg);
void pp_svg_end_title(pp_svg *svg);
void pp_svg_end_titled(pp_svg *svg);

/* A number with at most one digit behind the point. */
void pp_svg_put(pp_svg *svg, double number);

#endif

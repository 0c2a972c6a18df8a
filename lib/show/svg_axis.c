/* SPDX-License-Identifier: MIT */
/* svg_axis.c: axes with round numbers, in one unit each. */
#include "show/svg_axis.h"

#include "show/svg_style.h"

/* A first label that is wider than LEAST_AXIS_ROOM begins where the axis does: the axis' name stands before it. */
enum { TICK = 7, LEAST_AXIS_ROOM = 30, LABEL_BELOW = 26, AXIS_HEIGHT = 36, NAME_LEFT = 22, LABEL_SIZE = 32 };

/* Between the middles of two labels of times. */
static const double TIME_DISTANCE = 100;

/* The least of 1, 2, 5, 10, 20, ... times `unit` that is `least`. */
static double round_step(double least, double unit) {
  static const double parts[] = {1, 2, 5};
  for (;; unit *= 10) {
    for (int k = 0; k < 3; k++) {
      if (parts[k] * unit >= least) return parts[k] * unit;
    }
  }
}

static const struct {
  double size;
  const char *name;
} units[] = {{1, "ns"}, {1e3, "us"}, {1e6, "ms"}, {1e9, "s"}};

static int unit_of(double length) {
  int u = 0;
  while (u < 3 && length >= 2 * units[u + 1].size) u++;
  return u;
}

/* Nanoseconds from one label to the next. */
static double time_step(double length) {
  return round_step(length * TIME_DISTANCE / PP_SVG_PLOT, units[unit_of(length)].size / 1000);
}

void pp_svg_time_lines(pp_svg *svg, uint64_t ns, double top, double y) {
  double step = time_step((double)ns);
  for (uint64_t k = 0; (double)k * step <= (double)ns; k++) {
    double x = PP_SVG_LEFT + (double)k * step * PP_SVG_PLOT / (double)ns;
    pp_svg_line(svg, "g", x, top, x, y);
  }
}

double pp_svg_time_axis(pp_svg *svg, uint64_t ns, double y) {
  double length = (double)ns, step = time_step(length), size = units[unit_of(length)].size;
  char label[LABEL_SIZE];
  pp_output out = pp_output_to(-1, label, sizeof label);
  int digits = 0;
  if (svg == NULL) return y + AXIS_HEIGHT;
  pp_putf(&out, "time, %s", units[unit_of(length)].name);
  (void)pp_output_end(&out);
  pp_svg_line(svg, "a", PP_SVG_LEFT, y, PP_SVG_RIGHT, y);
  pp_svg_text(svg, "s", PP_SVG_ENDS, PP_SVG_LEFT - NAME_LEFT, y + LABEL_BELOW, label);
  for (double of = size; of > step * 1.001; of /= 10) digits++;
  for (uint64_t k = 0; (double)k * step <= length; k++) {
    double x = PP_SVG_LEFT + (double)k * step * PP_SVG_PLOT / length;
    out = pp_output_to(-1, label, sizeof label);
    pp_put_real(&out, (double)k * step / size, k != 0 ? digits : 0);
    (void)pp_output_end(&out);
    pp_svg_line(svg, "a", x, y, x, y + TICK);
    pp_svg_text(svg, "s", PP_SVG_IS_MIDDLE, x, y + LABEL_BELOW, label);
  }
  return y + AXIS_HEIGHT;
}

static double put_index(char label[LABEL_SIZE], const pp_construct *of, uint64_t iteration) {
  pp_output out = pp_output_to(-1, label, LABEL_SIZE);
  pp_put_signed(&out, pp_svg_index(of, iteration));
  (void)pp_output_end(&out);
  return pp_svg_text_width(label, PP_SVG_SMALL);
}

/* Iterations so wide, in pixels, have their index under their middle. */
static const double WIDE_CELL = 16;

double pp_svg_index_axis(pp_svg *svg, const pp_construct *of, double y) {
  char label[LABEL_SIZE];
  double cell = (double)PP_SVG_PLOT / (double)of->count, first, last, step, past = PP_SVG_LEFT - 100;
  if (svg == NULL) return y + AXIS_HEIGHT;
  first = put_index(label, of, 0);
  last = put_index(label, of, of->count - 1);
  step = round_step(((first > last ? first : last) + 14) / cell, 1);
  pp_svg_line(svg, "a", PP_SVG_LEFT, y, PP_SVG_RIGHT, y);
  pp_svg_text(svg, "s", PP_SVG_ENDS, PP_SVG_LEFT - NAME_LEFT, y + LABEL_BELOW, "index");
  for (double i = 0; i < (double)of->count; i += step) {
    double x = PP_SVG_LEFT + (i + (cell >= WIDE_CELL ? 0.5 : 0)) * cell, width = put_index(label, of, (uint64_t)i);
    pp_svg_line(svg, "a", x, y, x, y + TICK);
    if (x + width / 2 > PP_SVG_WIDTH - 4 || x - width / 2 < past) continue;
    if (i > 0 || width < LEAST_AXIS_ROOM) {
      pp_svg_text(svg, "s", PP_SVG_IS_MIDDLE, x, y + LABEL_BELOW, label);
      past = x + width / 2;
    } else {
      pp_svg_text(svg, "s", PP_SVG_STARTS, PP_SVG_LEFT - 6, y + LABEL_BELOW, label);
      past = PP_SVG_LEFT + width;
    }
  }
  return y + AXIS_HEIGHT;
}

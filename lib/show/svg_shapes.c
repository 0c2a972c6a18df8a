/* SPDX-License-Identifier: MIT */
/* svg_shapes.c: shapes as elements. */
#include "show/svg_shapes.h"

#include <string.h>

/* Widths of DejaVu Sans and Verdana, the widest that are common, as parts of the letters' height. */
static const double NARROW = 0.4, USUAL = 0.66, WIDE = 1.0;

enum { LINE_SIZE = 512 };

static double letter_width(unsigned char c) {
  if (strchr(" .,:;!|'()[]/ijlftrI-", c) != NULL) return NARROW;
  return c >= 0x80 || strchr("mwMW%@", c) != NULL ? WIDE : USUAL;
}

/* Bytes of UTF-8 after the first one are no letters. */
double pp_svg_text_width(const char *text, double height) {
  double width = 0;
  for (; *text != '\0'; text++) {
    if (((unsigned char)*text & 0xc0) != 0x80) width += letter_width((unsigned char)*text);
  }
  return width * height;
}

void pp_svg_put(pp_svg *svg, double number) {
  double tenths = number * 10, whole = (double)(int64_t)(number < 0 ? number - 0.5 : number + 0.5);
  bool is_whole = tenths - whole * 10 < 0.5 && whole * 10 - tenths < 0.5;
  pp_put_real(svg->out, number, is_whole ? 0 : 1);
}

static void put_attribute(pp_svg *svg, const char *name, double number) {
  pp_putf(svg->out, " %s=\"", name);
  pp_svg_put(svg, number);
  pp_put_char(svg->out, '"');
}

void pp_svg_end_boxes(pp_svg *svg) {
  if (svg->path != NULL) pp_put(svg->out, "\"/>\n");
  svg->path = NULL;
}

static void begin(pp_svg *svg, const char *element, const char *class) {
  pp_svg_end_boxes(svg);
  pp_putf(svg->out, "<%s class=\"%s\"", element, class);
}

void pp_svg_rect(pp_svg *svg, const char *class, double x, double y, double width, double height) {
  begin(svg, "rect", class);
  put_attribute(svg, "x", x);
  put_attribute(svg, "y", y);
  put_attribute(svg, "width", width);
  put_attribute(svg, "height", height);
  pp_put(svg->out, "/>\n");
}

void pp_svg_box(pp_svg *svg, const char *class, double x, double y, double width, double height) {
  if (svg->path == NULL || strcmp(svg->path, class) != 0) {
    begin(svg, "path", class);
    pp_put(svg->out, " d=\"");
    svg->path = class;
  }
  pp_put_char(svg->out, 'M');
  pp_svg_put(svg, x);
  pp_put_char(svg->out, ' ');
  pp_svg_put(svg, y);
  pp_put_char(svg->out, 'h');
  pp_svg_put(svg, width);
  pp_put_char(svg->out, 'v');
  pp_svg_put(svg, height);
  pp_put_char(svg->out, 'h');
  pp_svg_put(svg, -width);
  pp_put_char(svg->out, 'z');
}

void pp_svg_line(pp_svg *svg, const char *class, double x, double y, double to_x, double to_y) {
  begin(svg, "line", class);
  put_attribute(svg, "x1", x);
  put_attribute(svg, "y1", y);
  put_attribute(svg, "x2", to_x);
  put_attribute(svg, "y2", to_y);
  pp_put(svg->out, "/>\n");
}

void pp_svg_arrowhead(pp_svg *svg, double x, double y, bool is_down) {
  begin(svg, "path", "ah");
  pp_put(svg->out, " d=\"M");
  pp_svg_put(svg, x);
  pp_put_char(svg->out, ' ');
  pp_svg_put(svg, y);
  pp_put(svg->out, is_down ? "l-6 -11h12z\"/>\n" : "l-6 11h12z\"/>\n");
}

void pp_svg_text(pp_svg *svg, const char *class, pp_svg_anchor anchor, double x, double y, const char *text) {
  begin(svg, "text", class);
  put_attribute(svg, "x", x);
  put_attribute(svg, "y", y);
  if (anchor == PP_SVG_ENDS) pp_put(svg->out, " text-anchor=\"end\"");
  if (anchor == PP_SVG_IS_MIDDLE || anchor == PP_SVG_UPRIGHT) pp_put(svg->out, " text-anchor=\"middle\"");
  if (anchor == PP_SVG_UPRIGHT) {
    pp_put(svg->out, " transform=\"rotate(-90 ");
    pp_svg_put(svg, x);
    pp_put_char(svg->out, ' ');
    pp_svg_put(svg, y);
    pp_put(svg->out, ")\"");
  }
  pp_put_char(svg->out, '>');
  pp_put_xml(svg->out, text);
  pp_put(svg->out, "</text>\n");
}

/* Takes as much of the text as fits on one line, words as a whole where that can be, into `line`. Returns the rest. */
static const char *take_line(const char *text, double width, double height, char line[LINE_SIZE]) {
  size_t at, space = 0, letter = 0;
  double taken = 0;
  for (at = 0; text[at] != '\0' && at < LINE_SIZE - 1; at++) {
    if (((unsigned char)text[at] & 0xc0) == 0x80) continue;
    if (text[at] == ' ' && text[at + 1] != '%') space = at;
    taken += letter_width((unsigned char)text[at]) * height;
    letter = at;
    if (taken > width && at != 0) break;
  }
  if (text[at] == '\0') {
    space = at;
  } else if (space == 0) {
    space = letter != 0 ? letter : at;
  }
  memcpy(line, text, space);
  line[space] = '\0';
  for (text += space; *text == ' '; text++) continue;
  return text;
}

int pp_svg_wrapped(pp_svg *svg, const char *class, double x, double y, double width, double height, double distance,
                   const char *text) {
  char line[LINE_SIZE];
  int lines = 0;
  while (*text != '\0') {
    text = take_line(text, width, height, line);
    if (svg != NULL) pp_svg_text(svg, class, PP_SVG_STARTS, x, y + lines * distance, line);
    lines++;
  }
  return lines;
}

void pp_svg_begin_titled(pp_svg *svg) {
  pp_svg_end_boxes(svg);
  pp_put(svg->out, "<g><title>");
}

void pp_svg_end_title(pp_svg *svg) { pp_put(svg->out, "</title>\n"); }

void pp_svg_end_titled(pp_svg *svg) {
  pp_svg_end_boxes(svg);
  pp_put(svg->out, "</g>\n");
}

/* SPDX-License-Identifier: MIT */
/* svg_map.c: a line for each thread along the iterations, filled where the thread ran them. */
#include "show/svg_map.h"

#include "show/svg_axis.h"
#include "show/svg_bins.h"
#include "show/svg_style.h"
#include "show/svg_text.h"

/* Heights of lines by how many there are. */
enum { HEADING = 30, GAP = 2, TALL = 20, FEW = 8, MEDIUM = 10, SEVERAL = 24, LOW = 2, LABEL_ROOM = 20 };

/* Where the map has no more parts than this, each has a title. */
enum { MOST_TITLED = 1000 };

/* What a bin is full from. */
static const float FULL = 0.999F;

static double line_height(uint32_t rows) { return rows <= FEW ? TALL : rows <= SEVERAL ? MEDIUM : LOW; }

static void put_title(pp_svg *svg, const pp_svg_panel *panel, const pp_svg_row *row, uint32_t from, uint32_t past) {
  const pp_construct *of = &panel->construct->what;
  uint64_t first = (uint64_t)(from * panel->bin_size + 0.5), after = (uint64_t)(past * panel->bin_size + 0.5);
  if (after > of->count) after = of->count;
  if (after <= first) after = first + 1;
  pp_svg_begin_titled(svg);
  pp_svg_put_thread(svg->out, panel, row);
  pp_putf(svg->out, ": %s", row->bin[from] >= FULL ? "" : "some of ");
  pp_svg_put_range(svg->out, of,
                   &(pp_svg_item){.pieces = 1, .first = first, .last = after - 1, .count = after - first});
  pp_svg_end_title(svg);
}

/* What a thread ran only a part of is filled to that part of its height. */
static void draw_line(pp_svg *svg, const pp_svg_panel *panel, uint32_t number, double y, double height) {
  const pp_svg_row *row = &panel->row[number];
  double width = PP_SVG_PLOT * panel->bin_size / (double)panel->construct->what.count;
  for (uint32_t from = 0, past; from < panel->bins; from = past) {
    double share = row->bin[from] >= FULL ? 1 : (double)row->bin[from], x = PP_SVG_LEFT + from * width, right;
    past = pp_svg_bins_alike(panel, row, from);
    right = PP_SVG_LEFT + past * width;
    if (share <= 0) continue;
    if (share * height < 1) share = 1 / height;
    if (panel->parts <= MOST_TITLED) put_title(svg, panel, row, from, past);
    pp_svg_box(svg, pp_svg_class(number, PP_SVG_MAP), x, y + height * (1 - share),
               (right < PP_SVG_RIGHT ? right : PP_SVG_RIGHT) - x, height * share);
    if (panel->parts <= MOST_TITLED) pp_svg_end_titled(svg);
  }
}

/* Whether some of it is filled to a part of the height. */
static bool has_shares(const pp_svg_panel *panel) {
  for (uint32_t k = 0; k < panel->rows.count; k++) {
    for (uint32_t b = 0; b < panel->bins; b++) {
      if (panel->row[k].bin[b] > 0 && panel->row[k].bin[b] < FULL) return true;
    }
  }
  return false;
}

double pp_svg_map(pp_svg *svg, const pp_svg_panel *panel, double y) {
  uint32_t rows = panel->rows.count;
  double height = line_height(rows), distance = height + (height > LOW ? GAP : 1),
         bottom = y + HEADING + rows * distance;
  double labelled = -LABEL_ROOM;
  if (panel->bins == 0) return y;
  if (svg == NULL) return pp_svg_index_axis(svg, &panel->construct->what, bottom);
  pp_svg_text(svg, "s", PP_SVG_STARTS, PP_SVG_LEFT, y + HEADING - 9,
              has_shares(panel) ? "Which thread ran which index (as high as its part of them):"
                                : "Which thread ran which index:");
  if (height <= LOW) pp_svg_rect(svg, "row", PP_SVG_LEFT, y + HEADING, PP_SVG_PLOT, bottom - y - HEADING);
  for (uint32_t k = 0; k < rows; k++) {
    double at = y + HEADING + k * distance;
    if (height > LOW) pp_svg_rect(svg, "row", PP_SVG_LEFT, at, PP_SVG_PLOT, height);
    draw_line(svg, panel, k, at, height);
    if (at - labelled >= LABEL_ROOM) {
      char label[32];
      pp_output out = pp_output_to(-1, label, sizeof label);
      pp_putf(&out, "thread %u", panel->row[k].told->number);
      (void)pp_output_end(&out);
      pp_svg_text(svg, "s", PP_SVG_ENDS, PP_SVG_LEFT - 8, at + height / 2 + 6, label);
      labelled = at;
    }
  }
  pp_svg_end_boxes(svg);
  return pp_svg_index_axis(svg, &panel->construct->what, bottom);
}

/* SPDX-License-Identifier: MIT */
/* svg_legend.c: samples of what occurs, each with its words. */
#include "show/svg_legend.h"

#include "show/svg_style.h"

enum { SAMPLE_WIDTH = 40, SAMPLE_HEIGHT = 20, LINE = 32, AFTER_SAMPLE = 8, AFTER_TEXT = 26 };

typedef enum sample { SHAPE, BAR, STOLEN, ARROW, DASHES } sample;

typedef struct entry {
  sample sample;
  const char *class, *over; /* over: NULL, or what is drawn over it. */
  const char *text;
} entry;

static void draw_sample(pp_svg *svg, const entry *e, double x, double y) {
  double middle = y + SAMPLE_HEIGHT / 2.0;
  switch (e->sample) {
    case SHAPE:
      pp_svg_rect(svg, "row", x, y, SAMPLE_WIDTH, SAMPLE_HEIGHT);
      pp_svg_rect(svg, e->class, x, y, SAMPLE_WIDTH, SAMPLE_HEIGHT);
      if (e->over != NULL) pp_svg_rect(svg, e->over, x, y, SAMPLE_WIDTH, SAMPLE_HEIGHT);
      break;
    case BAR:
      pp_svg_rect(svg, "t0", x, y, SAMPLE_WIDTH, SAMPLE_HEIGHT);
      pp_svg_rect(svg, e->class, x, y + 13, SAMPLE_WIDTH, SAMPLE_HEIGHT - 13);
      break;
    case STOLEN:
      pp_svg_rect(svg, e->class, x, y, SAMPLE_WIDTH, SAMPLE_HEIGHT);
      pp_put(svg->out, "<path class=\"held\" d=\"M");
      pp_svg_put(svg, x + 1);
      pp_put_char(svg->out, ' ');
      pp_svg_put(svg, y + 1);
      pp_put(svg->out, "h14l-14 14z\"/>\n");
      break;
    case ARROW:
      pp_svg_line(svg, e->class, x + SAMPLE_WIDTH / 2.0, y - 2, x + SAMPLE_WIDTH / 2.0, y + SAMPLE_HEIGHT - 8);
      pp_svg_arrowhead(svg, x + SAMPLE_WIDTH / 2.0, y + SAMPLE_HEIGHT + 2, true);
      break;
    case DASHES: pp_svg_line(svg, e->class, x, middle, x + SAMPLE_WIDTH, middle); break;
  }
}

/* Where the next one comes. */
typedef struct place {
  double x, y;
} place;

static void put_entry(pp_svg *svg, place *at, bool occurs, entry e) {
  double width = SAMPLE_WIDTH + AFTER_SAMPLE + pp_svg_text_width(e.text, PP_SVG_SMALL);
  if (!occurs) return;
  if (at->x + width > PP_SVG_RIGHT && at->x > PP_SVG_LEFT) *at = (place){PP_SVG_LEFT, at->y + LINE};
  if (svg != NULL) {
    draw_sample(svg, &e, at->x, at->y);
    pp_svg_text(svg, "s", PP_SVG_STARTS, at->x + SAMPLE_WIDTH + AFTER_SAMPLE, at->y + 16, e.text);
  }
  at->x += width + AFTER_TEXT;
}

static bool has_ending(const pp_svg_panel *panel) {
  double least = 2 * (double)panel->length / PP_SVG_PLOT;
  if ((panel->construct->what.how & PP_HOW_NOWAIT) != 0) return false;
  for (uint32_t k = 0; k < panel->rows.count; k++) {
    if ((double)(panel->length - panel->row[k].last) >= least) return true;
  }
  return false;
}

/* A sample of a wait whose thread sleeps. */
static const char *asleep(const pp_svg_panel *panel) {
  for (uint32_t kind = PP_SVG_END_WAIT; kind <= PP_SVG_TURN_WAIT; kind++) {
    if ((panel->occurs & 1U << kind) != 0) return pp_svg_hatch((pp_svg_kind)kind, true);
  }
  return pp_svg_hatch(PP_SVG_END_WAIT, true);
}

double pp_svg_legend(pp_svg *svg, const pp_svg_panel *panel, double y) {
  place at = {PP_SVG_LEFT, y + 8};
  bool is_loop = panel->construct->what.kind != PP_CONSTRUCT_TASKS;
#define OCCURS(kind) ((panel->occurs & 1U << (kind)) != 0)
  if (panel->rows.count == 0) return y;
  put_entry(svg, &at, OCCURS(PP_SVG_CHUNK), (entry){SHAPE, "t0", NULL, "a chunk, and its indices"});
  put_entry(svg, &at, panel->has_many,
            (entry){SHAPE, "t0", "many", is_loop ? "many short chunks" : "many short tasks"});
  put_entry(svg, &at, OCCURS(PP_SVG_TASK), (entry){SHAPE, "t0", NULL, "a task"});
  put_entry(svg, &at, panel->has_stolen, (entry){STOLEN, "t1", NULL, "a stolen task"});
  put_entry(svg, &at, OCCURS(PP_SVG_PART), (entry){SHAPE, "t0", NULL, "works in the region"});
  put_entry(svg, &at, OCCURS(PP_SVG_INNER), (entry){SHAPE, "in", NULL, "work of another loop, region or task"});
  put_entry(svg, &at, OCCURS(PP_SVG_CRITICAL), (entry){BAR, "held", NULL, "in a critical section"});
  put_entry(svg, &at, OCCURS(PP_SVG_TURN), (entry){BAR, "turn", NULL, "has its turn"});
  put_entry(svg, &at, OCCURS(PP_SVG_CRITICAL_WAIT), (entry){SHAPE, "bg", "hc", "waits for a critical section"});
  put_entry(svg, &at, OCCURS(PP_SVG_BARRIER_WAIT), (entry){SHAPE, "bg", "hb", "waits at a barrier"});
  put_entry(svg, &at, OCCURS(PP_SVG_TURN_WAIT), (entry){SHAPE, "bg", "ho", "waits for its turn"});
  put_entry(svg, &at, OCCURS(PP_SVG_END_WAIT), (entry){SHAPE, "bg", "he", "waits for others to end"});
  put_entry(svg, &at, panel->sleeps_waiting, (entry){SHAPE, "bg", asleep(panel), "lighter: sleeps meanwhile"});
  put_entry(svg, &at, panel->sleeps_idle, (entry){SHAPE, "bg", "zz", "sleeps"});
  put_entry(svg, &at, has_ending(panel), (entry){SHAPE, "sh", NULL, "nothing left to do: imbalance"});
  put_entry(svg, &at, panel->steals != 0, (entry){ARROW, "st", NULL, "a steal: from whom, to whom"});
  put_entry(svg, &at, panel->cancelled != 0, (entry){DASHES, "cancel", NULL, "cancelled"});
  put_entry(svg, &at, true, (entry){SHAPE, "row", NULL, "blank: starting, fetching work"});
#undef OCCURS
  return at.y + LINE;
}

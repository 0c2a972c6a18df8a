/* SPDX-License-Identifier: MIT */
/* svg_rows.c: threads over time. */
#include "show/svg_rows.h"

#include "show/sort.h"
#include "show/svg_axis.h"
#include "show/svg_style.h"
#include "show/svg_text.h"

/* A bar is at least so high that it can be written into, and that it has a line of its own over what it contains. */
enum { WRITABLE = 22, ROOMY = 44, INNER_LINE = 20, TWO_LINES = 38, LABEL_SIZE = 96, MARGIN = 6 };

/* So much of a bar tells of what is held, a critical section or a turn. Shapes are no smaller than that. */
static const double HELD_PART = 0.25, LEAST_HEIGHT = 1.5, LEAST_WIDTH = 0.7;
/* From the middle of a line of text down to where its letters stand. */
static const double BASELINE = 6.5;
/* An arrow begins and ends so far inside of bars, where it leaves what is written there. */
static const double ARROW_PART = 0.28;

typedef struct painter {
  pp_svg *svg;
  const pp_svg_panel *panel;
  double y, pitch, bar; /* Of rows: the first one's top, from one to the next, and their height. */
} painter;

static painter layout(pp_svg *svg, const pp_svg_panel *panel, double y) {
  static const struct {
    uint32_t rows;
    double pitch, bar;
  } sizes[] = {{4, 68, 58}, {8, 50, 44}, {16, 32, 26}, {32, 26, 22}, {64, 13, 11}, {UINT32_MAX, 6, 5}};
  int s = 0;
  while (panel->rows.count > sizes[s].rows) s++;
  return (painter){svg, panel, y, sizes[s].pitch, sizes[s].bar};
}

static double x_of(const painter *p, uint64_t ns) {
  return PP_SVG_LEFT + (double)ns * PP_SVG_PLOT / (double)p->panel->length;
}

static double row_top(const painter *p, uint32_t row) { return p->y + row * p->pitch; }

/* --- Items ---------------------------------------------------------------------------------------------------- */

static double inset(const painter *p, const pp_svg_item *item) {
  double least = p->bar / 3, left = p->bar - item->depth * (p->bar >= ROOMY ? INNER_LINE : p->bar / 8);
  if (!pp_svg_is_work((pp_svg_kind)item->kind)) return 0;
  return p->bar - (left > least ? left : least);
}

/* What was put together is as high as the part of the time that it takes. */
static double height_of(const painter *p, const pp_svg_item *item) {
  double height = p->bar - inset(p, item);
  if (item->pieces > 1 && item->end > item->begin) height *= (double)item->spent / (double)(item->end - item->begin);
  if (item->kind == PP_SVG_CRITICAL || item->kind == PP_SVG_TURN) height *= HELD_PART;
  return height >= LEAST_HEIGHT ? height : LEAST_HEIGHT;
}

static void draw_shape(const painter *p, const pp_svg_row *row, uint32_t number, const pp_svg_item *item, double top,
                       void (*draw)(pp_svg *, const char *, double, double, double, double)) {
  pp_svg_kind kind = (pp_svg_kind)item->kind;
  double x = x_of(p, item->begin), width = x_of(p, item->end) - x, height = height_of(p, item);
  if (width < LEAST_WIDTH) width = LEAST_WIDTH;
  if (pp_svg_is_work(kind)) {
    bool is_thin = p->bar < WRITABLE;
    const char *class = kind == PP_SVG_INNER ? "in" : pp_svg_class(number, is_thin ? PP_SVG_THIN : PP_SVG_PIECE);
    draw(p->svg, class, x, top + p->bar - height, width, height);
    if (item->pieces > 1 && !is_thin) draw(p->svg, "many", x, top + p->bar - height, width, height);
  } else if (kind == PP_SVG_CRITICAL || kind == PP_SVG_TURN) {
    draw(p->svg, kind == PP_SVG_CRITICAL ? "held" : "turn", x, top + p->bar - height, width, height);
  } else {
    bool is_waiting = kind == PP_SVG_SLEEP && item->wait != PP_SVG_KINDS, is_inside = item->begin < row->last;
    if (is_inside || is_waiting) draw(p->svg, is_inside ? "bg" : "sh", x, top, width, height);
    draw(p->svg, pp_svg_hatch(is_waiting ? (pp_svg_kind)item->wait : kind, kind == PP_SVG_SLEEP), x, top, width,
         height);
  }
}

/* Where an item can be written into. */
typedef struct room {
  double x, width;
  double top, height;
} room;

/* What an item contains comes after it. Above what is held and other work there is room, where bars are high; before or
 * after waits there is, but not in the midst of them. */
static room room_in(const painter *p, const pp_svg_row *row, uint64_t which) {
  const pp_svg_item *item = &row->item[which];
  double height = height_of(p, item);
  uint64_t first = item->end, last = item->begin;
  bool is_before;
  room found = {.top = p->bar - height, .height = p->bar < WRITABLE ? 0 : height};
  for (uint64_t k = which + 1; k < row->count && row->item[k].end > item->begin; k++) {
    const pp_svg_item *other = &row->item[k];
    pp_svg_kind kind = (pp_svg_kind)other->kind;
    if (kind == PP_SVG_CRITICAL || kind == PP_SVG_TURN) {
      if (found.height > p->bar * (1 - HELD_PART)) found.height = p->bar * (1 - HELD_PART);
      continue;
    }
    if (pp_svg_is_work(kind)) {
      found.height = p->bar >= ROOMY && other->depth > item->depth ? INNER_LINE : 0;
      continue;
    }
    if (other->begin < first) first = other->begin;
    if (other->end > last) last = other->end;
  }
  if (first < item->begin) first = item->begin;
  if (last > item->end) last = item->end;
  is_before = first - item->begin >= item->end - last;
  found.x = x_of(p, is_before ? item->begin : last);
  found.width = x_of(p, is_before ? first : item->end) - found.x;
  return found;
}

/* Returns whether it fits. */
static bool write_line(const painter *p, const room *in, double top, double height, const char *text) {
  double taken = pp_svg_text_width(text, PP_SVG_SMALL), middle = in->x + in->width / 2;
  if (taken + MARGIN <= in->width) {
    pp_svg_text(p->svg, "s", PP_SVG_IS_MIDDLE, middle, top + height / 2 + BASELINE, text);
    return true;
  }
  if (taken + MARGIN > height || in->width < PP_SVG_SMALL + 2) return false;
  pp_svg_text(p->svg, "s", PP_SVG_UPRIGHT, middle + BASELINE, top + height / 2, text);
  return true;
}

/* How many there are, and under that their indices. */
static void write_many(const painter *p, const pp_svg_item *item, const room *in, double top, const char *range) {
  char many[LABEL_SIZE];
  pp_output out = pp_output_to(-1, many, sizeof many);
  pp_putf(&out, "%llu chunks", (unsigned long long)item->pieces);
  (void)pp_output_end(&out);
  if (in->height < TWO_LINES || pp_svg_text_width(range, PP_SVG_SMALL) + MARGIN > in->width) {
    (void)write_line(p, in, top, in->height, many);
  } else if (write_line(p, in, top, in->height / 2, many)) {
    (void)write_line(p, in, top + in->height / 2, in->height / 2, range);
  }
}

/* A chunk's indices. */
static void write_into(const painter *p, const pp_svg_row *row, uint64_t which, double top) {
  const pp_svg_item *item = &row->item[which];
  const pp_run_construct *of = pp_run_find(p->panel->run, item->construct);
  bool is_one = item->kind == PP_SVG_CHUNK || (item->kind == PP_SVG_INNER && item->pieces == 1);
  char range[LABEL_SIZE];
  pp_output out = pp_output_to(-1, range, sizeof range);
  room in;
  if (!is_one || of == NULL || item->count == 0) return;
  in = room_in(p, row, which);
  if (in.height < INNER_LINE) return;
  pp_svg_put_range(&out, &of->what, item);
  (void)pp_output_end(&out);
  if (item->pieces == 1) {
    (void)write_line(p, &in, top + in.top, in.height, range);
  } else {
    write_many(p, item, &in, top + in.top, range);
  }
}

static void mark_stolen(const painter *p, const pp_svg_item *item, double top) {
  double x = x_of(p, item->begin) + 1, size = p->bar >= ROOMY ? 14 : 9, width = x_of(p, item->end) - x;
  if (item->kind != PP_SVG_TASK || (item->flags & PP_EVENT_STOLEN) == 0 || p->bar < WRITABLE || width < 4) return;
  if (size > width) size = width;
  pp_svg_end_boxes(p->svg);
  pp_put(p->svg->out, "<path class=\"held\" d=\"M");
  pp_svg_put(p->svg, x);
  pp_put_char(p->svg->out, ' ');
  pp_svg_put(p->svg, top + inset(p, item) + 1);
  pp_put_char(p->svg->out, 'h');
  pp_svg_put(p->svg, size);
  pp_put_char(p->svg->out, 'l');
  pp_svg_put(p->svg, -size);
  pp_put_char(p->svg->out, ' ');
  pp_svg_put(p->svg, size);
  pp_put(p->svg->out, "z\"/>\n");
}

static bool is_drawn_first(const void *left, const void *right) {
  const pp_svg_item *a = left, *b = right;
  if (a->end != b->end) return a->end > b->end;
  if (a->begin != b->begin) return a->begin < b->begin;
  return a->depth < b->depth;
}

static void draw_items(const painter *p, uint32_t number) {
  const pp_svg_row *row = &p->panel->row[number];
  double top = row_top(p, number);
  pp_sort(row->item, row->count, sizeof *row->item, is_drawn_first);
  for (uint64_t k = 0; k < row->count; k++) {
    const pp_svg_item *item = &row->item[k];
    if (item->end - item->begin < p->panel->titled_from) {
      draw_shape(p, row, number, item, top, pp_svg_box);
      continue;
    }
    pp_svg_begin_titled(p->svg);
    pp_svg_put_item(p->svg->out, p->panel, row, item);
    pp_svg_end_title(p->svg);
    draw_shape(p, row, number, item, top, pp_svg_rect);
    mark_stolen(p, item, top);
    write_into(p, row, k, top);
    pp_svg_end_titled(p->svg);
  }
  pp_svg_end_boxes(p->svg);
}

/* --- Rows ----------------------------------------------------------------------------------------------------- */

static void write_name(const painter *p, uint32_t number) {
  const pp_svg_row *row = &p->panel->row[number];
  double middle = row_top(p, number) + p->bar / 2;
  uint32_t every = p->pitch >= WRITABLE ? 1 : (uint32_t)(WRITABLE / p->pitch) + 1;
  char label[LABEL_SIZE];
  pp_output out = pp_output_to(-1, label, sizeof label);
  if (number % every != 0) return;
  pp_putf(&out, "thread %u", row->told->number);
  (void)pp_output_end(&out);
  pp_svg_text(p->svg, "s", PP_SVG_ENDS, PP_SVG_LEFT - 8, middle + (p->bar >= ROOMY ? -3 : 6), label);
  if (p->bar < ROOMY) return;
  out = pp_output_to(-1, label, sizeof label);
  pp_put(&out, p->panel->run->threads[row->told->thread].name);
  (void)pp_output_end(&out);
  if (pp_svg_text_width(label, PP_SVG_SMALL) <= PP_SVG_LEFT - 10)
    pp_svg_text(p->svg, "s", PP_SVG_ENDS, PP_SVG_LEFT - 8, middle + PP_SVG_SMALL, label);
}

/* After its last piece a thread waits for others, whether it is told so or has gone. */
static void shade_ending(const painter *p, uint32_t number) {
  const pp_svg_row *row = &p->panel->row[number];
  const pp_construct *of = &p->panel->construct->what;
  double x = x_of(p, row->last), width = PP_SVG_RIGHT - x;
  if (width < 1 || (of->how & PP_HOW_NOWAIT) != 0) return;
  pp_svg_begin_titled(p->svg);
  pp_svg_put_thread(p->svg->out, p->panel, row);
  pp_put(p->svg->out, ": nothing left to do for ");
  pp_put_time(p->svg->out, (double)(p->panel->length - row->last));
  pp_svg_end_title(p->svg);
  pp_svg_rect(p->svg, "sh", x, row_top(p, number), width, p->bar);
  pp_svg_end_titled(p->svg);
}

static void draw_steal(const painter *p, const pp_svg_steal *steal) {
  const pp_row *victim = &p->panel->rows.row[steal->victim], *thief = &p->panel->rows.row[steal->thief];
  bool is_down = steal->thief > steal->victim;
  double x = x_of(p, steal->at), deep = p->bar * ARROW_PART;
  double from = row_top(p, steal->victim) + (is_down ? p->bar - deep : deep);
  double to = row_top(p, steal->thief) + (is_down ? deep : p->bar - deep);
  pp_svg_begin_titled(p->svg);
  pp_putf(p->svg->out, "thread %u steals from thread %u, ", thief->number, victim->number);
  if (steal->times > 1) pp_putf(p->svg->out, "and %llu times more up to here, ", (unsigned long long)steal->times - 1);
  pp_put(p->svg->out, "at ");
  pp_put_time(p->svg->out, (double)steal->at);
  pp_svg_end_title(p->svg);
  pp_svg_line(p->svg, "halo", x, from, x, to);
  pp_svg_line(p->svg, "st", x, from, x, is_down ? to - 9 : to + 9);
  pp_svg_arrowhead(p->svg, x, to, is_down);
  pp_svg_end_titled(p->svg);
}

double pp_svg_rows(pp_svg *svg, const pp_svg_panel *panel, double y) {
  painter p = layout(svg, panel, y);
  double bottom = row_top(&p, panel->rows.count);
  if (panel->rows.count == 0) return y;
  if (svg == NULL) return pp_svg_time_axis(svg, panel->length, bottom);
  for (uint32_t k = 0; k < panel->rows.count; k++)
    pp_svg_rect(svg, "row", PP_SVG_LEFT, row_top(&p, k), PP_SVG_PLOT, p.bar);
  pp_svg_time_lines(svg, panel->length, y, bottom);
  for (uint32_t k = 0; k < panel->rows.count; k++) {
    write_name(&p, k);
    shade_ending(&p, k);
    draw_items(&p, k);
  }
  for (uint64_t k = 0; k < panel->steals; k++) draw_steal(&p, &panel->steal[k]);
  if (panel->cancelled != 0)
    pp_svg_line(svg, "cancel", x_of(&p, panel->cancelled), y - 4, x_of(&p, panel->cancelled), bottom);
  return pp_svg_time_axis(svg, panel->length, bottom);
}

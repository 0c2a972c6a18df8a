/* SPDX-License-Identifier: MIT */
/* svg_panel.c: each thread's events, from the latest to the earliest, as what is drawn of them. */
#include "show/svg_panel.h"

#include <string.h>

#include "show/backward.h"
#include "show/svg_bins.h"
#include "show/words.h"

/* What is narrower is put together, in pixels, where few threads are shown; with more of them, so much that the
 * limits below hold. */
static const double LEAST_WIDTH = 5;
/* The legend does not tell of what is narrower everywhere. */
static const double LEAST_SEEN = 1;
/* What was put together is at most so wide: chunks, so that one sees which iterations came when; and others. */
static const double LONGEST_CHUNKS = 150, LONGEST = 12;

/* Bytes of a panel: of boxes, each of about so many, in so many kinds of them one beside the other; of items with
 * titles; and of arrows. */
enum {
  BOX_BYTES = 30,
  BOXES_BYTES = 300000,
  ITEM_BYTES = 300,
  ITEMS_BYTES = 300000,
  ARROW_BYTES = 400,
  ARROWS_BYTES = 150000,
  WORDS_SIZE = 600,
};

/* Something that contains the present moment. */
typedef struct frame {
  uint64_t begin;
  uint8_t kind; /* pp_svg_kind */
} frame;

typedef struct reader {
  pp_svg_panel *panel;
  pp_svg_row *row;
  uint32_t number; /* Of the row. */
  uint64_t begin, end;
  uint32_t depth;
  frame frames[PP_TRACE_DEPTH];
  pp_event next;                  /* The chunk that was read last: of those that begin later it is the first. */
  pp_svg_item open[PP_SVG_KINDS]; /* What is being put together of each kind; pieces is 0: nothing is. */
} reader;

/* --- Lists that grow ---------------------------------------------------------------------------------------- */

static void *grown(pp_arena *arena, const void *old, uint64_t count, uint64_t *room, size_t size) {
  uint64_t wanted = *room != 0 ? 2 * *room : 64;
  void *grown_one = pp_arena_array(arena, wanted, size);
  if (grown_one == NULL) return NULL;
  if (count != 0) memcpy(grown_one, old, (size_t)count * size);
  *room = wanted;
  return grown_one;
}

static void add_item(reader *r, const pp_svg_item *item) {
  pp_svg_row *row = r->row;
  if (row->count == row->room) {
    pp_svg_item *more = grown(r->panel->run->arena, row->item, row->count, &row->room, sizeof *more);
    if (more == NULL) {
      r->panel->is_cut = true;
      return;
    }
    row->item = more;
  }
  row->item[row->count++] = *item;
  if (item->end - item->begin >= r->panel->seen_from) r->panel->occurs |= 1U << item->kind;
  if (item->kind == PP_SVG_SLEEP && item->end - item->begin >= r->panel->seen_from) {
    if (item->wait != PP_SVG_KINDS) r->panel->sleeps_waiting = true;
    if (item->wait == PP_SVG_KINDS) r->panel->sleeps_idle = true;
  }
  if (item->kind <= PP_SVG_TASK && item->pieces > 1) r->panel->has_many = true;
  if ((item->flags & PP_EVENT_STOLEN) != 0) r->panel->has_stolen = true;
}

/* --- Pieces and waits --------------------------------------------------------------------------------------- */

/* PP_SVG_KINDS: it is not drawn. */
static pp_svg_kind kind_of(const reader *r, const pp_event *event) {
  const pp_construct *of = &r->panel->construct->what;
  bool is_own = event->construct == of->number;
  if (!is_own && event->begin <= r->begin && event->end >= r->end) return PP_SVG_KINDS;
  switch (event->kind) {
    case PP_EVENT_CHUNK: return is_own ? PP_SVG_CHUNK : PP_SVG_INNER;
    case PP_EVENT_TASK: return is_own || of->kind == PP_CONSTRUCT_TASKS ? PP_SVG_TASK : PP_SVG_INNER;
    case PP_EVENT_MEMBER: return is_own && of->kind == PP_CONSTRUCT_REGION ? PP_SVG_PART : PP_SVG_KINDS;
    case PP_EVENT_BARRIER: return PP_SVG_BARRIER_WAIT;
    case PP_EVENT_CRITICAL_WAIT: return PP_SVG_CRITICAL_WAIT;
    case PP_EVENT_CRITICAL: return PP_SVG_CRITICAL;
    case PP_EVENT_ORDERED_WAIT: return PP_SVG_TURN_WAIT;
    case PP_EVENT_ORDERED: return PP_SVG_TURN;
    case PP_EVENT_WAIT: return PP_SVG_END_WAIT;
    case PP_EVENT_PARK: return PP_SVG_SLEEP;
    default: return PP_SVG_KINDS;
  }
}

static void put_together(reader *r, pp_svg_kind kind) {
  if (r->open[kind].pieces != 0) add_item(r, &r->open[kind]);
  r->open[kind].pieces = 0;
}

/* Joins it to what comes after it, if that is near; else that is finished, and it begins anew. Chunks of another
 * construct are told apart no longer. */
static void join(reader *r, const pp_svg_item *item) {
  const pp_svg_panel *panel = r->panel;
  pp_svg_item *to = &r->open[item->kind];
  double longest = pp_svg_is_work((pp_svg_kind)item->kind) ? LONGEST_CHUNKS : LONGEST;
  double least = (double)panel->least, most = longest / LEAST_WIDTH * least;
  if (to->pieces != 0 && (to->wait != item->wait || (double)to->begin - (double)item->end > least ||
                          (double)(to->end - item->begin) > most))
    put_together(r, (pp_svg_kind)item->kind);
  if (to->pieces == 0) {
    *to = *item;
    return;
  }
  if (item->begin < to->begin) to->begin = item->begin;
  to->spent += item->spent;
  if (to->spent > to->end - to->begin) to->spent = to->end - to->begin;
  to->pieces++;
  to->count += item->count;
  if (item->first < to->first) to->first = item->first;
  if (item->last > to->last) to->last = item->last;
  if (item->slot != to->slot) to->slot = UINT16_MAX;
  if (item->depth < to->depth) to->depth = item->depth;
  to->flags &= item->flags;
}

static void enter(reader *r, uint64_t begin, pp_svg_kind kind) {
  if (r->depth == PP_TRACE_DEPTH) return;
  r->frames[r->depth++] = (frame){begin, (uint8_t)kind};
}

static void leave_later(reader *r, uint64_t end) {
  while (r->depth != 0 && r->frames[r->depth - 1].begin >= end) r->depth--;
}

static bool is_wait(uint8_t kind) { return kind >= PP_SVG_END_WAIT && kind <= PP_SVG_TURN_WAIT; }

/* How many pieces of work it is inside of. What is done during a wait is not inside of what waits. */
static uint8_t depth_here(const reader *r) {
  uint8_t works = 0;
  for (uint32_t d = r->depth; d-- > 0 && !is_wait(r->frames[d].kind) && works < UINT8_MAX;)
    works += pp_svg_is_work((pp_svg_kind)r->frames[d].kind);
  return works;
}

/* The wait that a sleep is a part of. */
static uint8_t wait_around(const reader *r) {
  uint8_t kind = r->depth != 0 ? r->frames[r->depth - 1].kind : PP_SVG_KINDS;
  return is_wait(kind) ? kind : PP_SVG_KINDS;
}

static void read_lasting(reader *r, const pp_event *event, pp_svg_kind kind) {
  const pp_run_construct *of = pp_run_find(r->panel->run, event->construct);
  uint64_t stride = of != NULL ? pp_svg_stride(&of->what, event->flags) : 1;
  uint64_t begin = event->begin > r->begin ? event->begin : r->begin;
  uint64_t end = event->end < r->end ? event->end : r->end;
  pp_svg_item item = {.begin = begin - r->begin,
                      .end = end - r->begin,
                      .spent = end - begin,
                      .pieces = 1,
                      .first = event->first,
                      .last = event->first,
                      .count = event->count,
                      .construct = event->construct,
                      .slot = event->slot,
                      .kind = (uint8_t)kind,
                      .flags = event->flags,
                      .depth = depth_here(r),
                      .wait = wait_around(r)};
  if (event->count != 0) item.last += (event->count - 1) * stride;
  if (pp_svg_is_work(kind) && item.end > r->row->last) r->row->last = item.end;
  if (item.spent >= r->panel->least) {
    put_together(r, kind);
    add_item(r, &item);
  } else {
    join(r, &item);
  }
}

/* --- What happens at a moment -------------------------------------------------------------------------------- */

/* Steals that follow each other closely are told of by one arrow. */
static void add_steal(reader *r, uint32_t victim, uint64_t at, uint64_t count) {
  pp_svg_panel *panel = r->panel;
  double room = (double)ARROWS_BYTES / ARROW_BYTES / panel->rows.count;
  pp_svg_steal *latest = panel->steals != 0 ? &panel->steal[panel->steals - 1] : NULL;
  if (victim == panel->rows.count || victim == r->number) return;
  if (latest != NULL && latest->thief == r->number && (double)(latest->at - at) * room < (double)panel->length) {
    latest->times++;
    latest->count += count;
    return;
  }
  if (panel->steals == panel->steal_room) {
    pp_svg_steal *more = grown(panel->run->arena, panel->steal, panel->steals, &panel->steal_room, sizeof *more);
    if (more == NULL) return;
    panel->steal = more;
  }
  panel->steal[panel->steals++] = (pp_svg_steal){at, count, 1, r->number, victim};
}

/* The row of who has the slot, or of the thread; the rows' count: there is none. */
static uint32_t row_of_slot(const pp_svg_panel *panel, uint64_t slot) {
  uint32_t k = 0;
  while (k < panel->rows.count && panel->rows.row[k].number != slot) k++;
  return k;
}

static uint32_t row_of_thread(const pp_svg_panel *panel, uint32_t thread) {
  uint32_t k = 0;
  while (k < panel->rows.count && panel->rows.row[k].thread != thread) k++;
  return k;
}

/* A thread may steal from a loop that it is not in yet, in the midst of something else. What it runs next tells which
 * loop that is. */
static void read_moment(reader *r, const pp_event *event) {
  const pp_construct *of = &r->panel->construct->what;
  uint64_t at = event->begin - r->begin;
  if (event->kind == PP_EVENT_STEAL && of->kind != PP_CONSTRUCT_TASKS && r->next.construct == of->number &&
      r->next.begin >= event->begin)
    add_steal(r, row_of_slot(r->panel, event->first), at, event->count);
  if (event->kind == PP_EVENT_CANCEL && event->construct == of->number) r->panel->cancelled = at != 0 ? at : 1;
}

/* Tasks are stolen from who has begun their group. */
static void read_task(reader *r, const pp_event *event) {
  const pp_run_construct *group = pp_run_find(r->panel->run, event->construct);
  if ((event->flags & PP_EVENT_STOLEN) == 0 || group == NULL || event->begin < r->begin) return;
  if (r->panel->construct->what.kind == PP_CONSTRUCT_TASKS)
    add_steal(r, row_of_thread(r->panel, group->thread), event->begin - r->begin, 1);
}

/* --- A thread ----------------------------------------------------------------------------------------------- */

static bool read_thread(reader *r) {
  pp_event *open = pp_arena_array(r->panel->run->arena, PP_TRACE_DEPTH, sizeof *open), event;
  pp_backward backward;
  if (open == NULL) return false;
  backward = pp_backward_begin(r->panel->run, r->row->told->thread, open);
  while (pp_backward_next(&backward, &event) && event.end >= r->begin) {
    pp_svg_kind kind;
    if (event.begin > r->end || event.kind == PP_EVENT_NONE) continue;
    if (event.kind > PP_EVENT_PARK) {
      if (event.begin >= r->begin) read_moment(r, &event);
      continue;
    }
    leave_later(r, event.end);
    kind = kind_of(r, &event);
    if (event.kind == PP_EVENT_CHUNK) r->next = event;
    if (kind == PP_SVG_KINDS) continue;
    if (kind == PP_SVG_CHUNK) pp_svg_bins_add(r->panel, r->row, &event);
    if (event.kind == PP_EVENT_TASK) read_task(r, &event);
    read_lasting(r, &event, kind);
    enter(r, event.begin, kind);
  }
  for (int k = 0; k < PP_SVG_KINDS; k++) put_together(r, (pp_svg_kind)k);
  return true;
}

/* --- A panel ------------------------------------------------------------------------------------------------ */

static void choose_sizes(pp_svg_panel *panel, double width) {
  double rows = panel->rows.count != 0 ? panel->rows.count : 1;
  double least = width * rows * BOX_BYTES / BOXES_BYTES, titled = width * rows * ITEM_BYTES / ITEMS_BYTES;
  if (least < LEAST_WIDTH) least = LEAST_WIDTH;
  if (titled < least) titled = least;
  panel->least = (uint64_t)(least * (double)panel->length / width) + 1;
  panel->seen_from = (uint64_t)(LEAST_SEEN * (double)panel->length / width);
  panel->titled_from = (uint64_t)(titled * (double)panel->length / width) + 1;
}

static const char *words_of(pp_svg_panel *panel) {
  char *text = pp_arena_take(panel->run->arena, WORDS_SIZE);
  pp_output out;
  if (text == NULL) return "";
  out = pp_output_to(-1, text, WORDS_SIZE);
  pp_put_words(&out, &panel->rows);
  (void)pp_output_end(&out);
  return text;
}

bool pp_svg_panel_make(pp_svg_panel *panel, const pp_run *run, const pp_run_construct *construct, double width) {
  const pp_construct *of = &construct->what;
  reader *r = pp_arena_take(run->arena, sizeof *r);
  *panel = (pp_svg_panel){
      .run = run, .construct = construct, .length = of->end > of->begin ? of->end - of->begin : 1, .words = ""};
  if (r == NULL || !pp_rows_make(&panel->rows, run, construct, 1, NULL, 0)) return false;
  choose_sizes(panel, width);
  panel->row = pp_arena_array(run->arena, panel->rows.count, sizeof *panel->row);
  if (panel->row == NULL) return false;
  if (!pp_svg_bins_make(panel, width)) return false;
  for (uint32_t k = 0; k < panel->rows.count; k++) {
    *r = (reader){
        .panel = panel, .row = &panel->row[k], .number = k, .begin = of->begin, .end = of->begin + panel->length};
    r->row->told = &panel->rows.row[k];
    if (r->row->told->last > of->begin) r->row->last = r->row->told->last - of->begin;
    if (!read_thread(r)) return false;
  }
  pp_svg_bins_finish(panel);
  panel->words = words_of(panel);
  return true;
}

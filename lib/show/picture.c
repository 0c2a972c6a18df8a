/* SPDX-License-Identifier: MIT */
/* picture.c: a picture's lines. */
#include "show/picture.h"

#include <string.h>

#include "show/axis.h"
#include "show/bars.h"
#include "show/chosen.h"
#include "show/sort.h"
#include "show/title.h"
#include "show/words.h"
#include "show/wrap.h"

enum {
  LEAST_COLUMNS = 40,
  MOST_COLUMNS = 400,
  MOST_PLACES = 8,   /* of the program, */
  MOST_ROWS = 24,    /* and threads of each */
  TEXT_SIZE = 1024,  /* of a title or a sentence; what is longer is cut off */
  WIDE_COLUMNS = 60, /* from here on there is room for numbers behind the bars, */
  WIDE_TASKS = 70,   /* and for those of tasks */
  BUSY_MARGIN = 6,   /* " 100 %" */
  TASKS_MARGIN = 22, /* " 100 %" and twice eight */
  THREADS_TOLD = 3,
  MAP_LINES = 3,     /* of one cell for each iteration */
  LONGEST_NAME = 16, /* of a thread */
  LEAST_LABEL = 11,  /* "iterations " */
  NARROW_LABEL = 9,  /* "0 ppar-1 " */
  INDENT = 2,
};

typedef struct picture {
  const pp_run *run;
  const pp_construct *what; /* what is being shown */
  pp_page page;
} picture;

static pp_output begin_text(char text[TEXT_SIZE]) { return pp_output_to(-1, text, TEXT_SIZE); }

static void end_text(const picture *p, pp_output *text, int indent) {
  (void)pp_output_end(text);
  pp_put_wrapped(p->page.out, text->text, p->page.columns, indent);
}

/* --- Rows ----------------------------------------------------------------------------------------------------- */

static bool is_busier(const void *left, const void *right) {
  const pp_row *a = *(const pp_row *const *)left, *b = *(const pp_row *const *)right;
  return a->spent[PP_DOING_WORK] > b->spent[PP_DOING_WORK];
}

static bool is_before(const void *left, const void *right) {
  return *(const pp_row *const *)left < *(const pp_row *const *)right;
}

/* The rows to be shown, by number: the busiest and the idlest, where there are too many. *shown: how many. NULL: no
 * memory. */
static const pp_row **choose_rows(const pp_run *run, const pp_rows *rows, uint32_t *shown) {
  const pp_row **chosen = pp_arena_array(run->arena, rows->count, sizeof *chosen);
  uint32_t busiest = MOST_ROWS - MOST_ROWS / 2;
  if (chosen == NULL) return NULL;
  for (uint32_t r = 0; r < rows->count; r++) chosen[r] = &rows->row[r];
  *shown = rows->count;
  if (rows->count <= MOST_ROWS) return chosen;
  pp_sort(chosen, rows->count, sizeof *chosen, is_busier);
  memmove(&chosen[busiest], &chosen[rows->count - MOST_ROWS / 2], MOST_ROWS / 2 * sizeof *chosen);
  *shown = MOST_ROWS;
  pp_sort(chosen, *shown, sizeof *chosen, is_before);
  return chosen;
}

static int digits_of(uint32_t number) {
  int digits = 1;
  for (; number >= 10; number /= 10) digits++;
  return digits;
}

/* Columns of the longest number. */
static int number_width(const pp_row **rows, uint32_t count) {
  int width = 1;
  for (uint32_t r = 0; r < count; r++) {
    if (digits_of(rows[r]->number) > width) width = digits_of(rows[r]->number);
  }
  return width;
}

/* Divides the lines into the label, the bar and the margin. */
static void lay_out(picture *p, const pp_run_construct *construct) {
  pp_page *page = &p->page;
  bool is_tasks = construct->what.kind == PP_CONSTRUCT_TASKS;
  size_t name = 0;
  for (uint32_t t = 0; t < p->run->thread_count; t++) {
    size_t width = pp_wrap_width(p->run->threads[t].name);
    if (width > name) name = width;
  }
  page->margin = page->columns < WIDE_COLUMNS              ? 0
                 : is_tasks && page->columns >= WIDE_TASKS ? TASKS_MARGIN
                                                           : BUSY_MARGIN;
  if (name > LONGEST_NAME) name = LONGEST_NAME;
  page->label = (int)name + digits_of(construct->what.slots) + 2;
  if (page->columns < WIDE_COLUMNS && page->label > NARROW_LABEL) page->label = NARROW_LABEL;
  if (page->columns >= WIDE_COLUMNS && page->label < LEAST_LABEL) page->label = LEAST_LABEL;
  page->cells = page->columns - page->label - page->margin - 2;
}

/* The text, cut off or filled to be as wide as labels are. */
static void put_label(const picture *p, const char *text) {
  int width = 0;
  for (; *text != '\0' && (width < p->page.label - 1 || ((unsigned char)*text & 0xc0) == 0x80); text++) {
    width += ((unsigned char)*text & 0xc0) != 0x80;
    pp_put_char(p->page.out, (unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text);
  }
  pp_put_repeated(p->page.out, ' ', (size_t)(p->page.label - width));
}

static void put_row(picture *p, const pp_row *row, int width) {
  pp_page *page = &p->page;
  char label[64];
  pp_output text = pp_output_to(-1, label, sizeof label);
  pp_put_repeated(&text, ' ', (size_t)(width - digits_of(row->number)));
  pp_putf(&text, "%u %s", row->number, p->run->threads[row->thread].name);
  (void)pp_output_end(&text);
  put_label(p, label);
  pp_put_bar(page, row);
  if (page->margin != 0) {
    uint64_t all = row->before + row->after;
    for (int d = 0; d < PP_DOINGS; d++) all += row->spent[d];
    pp_putf(page->out, "%4.0f %%", all != 0 ? 100.0 * (double)row->spent[PP_DOING_WORK] / (double)all : 0);
  }
  if (page->margin == TASKS_MARGIN)
    pp_putf(page->out, "%8llu%8llu", (unsigned long long)row->pieces, (unsigned long long)row->stolen);
  pp_put_char(page->out, '\n');
}

static void put_time_line(picture *p, const pp_construct *what) {
  pp_page *page = &p->page;
  uint64_t before = page->out->written;
  put_label(p, page->columns < WIDE_COLUMNS ? "" : "thread");
  pp_put_char(page->out, ' ');
  pp_put_time_axis(page->out, what->end - what->begin, page->cells);
  if (page->margin != 0) {
    uint64_t used = page->out->written - before, wanted = (uint64_t)(page->columns - page->margin);
    if (used < wanted) pp_put_repeated(page->out, ' ', (size_t)(wanted - used));
    pp_put(page->out, page->margin == TASKS_MARGIN ? "  busy   tasks  stolen" : "  busy");
  }
  pp_put_char(page->out, '\n');
}

/* Threads that ran more parts of the loop than one, since nobody came for these. */
static void put_parts(const picture *p, const pp_rows *rows) {
  char buffer[TEXT_SIZE];
  pp_output text = begin_text(buffer);
  uint32_t told = 0, more = 0;
  pp_put_repeated(&text, ' ', INDENT);
  for (uint32_t r = 0; r < rows->count; r++) {
    const pp_row *row = &rows->row[r];
    if (row->slots < 2) continue;
    if (told == THREADS_TOLD) {
      more++;
    } else {
      pp_putf(&text, "%s %u ran the parts of %u", told++ == 0 ? "thread" : ", thread", row->number, row->slots);
    }
  }
  if (told == 0) return;
  if (more != 0) pp_putf(&text, ", and %u more of several", more);
  pp_put(&text, " threads.");
  end_text(p, &text, INDENT);
}

static void put_rows(picture *p, const pp_rows *rows) {
  uint32_t shown = 0;
  const pp_row **chosen = choose_rows(p->run, rows, &shown);
  int width = number_width(chosen, chosen != NULL ? shown : 0);
  put_time_line(p, &rows->construct->what);
  for (uint32_t r = 0; chosen != NULL && r < shown; r++) put_row(p, chosen[r], width);
  if (shown < rows->count) {
    char buffer[TEXT_SIZE];
    pp_output text = begin_text(buffer);
    pp_put_repeated(&text, ' ', INDENT);
    pp_putf(&text, "%u more threads, which worked less than the busiest and more than the idlest of these.",
            rows->count - shown);
    end_text(p, &text, INDENT);
  }
}

/* --- Maps ----------------------------------------------------------------------------------------------------- */

/* `count` of the map's cells from `first` on, which begins with that iteration. */
static void put_map(picture *p, const char *label, const pp_map *map, uint32_t first, uint32_t count) {
  pp_page *page = &p->page;
  const pp_construct *what = p->what;
  int width = page->cells / (int)count;
  put_label(p, label);
  pp_put_map(page, map, first, count, width);
  pp_put_char(page->out, '\n');
  pp_put_repeated(page->out, ' ', (size_t)page->label + 1);
  pp_put_index_axis(page->out, pp_construct_index(what, first), what->step, count == map->cells ? map->shown : count,
                    width * (int)count);
  pp_put_char(page->out, '\n');
}

/* Each iteration of a loop of few in a cell of its own, on as many lines as that takes. */
static void put_folded_map(picture *p, const char *label, const pp_map *map) {
  uint32_t cells = (uint32_t)p->page.cells, lines = (map->cells + cells - 1) / cells;
  uint32_t length = (map->cells + lines - 1) / lines;
  for (uint32_t first = 0; first < map->cells; first += length) {
    put_map(p, first == 0 ? label : "", map, first, map->cells - first < length ? map->cells - first : length);
  }
}

static void put_maps(picture *p, const pp_rows *rows, const pp_map *all, const pp_map *exact) {
  const char *label = p->page.columns < WIDE_COLUMNS ? "iterat." : "iterations";
  char buffer[32];
  pp_output text = pp_output_to(-1, buffer, sizeof buffer);
  if (exact->cells == 0 || rows->pieces <= 2 * (uint64_t)p->what->slots) {
    put_map(p, label, all, 0, all->cells);
  } else if (exact->shown == p->what->count) {
    put_folded_map(p, label, exact);
  } else {
    put_map(p, label, all, 0, all->cells);
    if (!pp_map_is_mixed(all)) return;
    pp_putf(&text, "first %u", exact->cells);
    (void)pp_output_end(&text);
    put_map(p, buffer, exact, 0, exact->cells);
  }
}

/* --- A construct, and all of them ----------------------------------------------------------------------------- */

/* The loop's maps: of all its iterations, and, where these are more than cells, of the first, each in a cell. *count:
 * how many there are. False: no memory. */
static bool make_maps(const picture *p, pp_map maps[2], uint32_t *count) {
  const pp_construct *what = p->what;
  uint32_t cells = (uint32_t)p->page.cells;
  uint64_t shown = what->count <= MAP_LINES * (uint64_t)cells ? what->count : cells;
  *count = 0;
  if (what->kind == PP_CONSTRUCT_REGION || what->kind == PP_CONSTRUCT_TASKS || what->count == 0) return true;
  *count = what->count > cells ? 2 : 1;
  return pp_map_make(&maps[0], p->run->arena, cells, what->count, what->slots) &&
         (*count == 1 || pp_map_make(&maps[1], p->run->arena, (uint32_t)shown, shown, what->slots));
}

/* False: no memory. */
static bool put_construct(picture *p, const pp_run_construct *construct) {
  pp_map maps[2] = {{0}, {0}};
  uint32_t map_count;
  pp_rows rows;
  char buffer[TEXT_SIZE];
  pp_output text = begin_text(buffer);
  p->what = &construct->what;
  lay_out(p, construct);
  if (!make_maps(p, maps, &map_count)) return false;
  if (!pp_rows_make(&rows, p->run, construct, (uint32_t)p->page.cells, maps, map_count)) return false;
  pp_put_title(&text, construct);
  end_text(p, &text, INDENT);
  text = begin_text(buffer);
  pp_put_repeated(&text, ' ', INDENT);
  pp_put_subtitle(&text, p->run, &rows);
  end_text(p, &text, INDENT);
  put_rows(p, &rows);
  if (map_count != 0) put_maps(p, &rows, &maps[0], &maps[1]);
  if (p->what->kind != PP_CONSTRUCT_TASKS) put_parts(p, &rows);
  text = begin_text(buffer);
  pp_put_repeated(&text, ' ', INDENT);
  pp_put_words(&text, &rows);
  end_text(p, &text, INDENT);
  return true;
}

/* What the picture does not show. */
static void put_missing(const picture *p, const pp_chosen *chosen) {
  const pp_run *run = p->run;
  char buffer[TEXT_SIZE];
  pp_output text = begin_text(buffer);
  if (run->signal != 0) pp_putf(&text, "The program was ended by signal %d. ", run->signal);
  if (chosen->left_out != 0) {
    pp_put_counted(&text, chosen->left_out, "place");
    pp_put(&text, " that took less time ");
    pp_put(&text, chosen->left_out == 1 ? "is left out. " : "are left out. ");
  }
  if (run->lost_events != 0 || run->lost_constructs != 0) {
    pp_put_counted(&text, run->lost_events, "event");
    pp_put(&text, " and ");
    pp_put_counted(&text, run->lost_constructs, "call");
    pp_put(&text, " were replaced by later ones, for want of room (PPAR_TRACE_SIZE). ");
  }
  if (run->lost_threads != 0) {
    pp_put(&text, "Nothing is known of ");
    pp_put_counted(&text, run->lost_threads, "thread");
    pp_put(&text, ", which were too many or had no memory. ");
  }
  if (text.used != 0) end_text(p, &text, 0);
}

static int columns_of(int columns) {
  return columns < LEAST_COLUMNS ? LEAST_COLUMNS : columns > MOST_COLUMNS ? MOST_COLUMNS : columns;
}

void pp_picture_write(const pp_run *run, pp_output *out, const pp_show_style *style) {
  picture p = {.run = run, .page = {.out = out, .columns = columns_of(style->columns), .colors = style->colors}};
  pp_chosen chosen = pp_run_choose(run, MOST_PLACES);
  pp_put_wrapped(out,
                 chosen.count != 0 ? "ppar: what the threads did"
                                   : "ppar: there is nothing to show: no loop, region or task group was recorded",
                 p.page.columns, 0);
  for (uint32_t k = 0; k < chosen.count; k++) {
    pp_put_char(out, '\n');
    if (put_construct(&p, chosen.construct[k])) continue;
    pp_put_wrapped(out, "There is no memory for more of the picture.", p.page.columns, 0);
    break;
  }
  if (chosen.count != 0) pp_put_char(out, '\n');
  pp_put_legend(&p.page);
  put_missing(&p, &chosen);
}

/* SPDX-License-Identifier: MIT */
/* svg.c: the whole picture: panels, and what is missing. */
#include "show/svg.h"

#include "platform/crash.h"
#include "show/chosen.h"
#include "show/svg_legend.h"
#include "show/svg_map.h"
#include "show/svg_rows.h"
#include "show/svg_style.h"

enum { MOST_PANELS = 8, EDGE = 24, TITLE_LINE = 34, SMALL_LINE = 27, WORDS_LINE = 30, GAP = 44, TEXT_SIZE = 600 };
enum { TEXT_LEFT = 24, TEXT_WIDTH = PP_SVG_WIDTH - 2 * TEXT_LEFT };

typedef struct picture {
  const pp_run *run;
  pp_chosen chosen;
  pp_svg_panel *panel;
  uint32_t panels;
  bool has_no_memory;
} picture;

/* --- What is missing ------------------------------------------------------------------------------------------ */

typedef void note(const picture *of, pp_output *out);

static void note_signal(const picture *of, pp_output *out) {
  if (of->run->signal != 0)
    pp_putf(out, "The program was ended by %s: this is what had happened until then.", pp_crash_name(of->run->signal));
}

static void note_empty(const picture *of, pp_output *out) {
  if (of->panels == 0) pp_put(out, "No loop, region or task group with something to show was recorded.");
}

static void note_events(const picture *of, pp_output *out) {
  unsigned long long events = of->run->lost_events, constructs = of->run->lost_constructs;
  if (events + constructs == 0) return;
  pp_put(out, "Missing: ");
  if (events != 0) pp_putf(out, "%llu events", events);
  if (events != 0 && constructs != 0) pp_put(out, " and ");
  if (constructs != 0) pp_putf(out, "%llu loops, regions or task groups", constructs);
  pp_put(out, " of earlier times, which later ones replaced (PPAR_TRACE_SIZE makes more room).");
}

static void note_threads(const picture *of, pp_output *out) {
  if (of->run->lost_threads != 0)
    pp_putf(out, "Missing: %u threads were not recorded; what they did is blank.", of->run->lost_threads);
}

static void note_places(const picture *of, pp_output *out) {
  if (of->chosen.left_out != 0)
    pp_putf(out, "Not shown: %u more places of the program, which took less time.", of->chosen.left_out);
}

static void note_memory(const picture *of, pp_output *out) {
  bool is_cut = of->has_no_memory;
  for (uint32_t k = 0; k < of->panels; k++) is_cut = is_cut || of->panel[k].is_cut;
  if (is_cut) pp_put(out, "Not all is shown: there was not enough memory to draw it.");
}

static note *const notes[] = {note_signal, note_empty, note_events, note_threads, note_places, note_memory};

static double put_notes(pp_svg *svg, const picture *of, double y) {
  for (size_t k = 0; k < sizeof notes / sizeof notes[0]; k++) {
    char text[TEXT_SIZE];
    pp_output out = pp_output_to(-1, text, sizeof text);
    notes[k](of, &out);
    (void)pp_output_end(&out);
    y += SMALL_LINE * pp_svg_wrapped(svg, "s", TEXT_LEFT, y + PP_SVG_SMALL, TEXT_WIDTH, PP_SVG_SMALL, SMALL_LINE, text);
  }
  return y;
}

/* --- A panel -------------------------------------------------------------------------------------------------- */

static void put_count(pp_output *out, uint64_t count, const char *one, const char *several) {
  pp_putf(out, "%llu %s", (unsigned long long)count, count == 1 ? one : several);
}

/* "loop, static,4: 100 iterations, 2 threads, 12.3 ms; one of 120 calls" */
static void put_facts(pp_output *out, const pp_svg_panel *panel) {
  const pp_construct *of = &panel->construct->what;
  const pp_run_site *site = panel->construct->site;
  char schedule[PP_RUN_SCHEDULE];
  bool is_loop = of->kind != PP_CONSTRUCT_REGION && of->kind != PP_CONSTRUCT_TASKS;
  pp_put(out, pp_run_kind_text((pp_construct_kind)of->kind));
  if (is_loop) pp_putf(out, ", schedule %s", pp_run_schedule_text(of, schedule));
  pp_put(out, " \xc2\xb7 ");
  if (is_loop) put_count(out, of->count, "iteration", "iterations");
  if (of->kind == PP_CONSTRUCT_TASKS)
    put_count(out, panel->rows.groups > 1 ? panel->rows.pieces : of->count, "task", "tasks");
  if (panel->rows.groups > 1) {
    pp_putf(out, " of %llu groups inside of each other", (unsigned long long)panel->rows.groups);
  }
  if (of->kind != PP_CONSTRUCT_REGION) pp_put(out, " \xc2\xb7 ");
  put_count(out, of->slots, "thread", "threads");
  if (of->asked > of->slots) pp_putf(out, " (%u asked for)", of->asked);
  pp_put(out, " \xc2\xb7 ");
  pp_put_time(out, (double)panel->length);
  if ((of->how & PP_HOW_NOWAIT) != 0) pp_put(out, " \xc2\xb7 without a barrier at its end");
  if (site->sum[PP_SUM_CALLS] <= 1 || panel->rows.groups > 1) return;
  pp_put(out, of->kind == PP_CONSTRUCT_TASKS ? " \xc2\xb7 one of " : " \xc2\xb7 the middle one, by its time, of ");
  pp_putf(out, "%llu calls", (unsigned long long)site->sum[PP_SUM_CALLS]);
}

static void put_heading(pp_output *out, const pp_svg_panel *panel) {
  const pp_run_site *site = panel->construct->site;
  pp_put(out, site->title);
  if (site->title != site->where) pp_putf(out, " (%s)", site->where);
}

static double put_text(pp_svg *svg, void (*put)(pp_output *out, const pp_svg_panel *panel), const pp_svg_panel *panel,
                       const char *class, double size, double line, double y) {
  char text[TEXT_SIZE];
  pp_output out = pp_output_to(-1, text, sizeof text);
  put(&out, panel);
  (void)pp_output_end(&out);
  /* Bold letters are wider. */
  return y + line * pp_svg_wrapped(svg, class, TEXT_LEFT, y + size, TEXT_WIDTH,
                                   size >= PP_SVG_TITLE ? size * 1.15 : size, line, text);
}

static void put_words(pp_output *out, const pp_svg_panel *panel) { pp_put(out, panel->words); }

static double put_panel(pp_svg *svg, const pp_svg_panel *panel, double y) {
  y = put_text(svg, put_heading, panel, "t", PP_SVG_TITLE, TITLE_LINE, y);
  y = put_text(svg, put_facts, panel, "s", PP_SVG_SMALL, SMALL_LINE, y + 2);
  y = put_text(svg, put_words, panel, "w", PP_SVG_WORDS, WORDS_LINE, y + 4);
  y = pp_svg_rows(svg, panel, y + 14);
  if (panel->bins != 0) y = pp_svg_map(svg, panel, y + 6);
  return pp_svg_legend(svg, panel, y + 6);
}

/* --- All ------------------------------------------------------------------------------------------------------ */

/* svg NULL: it is only measured. */
static double put_all(pp_svg *svg, const picture *of) {
  double y = put_notes(svg, of, EDGE);
  if (y > EDGE) y += GAP / 2.0;
  for (uint32_t k = 0; k < of->panels; k++) {
    if (svg != NULL) pp_put(svg->out, "<g>\n");
    y = put_panel(svg, &of->panel[k], y);
    if (svg != NULL) pp_put(svg->out, "</g>\n");
    if (k + 1 < of->panels) y += GAP;
  }
  return y + EDGE;
}

static void put_description(pp_svg *svg, const picture *of) {
  pp_put(svg->out, "<title id=\"title\">What the program's threads did, loop by loop</title>\n<desc id=\"desc\">");
  for (uint32_t k = 0; k < of->panels; k++) {
    const pp_svg_panel *panel = &of->panel[k];
    char text[TEXT_SIZE];
    pp_output out = pp_output_to(-1, text, sizeof text);
    put_heading(&out, panel);
    pp_put(&out, ": ");
    put_facts(&out, panel);
    (void)pp_output_end(&out);
    pp_put_xml(svg->out, text);
    pp_put(svg->out, ". ");
    pp_put_xml(svg->out, panel->words);
    pp_put(svg->out, "\n");
  }
  pp_put(svg->out, "</desc>\n");
}

static void make_panels(picture *of) {
  of->panel = pp_arena_array(of->run->arena, MOST_PANELS, sizeof *of->panel);
  of->has_no_memory = of->panel == NULL || (of->chosen.construct == NULL && of->run->construct_count != 0);
  for (uint32_t k = 0; k < of->chosen.count && !of->has_no_memory; k++) {
    of->has_no_memory = !pp_svg_panel_make(&of->panel[k], of->run, of->chosen.construct[k], PP_SVG_PLOT);
    if (!of->has_no_memory) of->panels++;
  }
}

void pp_svg_write(const pp_run *run, pp_output *out) {
  picture of = {.run = run, .chosen = pp_run_choose(run, MOST_PANELS)};
  pp_svg svg = {.out = out};
  double height;
  make_panels(&of);
  height = put_all(NULL, &of);
  pp_put(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"");
  pp_putf(out, " width=\"%d\" height=\"%.0f\" viewBox=\"0 0 %d %.0f\" role=\"img\" aria-labelledby=\"title desc\">\n",
          PP_SVG_WIDTH, height, PP_SVG_WIDTH, height);
  put_description(&svg, &of);
  pp_svg_style(&svg);
  pp_svg_rect(&svg, "bg", 0, 0, PP_SVG_WIDTH, height);
  (void)put_all(&svg, &of);
  pp_put(out, "</svg>\n");
}

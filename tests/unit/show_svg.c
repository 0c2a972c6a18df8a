/* SPDX-License-Identifier: MIT */
/* show_svg.c: what is in the picture for a file, of runs made by hand. */
#include <stdio.h>

#include <criterion/criterion.h>

#include "../support/runs.h"
#include "show/svg.h"

enum { ROOM = 16 << 20, PANEL_BYTES = 1000000, TAGS = 64 };

static char *drawn;

/* The picture; of an earlier one it is the end. */
static const char *draw(const pp_run *run) {
  pp_output out;
  if (drawn == NULL) drawn = malloc(ROOM);
  cr_assert_not_null(drawn);
  out = pp_output_to(-1, drawn, ROOM);
  pp_svg_write(run, &out);
  cr_assert_lt(out.written, ROOM);
  (void)pp_output_end(&out);
  return drawn;
}

static bool has(const char *svg, const char *text) { return strstr(svg, text) != NULL; }

static int count(const char *svg, const char *text) {
  int found = 0;
  for (; (svg = strstr(svg, text)) != NULL; svg += strlen(text)) found++;
  return found;
}

/* --- A reader of XML ------------------------------------------------------------------------------------------ */

/* Whether each element ends that begins, attributes are in quotes, and '<' and '&' are nowhere else. */
static bool is_well_formed(const char *xml) {
  const char *open[TAGS];
  size_t length[TAGS], name;
  int depth = 0;
  xml = strstr(xml, "?>");
  for (xml = xml != NULL ? xml + 2 : ""; *xml != '\0'; xml++) {
    if (*xml == '&' && xml[1] != '#') return false;
    if (*xml == '>') return false;
    if (*xml != '<') continue;
    if (xml[1] == '/') {
      name = strcspn(xml + 2, ">");
      if (depth == 0 || name != length[depth - 1] || strncmp(xml + 2, open[depth - 1], name) != 0) return false;
      depth--;
      xml += 2 + name;
      continue;
    }
    if (depth == TAGS) return false;
    open[depth] = xml + 1;
    length[depth++] = strcspn(xml + 1, " />\n");
    for (xml++; *xml != '>'; xml++) {
      if (*xml == '\0' || *xml == '<' || *xml == '&') return false;
      if (*xml == '"') xml = strchr(xml + 1, '"');
      if (xml == NULL) return false;
    }
    if (xml[-1] == '/') depth--;
  }
  return depth == 0;
}

static double attribute(const char *element, const char *name) {
  char text[32];
  const char *found, *past = strchr(element, '>');
  (void)snprintf(text, sizeof text, " %s=\"", name);
  found = strstr(element, text);
  cr_assert(found != NULL && found < past, "%.60s has %s", element, name);
  return strtod(found + strlen(text), NULL);
}

/* The rectangle that is drawn for the item whose title begins so. */
static const char *box(const char *svg, const char *title) {
  char text[128];
  const char *found;
  (void)snprintf(text, sizeof text, "<title>%s", title);
  found = strstr(svg, text);
  cr_assert_not_null(found, "%s is there", title);
  found = strstr(found, "<rect");
  cr_assert_not_null(found);
  return found;
}

/* --- Runs ----------------------------------------------------------------------------------------------------- */

static uint64_t even(uint64_t i) {
  (void)i;
  return 1000;
}
static uint64_t rising(uint64_t i) { return 1000 + 100 * i; }

static struct runs *threads(uint32_t number) {
  static char names[RUNS_THREADS][16];
  struct runs *made = runs_new();
  (void)runs_thread(made, "main", -1);
  for (uint32_t t = 1; t < number; t++) {
    (void)snprintf(names[t], sizeof names[t], "ppar-%u", t);
    (void)runs_thread(made, names[t], (int32_t)t - 1);
  }
  return made;
}

static pp_run *loop_of(struct runs *made, uint32_t slots, ppar_schedule schedule, uint64_t iterations, int64_t index,
                       int64_t step, uint64_t (*cost)(uint64_t i)) {
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "sum.c:42 in main", NULL);
  (void)runs_loop(made, &(runs_shared){.site = site,
                                       .slots = slots,
                                       .schedule = schedule,
                                       .count = iterations,
                                       .index = index,
                                       .step = step,
                                       .cost = cost,
                                       .late = 500,
                                       .take = 50});
  return runs_finish(made);
}

/* --- Tests ---------------------------------------------------------------------------------------------------- */

Test(show_svg, tells_each_chunk_by_its_indices) {
  struct runs *made = threads(4);
  const char *svg = draw(loop_of(made, 4, ppar_static(4), 100, 0, 1, rising));
  cr_assert(is_well_formed(svg));
  for (int first = 0; first < 100; first += 4) {
    char title[64];
    int thread = first / 4 % 4;
    if (thread == 0) (void)snprintf(title, sizeof title, "thread 0 (main): indices %d..%d, ", first, first + 3);
    if (thread != 0)
      (void)snprintf(title, sizeof title, "thread %d (ppar-%d): indices %d..%d, ", thread, thread, first, first + 3);
    cr_assert_eq(count(svg, title), 1, "%s", title);
  }
  cr_assert(has(svg, ">sum.c:42 in main</text>"));
  cr_assert(has(svg, "loop, schedule static,4 \xc2\xb7 100 iterations \xc2\xb7 4 threads"));
  cr_assert(has(svg, ">96..99</text>"));
  runs_free(made);
}

Test(show_svg, indices_are_the_programs) {
  struct runs *made = threads(2);
  const char *svg = draw(loop_of(made, 2, ppar_static(0), 10, 1000, -3, even));
  cr_assert(has(svg, "thread 0 (main): indices 1000..988, "));
  cr_assert(has(svg, "thread 1 (ppar-1): indices 985..973, "));
  cr_assert(has(svg, ">1000..988</text>"));
  runs_free(made);
}

Test(show_svg, a_strided_chunk_says_so) {
  struct runs *made = threads(2);
  uint32_t site = runs_site(made, PP_CONSTRUCT_PRANGE, "sum.c:42 in main", NULL);
  uint32_t loop = runs_construct(made, site, 0, (pp_construct){.slots = 2, .end = 1000, .count = 100, .step = 1});
  const char *svg;
  for (uint32_t t = 0; t < 2; t++)
    runs_event(made, t,
               (pp_event){.begin = 10,
                          .end = 990,
                          .first = t,
                          .count = 50,
                          .construct = loop,
                          .slot = (uint16_t)t,
                          .kind = PP_EVENT_CHUNK,
                          .flags = PP_EVENT_STRIDED});
  svg = draw(runs_finish(made));
  cr_assert(has(svg, ">0,2..98</text>"));
  cr_assert(has(svg, ">1,3..99</text>"));
  cr_assert(has(svg, "thread 1 (ppar-1): 99</title>"), "the map knows the iterations between");
  cr_assert(has(svg, "thread 0 (main): 98</title>"));
  runs_free(made);
}

/* Widths of digits in the widest fonts: two thirds of their height, points less. */
static double width_of(const char *text, size_t length) {
  double width = 0;
  for (size_t k = 0; k < length; k++) width += text[k] == '.' ? 0.33 : 0.64;
  return 18 * width;
}

Test(show_svg, what_is_written_into_a_box_fits) {
  struct runs *made = threads(4);
  const char *svg = draw(loop_of(made, 4, ppar_static(4), 120, 10000, 7, rising)), *at = svg;
  int inside = 0;
  for (; (at = strstr(at, ": ind")) != NULL; at++) {
    const char *rect = strstr(at, "<rect"), *past = strstr(at, "</g>"), *text = strstr(at, "<text"), *word, *upright;
    double room;
    if (text == NULL || text > past) continue;
    word = strchr(text, '>') + 1;
    upright = strstr(text, "rotate(-90");
    room = attribute(rect, upright != NULL && upright < word ? "height" : "width");
    cr_assert_geq(room, width_of(word, strcspn(word, "<")), "%.20s", word);
    inside++;
  }
  cr_assert_gt(inside, 10);
  runs_free(made);
}

/* From the bar of the victim to that of the thief. */
static void check_arrow(const char *svg, const char *title, const char *from, const char *to) {
  char text[128];
  const char *arrow, *victim = box(svg, from), *thief = box(svg, to);
  double y1, y2;
  (void)snprintf(text, sizeof text, "<title>%s", title);
  arrow = strstr(svg, text);
  cr_assert_not_null(arrow, "%s", title);
  arrow = strstr(arrow, "<line class=\"st\"");
  y1 = attribute(arrow, "y1");
  y2 = attribute(arrow, "y2");
  cr_assert(y1 >= attribute(victim, "y") && y1 <= attribute(victim, "y") + attribute(victim, "height"));
  cr_assert(y2 >= attribute(thief, "y") - 10 && y2 <= attribute(thief, "y") + attribute(thief, "height") + 10);
}

Test(show_svg, a_steal_is_an_arrow_from_its_victim) {
  struct runs *made = threads(3);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "sum.c:42 in main", NULL);
  uint32_t loop = runs_construct(made, site, 0, (pp_construct){.slots = 3, .end = 1000, .count = 60, .step = 1});
  const char *svg;
  runs_chunk(made, 0, loop, 0, 10, 400, 0, 20);
  runs_chunk(made, 1, loop, 1, 10, 900, 20, 15);
  runs_chunk(made, 2, loop, 2, 10, 400, 40, 20);
  runs_event(made, 0,
             (pp_event){.begin = 450, .end = 450, .first = 1, .count = 5, .construct = loop, .kind = PP_EVENT_STEAL});
  runs_chunk(made, 0, loop, 0, 460, 800, 35, 5);
  svg = draw(runs_finish(made));
  cr_assert(is_well_formed(svg));
  check_arrow(svg, "thread 0 steals from thread 1, ", "thread 1 (ppar-1): indices 20..34",
              "thread 0 (main): indices 0..19");
  cr_assert(has(svg, ">a steal: from whom, to whom</text>"));
  runs_free(made);
}

/* While it waits in one loop, a thread takes from another, and tells so where it is. */
Test(show_svg, a_steal_is_of_the_loop_that_is_run_next) {
  struct runs *made = threads(2);
  uint32_t first = runs_site(made, PP_CONSTRUCT_LOOP, "a.c:1 in main", NULL);
  uint32_t second = runs_site(made, PP_CONSTRUCT_LOOP, "b.c:1 in main", NULL);
  uint32_t a = runs_construct(made, first, 0, (pp_construct){.slots = 2, .end = 1000, .count = 60, .step = 1});
  uint32_t b = runs_construct(made, second, 1, (pp_construct){.slots = 2, .end = 1000, .count = 60, .step = 1});
  runs_chunk(made, 0, a, 0, 0, 300, 0, 60);
  runs_chunk(made, 1, b, 0, 0, 900, 0, 30);
  runs_event(made, 0, (pp_event){.begin = 400, .end = 400, .count = 5, .construct = a, .kind = PP_EVENT_STEAL});
  runs_chunk(made, 0, b, 1, 500, 800, 30, 30);
  runs_span(made, 0, a, 0, PP_EVENT_WAIT, 350, 1000);
  cr_assert_eq(count(draw(runs_finish(made)), " steals from thread "), 1);
  cr_assert(has(drawn, "thread 1 steals from thread 0, "), "in the second loop, where it has slot 1");
  runs_free(made);
}

Test(show_svg, a_stolen_task_comes_from_whoever_began_the_group) {
  struct runs *made = threads(2);
  uint32_t site = runs_site(made, PP_CONSTRUCT_TASKS, "tree.c:9 in main", NULL);
  uint32_t group = runs_construct(made, site, 0, (pp_construct){.slots = 2, .end = 1000, .count = 2});
  const char *svg;
  runs_span(made, 0, group, 0, PP_EVENT_TASK, 10, 500);
  runs_event(
      made, 1,
      (pp_event){
          .begin = 100, .end = 900, .construct = group, .slot = 1, .kind = PP_EVENT_TASK, .flags = PP_EVENT_STOLEN});
  runs_span(made, 0, group, 0, PP_EVENT_WAIT, 500, 1000);
  svg = draw(runs_finish(made));
  check_arrow(svg, "thread 1 steals from thread 0, ", "thread 0 (main): a task", "thread 1 (ppar-1): a stolen task");
  cr_assert(has(svg, ">a stolen task</text>"));
  cr_assert(has(svg, "task group \xc2\xb7 2 tasks"));
  runs_free(made);
}

Test(show_svg, a_prange_without_a_barrier_says_so) {
  struct runs *made = threads(2);
  uint32_t site = runs_site(made, PP_CONSTRUCT_PRANGE, "sum.c:42 in main", NULL);
  uint32_t loop = runs_construct(
      made, site, 0, (pp_construct){.slots = 2, .end = 1000, .count = 100, .step = 1, .how = PP_HOW_NOWAIT});
  runs_chunk(made, 0, loop, 0, 0, 900, 0, 100);
  cr_assert(has(draw(runs_finish(made)), " \xc2\xb7 without a barrier at its end"));
  runs_free(made);
}

Test(show_svg, tasks_of_groups_in_groups_are_counted) {
  struct runs *made = threads(1);
  uint32_t site = runs_site(made, PP_CONSTRUCT_TASKS, "tree.c:9 in main", NULL);
  uint32_t outer = runs_construct(made, site, 0, (pp_construct){.slots = 1, .end = 1000, .count = 1});
  uint32_t inner =
      runs_construct(made, site, 0, (pp_construct){.slots = 1, .begin = 100, .end = 900, .count = 1, .inside = outer});
  runs_span(made, 0, outer, 0, PP_EVENT_TASK, 50, 950);
  runs_span(made, 0, inner, 0, PP_EVENT_TASK, 200, 800);
  made->sites[site].sum[PP_SUM_CALLS] = 2;
  cr_assert(
      has(draw(runs_finish(made)), "task group \xc2\xb7 2 tasks of 2 groups inside of each other \xc2\xb7 1 thread"));
  cr_assert(!has(drawn, "one of 2 calls"));
  runs_free(made);
}

Test(show_svg, waits_are_told_apart) {
  static const struct {
    pp_event_kind kind;
    const char *class, *legend;
  } waits[] = {{PP_EVENT_BARRIER, "hb", "waits at a barrier"},
               {PP_EVENT_CRITICAL_WAIT, "hc", "waits for a critical section"},
               {PP_EVENT_ORDERED_WAIT, "ho", "waits for its turn"},
               {PP_EVENT_WAIT, "he", "waits for others to end"},
               {PP_EVENT_CRITICAL, "held", "in a critical section"},
               {PP_EVENT_ORDERED, "turn", "has its turn"}};
  for (size_t k = 0; k < sizeof waits / sizeof waits[0]; k++) {
    struct runs *made = threads(1);
    uint32_t site = runs_site(made, PP_CONSTRUCT_REGION, "r.c:1 in main", NULL);
    uint32_t region = runs_construct(made, site, 0, (pp_construct){.slots = 1, .end = 1000});
    char class[32], legend[64];
    const char *svg;
    (void)snprintf(class, sizeof class, "class=\"%s\"", waits[k].class);
    (void)snprintf(legend, sizeof legend, ">%s</text>", waits[k].legend);
    runs_span(made, 0, region, 0, PP_EVENT_MEMBER, 0, 1000);
    runs_span(made, 0, region, 0, waits[k].kind, 300, 600);
    svg = draw(runs_finish(made));
    cr_assert(is_well_formed(svg));
    cr_assert_eq(count(svg, class), 2, "%s: in the row and in the legend", waits[k].legend);
    cr_assert(has(svg, legend), "%s", legend);
    for (size_t other = 0; other < sizeof waits / sizeof waits[0]; other++) {
      (void)snprintf(legend, sizeof legend, ">%s</text>", waits[other].legend);
      if (other != k) cr_assert_not(has(svg, legend), "the legend has what occurs alone, and not %s", legend);
    }
    runs_free(made);
  }
}

Test(show_svg, who_sleeps_in_a_wait_shows_which_one) {
  struct runs *made = threads(1);
  uint32_t site = runs_site(made, PP_CONSTRUCT_REGION, "r.c:1 in main", NULL);
  uint32_t region = runs_construct(made, site, 0, (pp_construct){.slots = 1, .end = 1000});
  const char *svg;
  runs_span(made, 0, region, 0, PP_EVENT_MEMBER, 0, 1000);
  runs_span(made, 0, region, 0, PP_EVENT_BARRIER, 300, 600);
  runs_span(made, 0, region, 0, PP_EVENT_PARK, 350, 590);
  svg = draw(runs_finish(made));
  cr_assert(has(svg, "<rect class=\"zb\""));
  cr_assert(has(svg, ">lighter: sleeps meanwhile</text>"));
  runs_free(made);
}

Test(show_svg, the_ending_is_shaded) {
  struct runs *made = threads(2);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "sum.c:42 in main", NULL);
  uint32_t loop = runs_construct(made, site, 0, (pp_construct){.slots = 2, .end = 1000, .count = 60, .step = 1});
  const char *svg, *shade, *chunk;
  runs_chunk(made, 0, loop, 0, 0, 1000, 0, 30);
  runs_chunk(made, 1, loop, 1, 0, 400, 30, 30);
  svg = draw(runs_finish(made));
  shade = box(svg, "thread 1 (ppar-1): nothing left to do for 600 ns");
  chunk = box(svg, "thread 1 (ppar-1): indices 30..59");
  cr_assert_float_eq(attribute(shade, "x"), attribute(chunk, "x") + attribute(chunk, "width"), 0.2);
  cr_assert_float_eq(attribute(shade, "width"), 1.5 * attribute(chunk, "width"), 0.5);
  cr_assert_not(has(svg, "thread 0 (main): nothing left"));
  cr_assert(has(svg, "thread 1 waited 60 % of the loop for thread 0"));
  runs_free(made);
}

Test(show_svg, many_chunks_are_put_together) {
  struct runs *made = threads(2);
  const char *svg = draw(loop_of(made, 2, ppar_dynamic(1), 200000, 0, 1, even));
  cr_assert(is_well_formed(svg));
  cr_assert_lt(strlen(svg), PANEL_BYTES);
  cr_assert(has(svg, " chunks of indices within 0.."));
  cr_assert(has(svg, ">many short chunks</text>"));
  runs_free(made);
}

/* An area is as large as the time that it stands for: of 100 ns in each 1000 a tenth of the height. */
Test(show_svg, what_was_put_together_is_as_high_as_its_part) {
  struct runs *made = threads(1);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "sum.c:42 in main", NULL);
  uint32_t loop = runs_construct(made, site, 0, (pp_construct){.slots = 1, .end = 10000000, .count = 10000, .step = 1});
  const char *merged;
  for (uint64_t i = 0; i < 10000; i++) runs_chunk(made, 0, loop, 0, 1000 * i, 1000 * i + 100, i, 1);
  merged = box(draw(runs_finish(made)), "thread 0 (main): 1");
  cr_assert_float_eq(attribute(merged, "height"), 5.8, 0.2, "of a bar of 58");
  runs_free(made);
}

Test(show_svg, hundreds_of_threads_stay_small) {
  struct runs *made = threads(256);
  const char *svg = draw(loop_of(made, 256, ppar_dynamic(1), 100000, 0, 1, rising));
  cr_assert(is_well_formed(svg));
  cr_assert_lt(strlen(svg), PANEL_BYTES);
  cr_assert(has(svg, ">thread 0</text>") && has(svg, ">thread 252</text>"));
  runs_free(made);
}

Test(show_svg, texts_are_escaped) {
  struct runs *made = threads(1);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "a<b>.c:1 in operator&", "<loop> & \"co\"\n\xff");
  const char *svg;
  (void)runs_loop(made, &(runs_shared){.site = site, .slots = 1, .count = 10, .cost = even});
  svg = draw(runs_finish(made));
  cr_assert(is_well_formed(svg));
  cr_assert(has(svg, "&#60;loop&#62; &#38; &#34;co&#34;?? (a&#60;b&#62;.c:1 in operator&#38;)"));
  runs_free(made);
}

Test(show_svg, long_names_and_words_are_wrapped) {
  struct runs *made = threads(2);
  char name[512];
  uint32_t site;
  const char *svg, *at;
  memset(name, 'm', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  site = runs_site(made, PP_CONSTRUCT_LOOP, "sum.c:42 in main", name);
  (void)runs_loop(made, &(runs_shared){.site = site, .slots = 2, .count = 10, .cost = even});
  svg = draw(runs_finish(made));
  cr_assert(is_well_formed(svg));
  for (at = svg; (at = strstr(at, "<text class=\"t\"")) != NULL; at++) {
    const char *word = strchr(at, '>') + 1;
    cr_assert_leq(26 * strcspn(word, "<"), 1280, "a line of a title fits");
  }
  runs_free(made);
}

Test(show_svg, says_what_is_missing) {
  struct runs *made = threads(2);
  pp_run *run;
  const char *svg;
  made->threads[1].lost = 1234;
  run = loop_of(made, 2, ppar_static(0), 100, 0, 1, even);
  run->lost_threads = 3;
  run->lost_constructs = 5;
  run->signal = 15;
  run->constructs[0].is_complete = false;
  svg = draw(run);
  cr_assert(is_well_formed(svg));
  cr_assert(has(svg, "The program was ended by SIGTERM"));
  cr_assert(has(svg, "Missing: 1234 events and 5 loops"));
  cr_assert(has(svg, "Missing: 3 threads were not recorded"));
  runs_free(made);
}

Test(show_svg, what_has_not_ended_says_so) {
  struct runs *made = threads(2);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "sum.c:42 in main", NULL);
  uint32_t loop = runs_construct(made, site, 0, (pp_construct){.slots = 2, .count = 60, .step = 1});
  const char *svg;
  runs_event(made, 0,
             (pp_event){.begin = 10, .count = 30, .construct = loop, .kind = PP_EVENT_CHUNK, .flags = PP_EVENT_OPEN});
  runs_chunk(made, 1, loop, 1, 10, 400, 30, 30);
  svg = draw(runs_finish_at(made, 1000));
  cr_assert(has(svg, "thread 0 (main): indices 0..29, 990 ns, from 10 ns on; it has not ended"));
  runs_free(made);
}

Test(show_svg, places_that_are_left_out_are_counted) {
  struct runs *made = threads(2);
  const char *svg;
  for (int k = 0; k < 11; k++) {
    uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "sum.c:42 in main", NULL);
    (void)runs_loop(made,
                    &(runs_shared){.site = site, .slots = 2, .count = 10, .cost = even, .begin = 100000 * (uint64_t)k});
  }
  svg = draw(runs_finish(made));
  cr_assert_eq(count(svg, "<text class=\"t\""), 8);
  cr_assert(has(svg, "Not shown: 3 more places"));
  runs_free(made);
}

Test(show_svg, nothing_is_shown_of_nothing) {
  struct runs *made = threads(1);
  const char *svg = draw(runs_finish(made));
  cr_assert(is_well_formed(svg));
  cr_assert(has(svg, "No loop, region or task group"));
  runs_free(made);
}

/* What is written is inside of the picture. */
Test(show_svg, it_is_as_high_as_it_says) {
  struct runs *made = threads(12);
  const char *svg, *at;
  double height;
  made->threads[1].lost = 7;
  svg = draw(loop_of(made, 12, ppar_guided(0), 1000, 0, 1, rising));
  height = attribute(strstr(svg, "<svg"), "height");
  for (at = svg; (at = strstr(at, "<text ")) != NULL; at++) {
    cr_assert_leq(attribute(at, "y"), height - 10);
    cr_assert(attribute(at, "x") >= 0 && attribute(at, "x") <= 1270);
  }
  runs_free(made);
}

Test(show_svg, a_cancelled_loop_shows_when) {
  struct runs *made = threads(1);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "sum.c:42 in main", NULL);
  uint32_t loop =
      runs_construct(made, site, 0, (pp_construct){.slots = 1, .end = 1000, .count = 60, .step = 1, .status = -5});
  const char *svg;
  runs_chunk(made, 0, loop, 0, 0, 600, 0, 30);
  runs_event(made, 0, (pp_event){.begin = 500, .end = 500, .construct = loop, .kind = PP_EVENT_CANCEL});
  svg = draw(runs_finish(made));
  cr_assert_eq(count(svg, "<line class=\"cancel\""), 2, "at its time, and in the legend");
  runs_free(made);
}

Test(show_svg, inner_work_leaves_room_for_the_outer_label) {
  struct runs *made = threads(1);
  uint32_t outer = runs_site(made, PP_CONSTRUCT_LOOP, "o.c:1 in main", NULL);
  uint32_t inner = runs_site(made, PP_CONSTRUCT_LOOP, "i.c:1 in main", NULL);
  uint32_t first =
      runs_construct(made, outer, 0, (pp_construct){.slots = 1, .end = 1000, .count = 1, .index = 77, .step = 1});
  uint32_t second = runs_construct(
      made, inner, 0, (pp_construct){.slots = 1, .begin = 100, .end = 900, .inside = first, .count = 8, .step = 1});
  const char *svg;
  double top, inner_top;
  runs_chunk(made, 0, first, 0, 0, 1000, 0, 1);
  runs_chunk(made, 0, second, 0, 100, 500, 0, 4);
  runs_chunk(made, 0, second, 0, 500, 900, 4, 4);
  svg = draw(runs_finish(made));
  cr_assert(has(svg, ">77</text>"));
  top = attribute(box(svg, "thread 0 (main): index 77, "), "y");
  inner_top = attribute(box(svg, "thread 0 (main): other work, for the loop i.c:1 in main: 0..3, "), "y");
  cr_assert_geq(inner_top, top + 18);
  runs_free(made);
}

/* What a thread does during a wait is as high as other work, and hides the wait. */
Test(show_svg, work_during_a_wait_is_no_inner_work) {
  struct runs *made = threads(1);
  uint32_t site = runs_site(made, PP_CONSTRUCT_TASKS, "t.c:1 in main", NULL);
  uint32_t group = runs_construct(made, site, 0, (pp_construct){.slots = 1, .end = 1000, .count = 2});
  const char *svg, *outer, *inner;
  runs_span(made, 0, group, 0, PP_EVENT_TASK, 0, 1000);
  runs_span(made, 0, group, 0, PP_EVENT_WAIT, 200, 900);
  runs_span(made, 0, group, 0, PP_EVENT_TASK, 300, 800);
  svg = draw(runs_finish(made));
  outer = box(svg, "thread 0 (main): a task, 1.00 us, ");
  inner = box(svg, "thread 0 (main): a task, 500 ns, ");
  cr_assert_float_eq(attribute(inner, "y"), attribute(outer, "y"), 0.1);
  cr_assert_float_eq(attribute(inner, "height"), attribute(outer, "height"), 0.1);
  runs_free(made);
}

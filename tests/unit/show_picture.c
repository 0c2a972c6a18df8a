/* SPDX-License-Identifier: MIT */
/* show_picture.c: pictures of runs that were made by hand, line by line. */
#include "show/picture.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "../support/runs.h"

TestSuite(show_picture);

enum { TEXT_SIZE = 1 << 16 };

static char text[TEXT_SIZE];

/* Writes the picture into text, and frees the run. */
static const char *draw_in(struct runs *made, int columns, bool colors) {
  pp_output out = pp_output_to(-1, text, sizeof text);
  pp_picture_write(runs_finish(made), &out, &(pp_show_style){.columns = columns, .colors = colors});
  cr_assert(pp_output_end(&out));
  runs_free(made);
  return text;
}

static const char *draw(struct runs *made, int columns) { return draw_in(made, columns, false); }

/* Shows where the texts differ, and not just that they do. */
static void expect_text(const char *got, const char *wanted) {
  size_t same = 0, line = 1, from = 0;
  for (; got[same] == wanted[same] && got[same] != '\0'; same++) {
    if (got[same] != '\n') continue;
    line++;
    from = same + 1;
  }
  if (got[same] == wanted[same]) return;
  cr_expect(false, "line %zu is\n%.*s\nand should be\n%.*s\nall of it:\n%s", line, (int)strcspn(got + from, "\n"),
            got + from, (int)strcspn(wanted + from, "\n"), wanted + from, got);
}

/* --- Runs ----------------------------------------------------------------------------------------------------- */

static uint64_t rising(uint64_t i) { return 1000 + 400 * i; }
static uint64_t equal(uint64_t i) { return i < UINT64_MAX ? 10000 : 0; }
static uint64_t brief(uint64_t i) { return i < UINT64_MAX ? 300 : 0; }

static const char *name_of(uint32_t worker) {
  static char names[RUNS_THREADS][16];
  snprintf(names[worker], sizeof names[worker], "ppar-%u", worker);
  return names[worker];
}

static struct runs *run_of(uint32_t threads) {
  struct runs *made = runs_new();
  (void)runs_thread(made, "main", -1);
  for (uint32_t t = 1; t < threads; t++) (void)runs_thread(made, name_of(t), (int32_t)t - 1);
  return made;
}

static struct runs *loop_of(ppar_schedule schedule, uint32_t slots, uint64_t count, uint64_t (*cost)(uint64_t)) {
  struct runs *made = run_of(slots);
  uint32_t site = runs_site(made, PP_CONSTRUCT_LOOP, "triangle.c:42 in main", NULL);
  (void)runs_loop(made, &(runs_shared){.site = site,
                                       .slots = slots,
                                       .schedule = schedule,
                                       .count = count,
                                       .cost = cost,
                                       .begin = 50,
                                       .late = 3000,
                                       .take = 100});
  return made;
}

static bool says(const char *what) { return strstr(text, what) != NULL; }

/* --- Schedules ------------------------------------------------------------------------------------------------ */

GOLDEN(static)

/* SPDX-License-Identifier: MIT */
/* title.c: kind, place, schedule, numbers. */
#include "show/title.h"

#include <string.h>

void pp_put_counted(pp_output *out, uint64_t count, const char *noun) {
  pp_put_number(out, count);
  pp_putf(out, " %s%s", noun, count == 1 ? "" : "s");
}

void pp_put_title(pp_output *out, const pp_run_construct *construct) {
  const pp_run_site *site = construct->site;
  pp_put(out, pp_run_kind_text((pp_construct_kind)construct->what.kind));
  if (strcmp(site->title, site->where) != 0) pp_putf(out, " \"%s\"", site->title);
  pp_putf(out, " at %s", site->where);
}

/* Which of the calls at its place it is. */
static void put_call(pp_output *out, const pp_run *run, const pp_run_construct *construct) {
  uint64_t known = 0, before = 0, calls = construct->site->sum[PP_SUM_CALLS];
  for (uint64_t k = 0; k < run->construct_count; k++) {
    if (run->constructs[k].what.site != construct->what.site) continue;
    known++;
    before += &run->constructs[k] < construct;
  }
  if (known < 2 && calls < 2) return;
  if (calls > known) {
    pp_put(out, "; one of ");
    pp_put_number(out, calls);
    pp_put(out, " calls here, of which ");
    pp_put_number(out, known);
    pp_put(out, known == 1 ? " is known: " : " are known: ");
    pp_put(out, known == 1 ? "this one" : "the one of middle length");
  } else {
    pp_put(out, "; call ");
    pp_put_number(out, before + 1);
    pp_put(out, " of ");
    pp_put_number(out, known);
    pp_put(out, " here: the one of middle length");
  }
}

static void put_work(pp_output *out, const pp_rows *rows) {
  const pp_construct *what = &rows->construct->what;
  char schedule[PP_RUN_SCHEDULE];
  if (what->kind == PP_CONSTRUCT_TASKS) {
    pp_put_counted(out, rows->groups > 1 ? rows->pieces : what->count, "task");
    if (rows->groups > 1) {
      pp_put(out, " of ");
      pp_put_number(out, rows->groups);
      pp_put(out, " groups inside of each other");
    }
    pp_put(out, ", ");
  } else if (what->kind != PP_CONSTRUCT_REGION) {
    pp_putf(out, "%s: ", pp_run_schedule_text(what, schedule));
    pp_put_counted(out, what->count, "iteration");
    pp_put(out, ", ");
  }
}

void pp_put_subtitle(pp_output *out, const pp_run *run, const pp_rows *rows) {
  const pp_construct *what = &rows->construct->what;
  put_work(out, rows);
  pp_put_counted(out, what->slots, "thread");
  if (what->asked > what->slots) pp_putf(out, " (%u asked for)", (unsigned)what->asked);
  pp_put(out, ", ");
  pp_put_time(out, (double)(what->end - what->begin));
  if ((what->how & PP_HOW_NOWAIT) != 0) pp_put(out, ", without a barrier at its end");
  if ((what->how & PP_HOW_ORDERED) != 0) pp_put(out, ", with ordered parts");
  if (what->status != 0) pp_putf(out, ", ended with status %d", (int)what->status);
  if (rows->groups <= 1) put_call(out, run, rows->construct);
}

/* SPDX-License-Identifier: MIT */
/* report.c: the report's layout. Numbers of all places are in columns below one head; what is said of a place in words
 * stands above and below its numbers, and in wide reports in front of them. */
#include "show/report.h"

#include <string.h>

#include "platform/budget.h"
#include "schedule/tuning.h"
#include "show/advice.h"
#include "show/how.h"
#include "show/loss.h"

enum {
  LEAST_COLUMNS = 80,
  TABLE_COLUMNS = 79,
  PLACE_COLUMNS = 41, /* in front of the numbers, if there is room */
  INDENT = 4,
  TEXT_SIZE = 1024,
};

typedef struct report {
  const pp_run *run;
  const pp_report_facts *facts;
  pp_output *out;
  pp_losses losses;
  int columns, digits;
  bool is_wide;
} report;

/* --- Words -------------------------------------------------------------------------------------------------- */

/* How many columns the bytes take: those that go on with a character of UTF-8 take none. */
static int width_of(const char *text, size_t bytes) {
  int width = 0;
  for (size_t k = 0; k < bytes; k++) width += ((unsigned char)text[k] & 0xc0) != 0x80;
  return width;
}

/* Words from column `at` on, with lines broken where they would be too long; further ones begin at column `indent`. */
static void put_words(const report *r, const char *text, int at, int indent) {
  bool is_first = true;
  while (*text != '\0') {
    size_t length = strcspn(text, " ");
    int width = width_of(text, length);
    if (!is_first && at + 1 + width > r->columns) {
      pp_put_char(r->out, '\n');
      pp_put_repeated(r->out, ' ', (size_t)indent);
      at = indent;
    } else if (!is_first) {
      pp_put_char(r->out, ' ');
      at++;
    }
    pp_put_bytes(r->out, text, length);
    at += width;
    is_first = false;
    text += length + (text[length] == ' ');
  }
  pp_put_char(r->out, '\n');
}

static void put_mean(pp_output *out, double number) {
  uint64_t tenths = (uint64_t)(number * 10 + 0.5);
  pp_put_real(out, number, tenths % 10 == 0 || number >= 100 ? 0 : 1);
}

static const char *plural(double number) { return number > 0.95 && number < 1.05 ? "" : "s"; }

static void put_title(pp_output *out, const pp_loss *loss) {
  const pp_run_site *site = loss->site;
  if (site->kind != 0) pp_putf(out, "%s ", pp_run_kind_text(site->kind));
  if (strcmp(site->title, site->where) != 0) pp_putf(out, "\"%s\" at ", site->title);
  pp_put(out, site->where);
}

static void put_schedule(pp_output *out, const pp_run_site *site) {
  enum {
    TOLD = PP_HOW_BLOCKS | PP_HOW_BY_RANGE | PP_HOW_BY_COUNTER | PP_HOW_ADAPTIVE | PP_HOW_ORDERED | PP_HOW_NOWAIT
  };
  char schedule[PP_RUN_SCHEDULE], how[PP_HOW_SIZE];
  pp_construct asked = {
      .schedule_kind = site->schedule_kind, .schedule_order = site->schedule_order, .chunk = site->chunk};
  if (!site->has_schedule || site->kind == PP_CONSTRUCT_REGION || site->kind == PP_CONSTRUCT_TASKS) return;
  pp_putf(out, "; schedule %s", pp_run_schedule_text(&asked, schedule));
  if (site->schedules_differ) pp_put(out, " and others");
  if ((site->how & TOLD) != 0) pp_putf(out, " (%s)", pp_how_text(site->how & TOLD, how));
}

static void put_threads(pp_output *out, const pp_loss *loss) {
  put_mean(out, loss->threads);
  if (loss->asked > loss->threads + 0.05) {
    pp_put(out, " of ");
    put_mean(out, loss->asked);
    pp_putf(out, " threads asked for%s",
            loss->level > 0   ? ": level limit"
            : loss->fewer > 0 ? ": no more could be had"
                              : "");
  } else {
    pp_putf(out, " thread%s", plural(loss->threads));
  }
  if (loss->had < 0.95 * loss->threads) {
    pp_put(out, ", of which ");
    put_mean(out, loss->had);
    pp_put(out, " came");
  }
  if (loss->alone > 0) pp_putf(out, "; %.0f of %.0f calls ran alone: too short", loss->alone, loss->calls);
}

static void put_facts(pp_output *out, const pp_loss *loss) {
  pp_construct_kind kind = loss->site->kind;
  double count = loss->iterations / loss->calls;
  if (kind == PP_CONSTRUCT_TASK) { /* Each is a call. */
    pp_putf(out, "%.0f of them stolen", loss->steals);
    if (loss->at_once > 0) pp_putf(out, ", %.0f run at once by their makers", loss->at_once);
    if (loss->inside > 0.5) pp_put(out, "; inside of others, so not counted at the top");
    return;
  }
  if (kind != PP_CONSTRUCT_REGION) {
    put_mean(out, count);
    pp_putf(out, kind == PP_CONSTRUCT_TASKS ? " task%s a call" : " iteration%s a call", plural(count));
    put_schedule(out, loss->site);
    pp_put(out, "; ");
  }
  put_threads(out, loss);
  if (loss->steals > 0) pp_putf(out, "; %.0f steal%s", loss->steals, plural(loss->steals));
  if (loss->inside > 0.5) pp_put(out, "; inside of others, so not counted at the top");
}

/* --- The table ---------------------------------------------------------------------------------------------- */

/* Milliseconds, at the right of so many columns. */
static void put_cell(const report *r, double ns, int width) {
  char text[32];
  pp_output cell = pp_output_to(-1, text, sizeof text);
  pp_put_real(&cell, ns / 1e6, r->digits);
  (void)pp_output_end(&cell);
  if (cell.used < (size_t)width) pp_put_repeated(r->out, ' ', (size_t)width - cell.used);
  pp_put(r->out, text);
}

static void put_head(const report *r) {
  if (r->is_wide) pp_putf(r->out, "%-41s", "place");
  pp_put(r->out, "   calls     wall     work speedup |   start  imbal. waiting overhead |    lost\n");
}

static void put_calls(const report *r, double calls) {
  if (calls < 1e7) {
    pp_putf(r->out, "%8.0f", calls);
  } else {
    pp_putf(r->out, "%7.0fM", calls / 1e6);
  }
}

static void put_numbers(const report *r, const pp_loss *loss) {
  put_calls(r, loss->calls);
  put_cell(r, loss->wall, 9);
  put_cell(r, loss->work, 9);
  pp_putf(r->out, "%8.2f |", pp_loss_speedup(loss));
  put_cell(r, loss->start, 8);
  put_cell(r, loss->imbalance, 8);
  put_cell(r, loss->waiting, 8);
  put_cell(r, loss->overhead, 9);
  pp_put(r->out, " |");
  put_cell(r, loss->gain, 8);
  pp_put_char(r->out, '\n');
}

static void put_place(const report *r, pp_loss *loss) {
  char text[TEXT_SIZE];
  pp_output words = pp_output_to(-1, text, sizeof text);
  loss->cpus = r->facts->cpus;
  pp_put_char(r->out, '\n');
  put_title(&words, loss);
  (void)pp_output_end(&words);
  if (r->is_wide && width_of(text, words.used) < PLACE_COLUMNS) {
    pp_put(r->out, text);
    pp_put_repeated(r->out, ' ', (size_t)(PLACE_COLUMNS - width_of(text, words.used)));
  } else {
    put_words(r, text, 0, INDENT);
    if (r->is_wide) pp_put_repeated(r->out, ' ', PLACE_COLUMNS);
  }
  put_numbers(r, loss);
  words.used = 0;
  put_facts(&words, loss);
  (void)pp_output_end(&words);
  pp_put_repeated(r->out, ' ', INDENT);
  put_words(r, text, INDENT, INDENT);
  words.used = 0;
  (void)pp_advice_put(&words, loss);
  (void)pp_output_end(&words);
  pp_put(r->out, " -> ");
  put_words(r, text, INDENT, INDENT);
}

/* --- What is said of all ------------------------------------------------------------------------------------ */

static void put_summary(const report *r) {
  char text[TEXT_SIZE];
  pp_output words = pp_output_to(-1, text, sizeof text);
  pp_putf(&words, "ppar: %u place%s, ", r->losses.count, r->losses.count == 1 ? "" : "s");
  pp_put_time(&words, r->losses.wall);
  pp_put(&words, " in loops, regions and tasks, of which ");
  pp_put_time(&words, r->losses.gain);
  pp_put(&words, " could be gained; the run took ");
  pp_put_time(&words, (double)r->run->end);
  (void)pp_output_end(&words);
  put_words(r, text, 0, 6);
}

static void put_cpus(const report *r) {
  const pp_report_facts *facts = r->facts;
  char text[TEXT_SIZE];
  pp_output words = pp_output_to(-1, text, sizeof text);
  if (facts->cpus == 0) return;
  pp_putf(&words, "      %d CPU%s", facts->cpus, facts->cpus == 1 ? "" : "s");
  if (facts->quota > 0 && facts->quota < facts->affinity) {
    pp_put(&words, ": quota of ");
    pp_put_real(&words, facts->quota, facts->quota - (double)(int)facts->quota < 0.05 ? 0 : 1);
    pp_putf(&words, " CPU%s", plural(facts->quota));
    if (facts->machine > facts->cpus) pp_putf(&words, ", of the machine's %d", facts->machine);
  } else if (facts->affinity < facts->machine) {
    pp_putf(&words, ": the affinity mask has no more of the machine's %d", facts->machine);
  }
  (void)pp_output_end(&words);
  pp_put(r->out, text);
  pp_put_char(r->out, '\n');
}

static void put_missing(const report *r) {
  if (r->run->signal != 0)
    pp_putf(r->out, "      signal %d ended it; what was going on then is not counted\n", r->run->signal);
  if (r->run->lost_threads != 0)
    pp_putf(r->out, "      %u threads are not counted: there was no room for them\n", r->run->lost_threads);
}

/* Numbers of all places get as many digits as there is room for. */
static int digits_for(const pp_losses *losses) {
  double largest = 0;
  for (uint32_t k = 0; k < losses->count; k++) {
    if (losses->loss[k].wall > largest) largest = losses->loss[k].wall;
    if (losses->loss[k].work > largest) largest = losses->loss[k].work;
  }
  return largest < 100e6 ? 3 : largest < 1000e6 ? 2 : largest < 100000e6 ? 1 : 0;
}

static bool is_little(const report *r, const pp_loss *loss) {
  return loss->wall * 100 < r->losses.wall * PP_REPORT_LITTLE &&
         pp_loss_matters(loss) * 100 <= r->losses.gain * PP_REPORT_LITTLE;
}

static void put_others(const report *r, uint32_t count, double wall, double gain) {
  if (count == 0) return;
  pp_putf(r->out, "\n%u other place%s matter%s little: ", count, count == 1 ? "" : "s", count == 1 ? "s" : "");
  pp_put_time(r->out, wall);
  pp_put(r->out, count == 1 ? ", of which " : " in all, of which ");
  pp_put_time(r->out, gain);
  pp_put(r->out, " could be gained\n");
}

static void put_places(const report *r) {
  uint32_t shown = 0, others = 0;
  double wall = 0, gain = 0;
  for (uint32_t k = 0; k < r->losses.count; k++) {
    pp_loss *loss = &r->losses.loss[k];
    if (shown < PP_REPORT_PLACES && !is_little(r, loss)) {
      put_place(r, loss);
      shown++;
    } else {
      others++;
      wall += loss->wall;
      gain += loss->gain;
    }
  }
  put_others(r, others, wall, gain);
}

void pp_report_write_of(const pp_run *run, const pp_report_facts *facts, pp_output *out, int columns) {
  report r = {.run = run, .facts = facts, .out = out, .losses = pp_losses_of(run), .columns = columns};
  if (r.columns < LEAST_COLUMNS) r.columns = LEAST_COLUMNS;
  r.is_wide = r.columns >= PLACE_COLUMNS + TABLE_COLUMNS;
  r.digits = digits_for(&r.losses);
  put_summary(&r);
  put_cpus(&r);
  put_missing(&r);
  if (r.losses.count == 0) return;
  pp_put_char(out, '\n');
  put_words(&r,
            "Times in ms, of all calls. wall: from begin to end. work: of all threads together, about what one would "
            "need. lost: by how much a perfect division of the work would shorten wall; the four columns before say "
            "where it goes.",
            0, 0);
  pp_put_char(out, '\n');
  put_head(&r);
  put_places(&r);
}

pp_report_facts pp_report_look(const pp_run *run) {
  pp_report_facts facts = {0};
  if (run->signal != 0) return facts; /* its handler may not read files the way the budget does */
  facts.cpus = pp_cpu_budget();
  facts.affinity = pp_cpu_affinity();
  facts.machine = pp_cpus_of_machine();
  facts.quota = (double)pp_cpu_quota() / 1000;
  return facts;
}

void pp_report_write(const pp_run *run, pp_output *out, int columns) {
  pp_report_facts facts = pp_report_look(run);
  pp_report_write_of(run, &facts, out, columns);
}

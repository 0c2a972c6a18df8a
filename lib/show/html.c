/* SPDX-License-Identifier: MIT */
/* html.c: the run as JSON, in the page's midst. web/trace.js reads it, and says what each field is. */
#include "show/html.h"

#include <ppar/schedule.h>
#include <ppar/version.h>

#include "schedule/tuning.h"
#include "show/bins.h"
#include "show/chosen.h"
#include "show/merged.h"
#include "show/page.h"

/* --- Fields ------------------------------------------------------------------------------------------------- */

static void text_field(pp_output *out, const char *name, const char *value) {
  pp_putf(out, "\"%s\":\"", name);
  pp_put_json_in_html(out, value != NULL ? value : "");
  pp_put(out, "\",");
}

static void field(pp_output *out, const char *name, uint64_t value) {
  pp_putf(out, "\"%s\":%llu,", name, (unsigned long long)value);
}

static void flag(pp_output *out, const char *name, bool value) {
  pp_putf(out, "\"%s\":%s,", name, value ? "true" : "false");
}

/* The last thing in an object: all others have a comma behind them. */
static void close_object(pp_output *out) { pp_put(out, "\"end_\":0}"); }

/* --- Places ------------------------------------------------------------------------------------------------- */

static void put_site(pp_output *out, const pp_run_site *site) {
  static const struct {
    const char *name;
    pp_sum sum;
  } sums[] = {{"calls", PP_SUM_CALLS},       {"iterations", PP_SUM_ITERATIONS}, {"wall", PP_SUM_WALL},
              {"capacity", PP_SUM_CAPACITY}, {"slots", PP_SUM_SLOTS},           {"had", PP_SUM_HAD},
              {"alone", PP_SUM_ALONE},       {"allWall", PP_SUM_ALL_WALL},      {"chunks", PP_SUM_CHUNKS},
              {"steals", PP_SUM_STEALS},     {"start", PP_SUM_START},           {"busy", PP_SUM_BUSY},
              {"waited", PP_SUM_WAITED},     {"ending", PP_SUM_ENDING},         {"there", PP_SUM_THERE}};
  pp_put(out, "{");
  text_field(out, "title", site->title);
  text_field(out, "where", site->where);
  text_field(out, "kind", pp_run_kind_text(site->kind));
  for (size_t s = 0; s < sizeof sums / sizeof sums[0]; s++) field(out, sums[s].name, site->sum[sums[s].sum]);
  field(out, "shortest", site->shortest_call);
  field(out, "longest", site->longest_call);
  close_object(out);
}

static void put_sites(const pp_run *run, pp_output *out) {
  const char *before = "";
  pp_put(out, "\"sites\":[");
  for (uint32_t s = 0; s < run->site_count; s++) {
    if (run->sites[s].sum[PP_SUM_CALLS] == 0) continue;
    pp_put(out, before);
    put_site(out, &run->sites[s]);
    before = ",\n";
  }
  pp_put(out, "],\n");
}

static void put_threads(const pp_run *run, pp_output *out) {
  pp_put(out, "\"threads\":[");
  for (uint32_t t = 0; t < run->thread_count; t++) {
    pp_put(out, t != 0 ? ",{" : "{");
    text_field(out, "name", run->threads[t].name);
    field(out, "lost", run->threads[t].lost);
    close_object(out);
  }
  pp_put(out, "],\n");
}

/* --- Loops -------------------------------------------------------------------------------------------------- */

typedef struct putting {
  pp_output *out;
  const char *before;
  uint64_t from; /* Times are counted from then. */
} putting;

/* Something that began before the loop did has a time below 0. */
static void put_time(pp_output *out, uint64_t time, uint64_t from) {
  pp_put_signed(out, (int64_t)(time - from));
  pp_put_char(out, ',');
}

static void put_merged(const pp_merged *merged, void *context) {
  static const char *const kinds[PP_EVENT_KINDS] = {
      [PP_EVENT_CHUNK] = "chunk",
      [PP_EVENT_MEMBER] = "member",
      [PP_EVENT_TASK] = "task",
      [PP_EVENT_BARRIER] = "barrier",
      [PP_EVENT_CRITICAL_WAIT] = "critical wait",
      [PP_EVENT_CRITICAL] = "critical",
      [PP_EVENT_ORDERED_WAIT] = "ordered wait",
      [PP_EVENT_ORDERED] = "ordered",
      [PP_EVENT_WAIT] = "wait",
      [PP_EVENT_PARK] = "park",
      [PP_EVENT_STEAL] = "steal",
      [PP_EVENT_HAND_BACK] = "hand back",
      [PP_EVENT_WAKE] = "wake",
      [PP_EVENT_CANCEL] = "cancel",
  };
  putting *p = context;
  const char *kind = merged->is_elsewhere ? "elsewhere" : kinds[merged->kind];
  bool is_task = merged->kind == PP_EVENT_TASK; /* Its function's address says nothing to a page. */
  if (kind == NULL) return;
  pp_putf(p->out, "%s[%u,\"%s\",", p->before, merged->thread, kind);
  put_time(p->out, merged->begin, p->from);
  put_time(p->out, merged->end, p->from);
  pp_putf(p->out, "%llu,%llu,%llu,%llu,%llu,%u,%u]", (unsigned long long)merged->ns, (unsigned long long)merged->spans,
          (unsigned long long)(is_task ? 0 : merged->first), (unsigned long long)(is_task ? 0 : merged->past),
          (unsigned long long)merged->count, (unsigned)merged->slot, (unsigned)merged->flags);
  p->before = ",\n";
}

static void put_bins(const pp_bins *bins, pp_output *out) {
  field(out, "binWidth", bins->width);
  field(out, "binsSeen", bins->seen);
  pp_put(out, "\"bins\":[");
  for (uint64_t b = 0; b < bins->count; b++) {
    const pp_bin *bin = &bins->bin[b];
    uint64_t left = bins->iterations - b * bins->width, size = left < bins->width ? left : bins->width;
    if (b != 0) pp_put_char(out, ',');
    if (bin->seen == 0) {
      pp_put(out, "null");
    } else {
      pp_put_real(out, bin->ns * ((double)size / (double)bin->seen), 1);
    }
  }
  pp_put(out, "],\n\"owners\":[");
  for (uint64_t b = 0; b < bins->count; b++) {
    if (b != 0) pp_put_char(out, ',');
    pp_put_signed(out, bins->bin[b].owner);
  }
  pp_put(out, "],\n");
}

static const char *schedule_word(const pp_construct *construct) {
  switch (construct->schedule_kind) {
    case PPAR_SCHEDULE_STATIC: return "static";
    case PPAR_SCHEDULE_DYNAMIC: return "dynamic";
    case PPAR_SCHEDULE_GUIDED: return "guided";
    default: return "auto";
  }
}

static void put_how(const pp_run_construct *construct, pp_output *out) {
  const pp_construct *what = &construct->what;
  char text[PP_RUN_SCHEDULE];
  text_field(out, "title", construct->site->title);
  text_field(out, "where", construct->site->where);
  text_field(out, "kind", pp_run_kind_text((pp_construct_kind)what->kind));
  text_field(out, "schedule", pp_run_schedule_text(what, text));
  text_field(out, "scheduleKind", schedule_word(what));
  field(out, "chunk", what->chunk);
  field(out, "slots", what->slots);
  field(out, "asked", what->asked);
  field(out, "had", what->had);
  flag(out, "alone", (what->how & PP_HOW_ALONE) != 0);
  flag(out, "blocks", (what->how & PP_HOW_BLOCKS) != 0);
  flag(out, "byCounter", (what->how & PP_HOW_BY_COUNTER) != 0);
  field(out, "count", what->count);
  pp_putf(out, "\"index\":%lld,\"step\":%lld,\"status\":%d,", (long long)what->index, (long long)what->step,
          (int)what->status);
  field(out, "thread", construct->thread);
  field(out, "begin", what->begin);
  field(out, "wall", what->end - what->begin);
  flag(out, "isComplete", construct->is_complete);
  flag(out, "hasEnded", construct->has_ended);
}

static void put_loop(const pp_run *run, const pp_run_construct *construct, pp_output *out) {
  const pp_construct *what = &construct->what;
  pp_run_spans spans = pp_run_collect(run, what->number, true, what->begin, what->end);
  uint64_t wall = what->end - what->begin, least = wall / PP_HTML_SPANS * (run->thread_count + UINT64_C(1));
  putting p = {out, "", what->begin};
  pp_bins bins = pp_bins_of(run, what, &spans);
  uint64_t merged;
  pp_put(out, "{");
  put_how(construct, out);
  put_bins(&bins, out);
  pp_put(out, "\"spans\":[\n");
  merged = pp_merge(what, &spans, spans.count > PP_HTML_SPANS ? least : 0, put_merged, &p);
  pp_put(out, "],\n");
  field(out, "merged", merged);
  field(out, "mergedBelow", merged != 0 ? least : 0);
  close_object(out);
}

static void put_run(const pp_run *run, pp_output *out) {
  pp_chosen chosen = pp_run_choose(run, PP_HTML_LOOPS);
  pp_put(out, "{\"ppar\":\"" PPAR_VERSION_STRING "\",\"trace\":{");
  field(out, "signal", (uint64_t)run->signal);
  field(out, "wall", run->end);
  field(out, "lostEvents", run->lost_events);
  field(out, "lostConstructs", run->lost_constructs);
  field(out, "lostThreads", run->lost_threads);
  field(out, "leftOut", chosen.left_out);
  put_threads(run, out);
  put_sites(run, out);
  pp_put(out, "\"loops\":[");
  for (uint32_t k = 0; k < chosen.count; k++) {
    if (k != 0) pp_put(out, ",\n");
    put_loop(run, chosen.construct[k], out);
  }
  pp_put(out, "],");
  close_object(out);
  pp_put(out, "}");
}

void pp_html_write(const pp_run *run, pp_output *out) {
  pp_put_bytes(out, pp_page_before, pp_page_before_size);
  put_run(run, out);
  pp_put_bytes(out, pp_page_after, pp_page_after_size);
}

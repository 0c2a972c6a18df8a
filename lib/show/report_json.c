/* SPDX-License-Identifier: MIT */
/* report_json.c: the report for programs. */
#include "show/report_json.h"

#include "show/advice.h"
#include "show/how.h"
#include "show/loss.h"

enum { TEXT_SIZE = 512 };

static void put_text(pp_output *out, const char *name, const char *text) {
  pp_putf(out, ",\n   \"%s\": \"", name);
  pp_put_json(out, text);
  pp_put_char(out, '"');
}

static void put_count(pp_output *out, const char *name, double count) {
  pp_putf(out, ",\n   \"%s\": %.0f", name, count);
}
static void put_real(pp_output *out, const char *name, double number) {
  pp_putf(out, ",\n   \"%s\": %.4f", name, number);
}
static void put_ms(pp_output *out, const char *name, double ns) { pp_putf(out, ",\n   \"%s\": %.6f", name, ns / 1e6); }

static void put_schedule(pp_output *out, const pp_run_site *site) {
  char schedule[PP_RUN_SCHEDULE], how[PP_HOW_SIZE];
  pp_construct asked = {
      .schedule_kind = site->schedule_kind, .schedule_order = site->schedule_order, .chunk = site->chunk};
  if (site->kind == PP_CONSTRUCT_LOOP || site->kind == PP_CONSTRUCT_REDUCE || site->kind == PP_CONSTRUCT_PRANGE) {
    put_text(out, "schedule", site->has_schedule ? pp_run_schedule_text(&asked, schedule) : "");
    pp_putf(out, ",\n   \"schedules_differ\": %s", site->schedules_differ ? "true" : "false");
  }
  put_text(out, "how", pp_how_text(site->how, how));
}

static void put_place(pp_output *out, pp_loss *loss, bool is_first) {
  const pp_run_site *site = loss->site;
  char text[TEXT_SIZE];
  pp_output words = pp_output_to(-1, text, sizeof text);
  const char *rule = pp_advice_put(&words, loss);
  (void)pp_output_end(&words);
  pp_putf(out, "%s\n  {\"kind\": \"%s\"", is_first ? "" : ",",
          site->kind != 0 ? pp_run_kind_text(site->kind) : "other");
  put_text(out, "name", site->title);
  put_text(out, "where", site->where);
  put_count(out, "calls", loss->calls);
  put_count(out, "iterations", loss->iterations);
  put_count(out, "chunks", loss->chunks);
  put_count(out, "steals", loss->steals);
  put_count(out, "at_once", loss->at_once);
  put_real(out, "threads_asked", loss->asked);
  put_real(out, "threads", loss->threads);
  put_real(out, "threads_had", loss->had);
  put_count(out, "calls_alone", loss->alone);
  put_count(out, "calls_level_limit", loss->level);
  put_count(out, "calls_fewer_threads", loss->fewer);
  put_schedule(out, site);
  put_ms(out, "wall_ms", loss->wall);
  put_ms(out, "shortest_call_ms", (double)site->shortest_call);
  put_ms(out, "longest_call_ms", (double)site->longest_call);
  put_ms(out, "work_ms", loss->work);
  put_real(out, "speedup", pp_loss_speedup(loss));
  put_real(out, "inside", loss->inside);
  put_ms(out, "start_ms", loss->start);
  put_ms(out, "imbalance_ms", loss->imbalance);
  put_ms(out, "waiting_ms", loss->waiting);
  put_ms(out, "waiting_at_barriers_ms", loss->at_barrier);
  put_ms(out, "waiting_for_critical_ms", loss->at_critical);
  put_ms(out, "waiting_for_turns_ms", loss->at_turn);
  put_ms(out, "overhead_ms", loss->overhead);
  put_ms(out, "lost_ms", loss->gain);
  put_text(out, "advice", text);
  put_text(out, "advice_rule", rule);
  pp_put_char(out, '}');
}

static void put_cpus(pp_output *out, const pp_report_facts *facts) {
  if (facts->cpus == 0) {
    pp_put(out, " \"cpus\": null,\n");
    return;
  }
  pp_putf(out, " \"cpus\": {\"usable\": %d, \"affinity\": %d, \"machine\": %d, \"quota\": ", facts->cpus,
          facts->affinity, facts->machine);
  if (facts->quota > 0) {
    pp_put_real(out, facts->quota, 3);
  } else {
    pp_put(out, "null");
  }
  pp_put(out, "},\n");
}

void pp_report_write_json_of(const pp_run *run, const pp_report_facts *facts, pp_output *out) {
  pp_losses losses = pp_losses_of(run);
  pp_put(out, "{\n");
  pp_putf(out, " \"run_ms\": %.6f,\n \"wall_ms\": %.6f,\n \"lost_ms\": %.6f,\n", (double)run->end / 1e6,
          losses.wall / 1e6, losses.gain / 1e6);
  put_cpus(out, facts);
  pp_putf(out, " \"signal\": %d,\n \"lost_threads\": %u,\n \"places\": [", run->signal, run->lost_threads);
  for (uint32_t k = 0; k < losses.count; k++) {
    losses.loss[k].cpus = facts->cpus;
    put_place(out, &losses.loss[k], k == 0);
  }
  pp_put(out, "\n ]\n}\n");
}

void pp_report_write_json(const pp_run *run, pp_output *out) {
  pp_report_facts facts = pp_report_look(run);
  pp_report_write_json_of(run, &facts, out);
}

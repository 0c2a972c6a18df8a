/* SPDX-License-Identifier: MIT */
/* outlook_files.c: forecasts for programs: csv and json. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "simulate/forecast.h"

/* A field of csv: a name may hold a comma, a file's name even a quotation mark. */
static void print_quoted(const char *text) {
  putchar('"');
  for (; *text != '\0'; text++) {
    if (*text == '"') putchar('"');
    putchar(*text);
  }
  putchar('"');
}

bool bench_outlook_csv(const bench_outlook *outlook) {
  const bench_overheads *o = outlook->overheads;
  printf("# ppar_bench: " BENCH_VERSION "\n# overheads: %s\n", outlook->source);
  printf("# locked_ns: %.6g\n# transfer_ns: %.6g\n# claim_ns: %.6g\n# fork_join_ns: %.6g\n# call_ns: %.6g\n", o->locked,
         o->transfer, o->claim, o->fork_join, o->call);
  printf("loop,iterations,threads,schedule,by,total_ns,ideal_ns,predicted_ns,efficiency,imbalance,best,measured_ns\n");
  for (size_t f = 0; f < outlook->count; f++) {
    const bench_forecast *forecast = &outlook->forecasts[f];
    for (size_t p = 0; p < bench_plan_count; p++) {
      const bench_prediction *prediction = &forecast->predictions[p];
      print_quoted(forecast->loop);
      printf(",%llu,%u,\"%s\",%s,%.6g,%.6g,%.6g,%.6g,%.6g,%s,", (unsigned long long)forecast->iterations,
             forecast->threads, bench_plans[p].name, bench_sharing_text(bench_plans[p].sharing), forecast->total,
             forecast->ideal, prediction->time, prediction->efficiency, prediction->imbalance,
             p == forecast->best ? "yes" : "no");
      if (!isnan(forecast->measured[p])) printf("%.6g", forecast->measured[p]);
      printf("\n");
    }
  }
  return fflush(stdout) == 0 && !ferror(stdout);
}

/* JSON has no NaN. */
static json_t *number(double value) { return isfinite(value) ? json_real(value) : json_null(); }

/* The name of a file need not be UTF-8. */
static json_t *text(const char *name) {
  json_t *string = json_string(name);
  return string != NULL ? string : json_null();
}

static json_t *forecast_object(const bench_forecast *forecast) {
  json_t *rows = json_array();
  for (size_t p = 0; p < bench_plan_count; p++) {
    const bench_prediction *prediction = &forecast->predictions[p];
    json_array_append_new(rows, json_pack("{s:s, s:s, s:f, s:f, s:f, s:b, s:o}", "schedule", bench_plans[p].name, "by",
                                          bench_sharing_text(bench_plans[p].sharing), "predicted_ns", prediction->time,
                                          "efficiency", prediction->efficiency, "imbalance", prediction->imbalance,
                                          "best", p == forecast->best, "measured_ns", number(forecast->measured[p])));
  }
  return json_pack("{s:o, s:I, s:f, s:f, s:o}", "loop", text(forecast->loop), "iterations",
                   (json_int_t)forecast->iterations, "total_ns", forecast->total, "ideal_ns", forecast->ideal,
                   "schedules", rows);
}

bool bench_outlook_json(const bench_outlook *outlook) {
  const bench_overheads *o = outlook->overheads;
  json_t *loops = json_array(), *whole;
  bool written;
  for (size_t f = 0; f < outlook->count; f++) json_array_append_new(loops, forecast_object(&outlook->forecasts[f]));
  whole =
      json_pack("{s:s, s:i, s:{s:s, s:f, s:f, s:f, s:f, s:f}, s:o}", "ppar_bench", BENCH_VERSION, "simulated_threads",
                (int)outlook->threads, "overheads", "source", outlook->source, "locked_ns", o->locked, "transfer_ns",
                o->transfer, "claim_ns", o->claim, "fork_join_ns", o->fork_join, "call_ns", o->call, "loops", loops);
  written = whole != NULL && json_dumpf(whole, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0;
  json_decref(whole);
  return puts("") >= 0 && fflush(stdout) == 0 && written;
}

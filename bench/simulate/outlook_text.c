/* SPDX-License-Identifier: MIT */
/* outlook_text.c: forecasts for people; at most 100 columns. */
#include <math.h>
#include <stdio.h>

#include "driver/quantity.h"
#include "simulate/forecast.h"

static void print_row(const bench_forecast *forecast, size_t p, bool measured) {
  const bench_prediction *prediction = &forecast->predictions[p];
  bench_quantity_text time = bench_time_text(prediction->time);
  printf("%s %-16s%-13s%10s%9.1f %%%11.3f%9.3f", p == forecast->best ? "*" : " ", bench_plans[p].name,
         bench_sharing_text(bench_plans[p].sharing), time.text, 100 * prediction->efficiency, prediction->imbalance,
         prediction->time / forecast->ideal);
  if (measured && !isnan(forecast->measured[p])) {
    bench_quantity_text truth = bench_time_text(forecast->measured[p]);
    printf("%11s%12.3f", truth.text, prediction->time / forecast->measured[p]);
  }
  printf("\n");
}

static void print_forecast(const bench_forecast *forecast) {
  bench_quantity_text total = bench_time_text(forecast->total), ideal = bench_time_text(forecast->ideal);
  bool measured = !isnan(forecast->measured[0]);
  printf("\n%.60s%s%s\n%llu iterations: %s on one thread; on %u at best %s\n", forecast->loop,
         forecast->about != NULL ? ": " : "", forecast->about != NULL ? forecast->about : "",
         (unsigned long long)forecast->iterations, total.text, forecast->threads, ideal.text);
  printf("  %-16s%-13s%10s%11s%11s%9s%s\n", "schedule", "by", "predicted", "efficiency", "imbalance", "/ best",
         measured ? "   measured   predicted /" : "");
  for (size_t p = 0; p < bench_plan_count; p++) print_row(forecast, p, measured);
}

bool bench_outlook_text(const bench_outlook *outlook) {
  const bench_overheads *o = outlook->overheads;
  printf("ppar_bench " BENCH_VERSION ": loops as they would run on P = %u threads with a CPU each\n", outlook->threads);
  printf("overheads, %s: a locked operation %.3g ns, a line's transfer %.3g ns, a claim\n", outlook->source, o->locked,
         o->transfer);
  printf("among others %.3g ns, fork and join of two threads %.3g ns, a body's call %.3g ns\n", o->claim, o->fork_join,
         o->call);
  for (size_t f = 0; f < outlook->count; f++) print_forecast(&outlook->forecasts[f]);
  printf(
      "\n*: the least predicted time. efficiency: the iterations' time over P times the predicted one.\n"
      "imbalance: the most that a thread spends in iterations, over the mean. Caches and memory are not\n"
      "part of the model.\n");
  return fflush(stdout) == 0 && !ferror(stdout);
}

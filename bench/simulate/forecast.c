/* SPDX-License-Identifier: MIT */
/* forecast.c: the schedules that are compared. A PPAR_BODY has one call a batch under auto and under dynamic,1 alike,
 * and both share batches in the same way: they are one model, and one row. */
#include "simulate/forecast.h"

#include <math.h>

#include "simulate/costs.h"

const bench_plan bench_plans[] = {
    {"auto, dynamic,1", BENCH_BY_AUTO, 1}, {"static", BENCH_BY_BLOCK, 0},          {"static,1", BENCH_BY_TURN, 1},
    {"static,16", BENCH_BY_TURN, 16},      {"guided,1", BENCH_BY_GUIDED, 1},       {"guided,16", BENCH_BY_GUIDED, 16},
    {"dynamic,16", BENCH_BY_RANGE, 16},    {"dynamic,256", BENCH_BY_RANGE, 256},   {"dynamic,1", BENCH_BY_COUNTER, 1},
    {"dynamic,16", BENCH_BY_COUNTER, 16},  {"dynamic,256", BENCH_BY_COUNTER, 256},
};
const size_t bench_plan_count = sizeof bench_plans / sizeof *bench_plans;
_Static_assert(sizeof bench_plans / sizeof *bench_plans <= BENCH_PLANS_MAX, "a forecast has room for all plans");

const char *bench_sharing_text(bench_sharing sharing) {
  switch (sharing) {
    case BENCH_BY_BLOCK: return "blocks";
    case BENCH_BY_TURN: return "turns";
    case BENCH_BY_COUNTER:
    case BENCH_BY_GUIDED: return "one counter";
    case BENCH_BY_RANGE:
    case BENCH_BY_AUTO: break;
  }
  return "stealing";
}

bool bench_forecast_make(bench_forecast *forecast, const bench_costs *costs, const bench_overheads *overheads) {
  bench_simulation simulation = {.costs = costs, .overheads = *overheads, .threads = forecast->threads};
  forecast->iterations = costs->count;
  forecast->total = costs->sums[costs->count];
  forecast->ideal = fmax(forecast->total / forecast->threads, bench_costs_longest(costs));
  forecast->best = 0;
  for (size_t p = 0; p < bench_plan_count; p++) {
    if (!bench_simulate(&simulation, &bench_plans[p], &forecast->predictions[p])) return false;
    forecast->measured[p] = NAN;
    if (forecast->predictions[p].time < forecast->predictions[forecast->best].time) forecast->best = p;
  }
  return true;
}

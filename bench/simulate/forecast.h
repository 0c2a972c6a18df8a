/* SPDX-License-Identifier: MIT */
/* forecast.h: predictions for one loop under every schedule, and their output. */
#ifndef BENCH_FORECAST_H
#define BENCH_FORECAST_H

#include <stdio.h>

#include "simulate/simulator.h"

enum { BENCH_PLANS_MAX = 16 };

/* All there is to compare, the ones that need no tuning first. */
extern const bench_plan bench_plans[];
extern const size_t bench_plan_count;

/* "one counter" and the like. */
const char *bench_sharing_text(bench_sharing sharing);

typedef struct bench_forecast {
  const char *loop;  /* a shape's name, or a file's */
  const char *about; /* in a few words; NULL: of a file */
  uint64_t iterations;
  double total, ideal; /* ns on one thread; no schedule takes less than ideal */
  uint32_t threads;
  bench_prediction predictions[BENCH_PLANS_MAX];
  double measured[BENCH_PLANS_MAX]; /* ns; NaN where the machine has too few CPUs, or the costs are a file's */
  size_t best;                      /* of least predicted time; among equals the first */
} bench_forecast;

/* What all forecasts of one output have in common. */
typedef struct bench_outlook {
  const bench_overheads *overheads;
  const char *source; /* where they are from */
  uint32_t threads;
  const bench_forecast *forecasts;
  size_t count;
} bench_outlook;

/* False when there is no memory. Leaves `measured` without a value. */
bool bench_forecast_make(bench_forecast *forecast, const bench_costs *costs, const bench_overheads *overheads);

/* Each writes to standard output; false when that fails. */
bool bench_outlook_text(const bench_outlook *outlook);
bool bench_outlook_csv(const bench_outlook *outlook);
bool bench_outlook_json(const bench_outlook *outlook);

#endif
